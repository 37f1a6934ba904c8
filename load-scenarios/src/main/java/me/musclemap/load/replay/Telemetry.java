package me.musclemap.load.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What production's Prometheus knows of a period, window by window: requests by operation, CPU by station, latency by bucket. Read by the
 * metric names of the catalogue (telemetry-agent).
 */
final class Telemetry {
    private static final String GRAPHQL =
            "sum by (graphql_operation_name, outcome) (increase(graphql_server_operation_duration_seconds_count[$window]))";
    private static final String ROUTES = "sum by (http_request_method, http_route, http_response_status_code)"
            + " (increase(http_server_request_duration_seconds_count[$window]))";
    private static final String CPU = "sum by (station) (increase(headroom_station_cpu_seconds_total[$window]))";
    private static final String JIT = "sum by (station) (increase(headroom_station_jit_seconds_total[$window]))";
    private static final String RESIDENT = "sum by (station) (headroom_station_resident_bytes)";
    private static final String STEAL = "sum(increase(headroom_host_steal_seconds_total[$window]))";
    private static final String BUSY =
            "sum(increase(headroom_host_cpu_seconds_total{mode!~\"idle|iowait|steal\"}[$window]))";
    private static final String CORES = "max(headroom_host_cores)";
    private static final String MEMORY = "max(headroom_host_memory_bytes)";
    private static final String SOCKETS = "sum(websocket_connections)";
    private static final String BUCKETS = "sum by (le) (increase(http_server_request_duration_seconds_bucket{"
            + "http_route!~\"/metrics|/health|/api/trace/.*|/api/client-error|/api/vitals\"}[$window]))";

    private final Period period;
    private final OperationNames names;
    private final Map<String, Double> unknown = new TreeMap<>();
    private final List<Map<String, Double>> completed = new ArrayList<>();
    private final List<Map<String, Double>> failed = new ArrayList<>();
    private final List<Map<String, Double>> cpu = new ArrayList<>();
    private final List<Map<String, Double>> jit = new ArrayList<>();
    private final List<Map<String, Double>> resident = new ArrayList<>();
    private final List<Map<Double, Double>> buckets = new ArrayList<>();
    private final List<Prometheus.Series> steal;
    private final List<Prometheus.Series> busy;
    private final List<Prometheus.Series> cores;
    private final List<Prometheus.Series> memory;
    private final List<Prometheus.Series> sockets;

    Telemetry(Prometheus prometheus, Period period, OperationNames names, boolean stations) {
        this.period = period;
        this.names = names;
        for (int window = 0; window < period.windows(); window++) {
            completed.add(new TreeMap<>());
            failed.add(new TreeMap<>());
            cpu.add(new TreeMap<>());
            jit.add(new TreeMap<>());
            resident.add(new TreeMap<>());
            buckets.add(new TreeMap<>());
        }
        period.ask(prometheus, GRAPHQL).forEach(this::graphql);
        period.ask(prometheus, ROUTES).forEach(this::route);
        if (stations) {
            spread(period.ask(prometheus, CPU), "station", cpu);
            spread(period.ask(prometheus, JIT), "station", jit);
            spread(period.ask(prometheus, RESIDENT), "station", resident);
            period.ask(prometheus, BUCKETS).forEach(this::bucket);
        }
        steal = stations ? period.ask(prometheus, STEAL) : List.of();
        busy = stations ? period.ask(prometheus, BUSY) : List.of();
        cores = stations ? period.ask(prometheus, CORES) : List.of();
        memory = stations ? period.ask(prometheus, MEMORY) : List.of();
        sockets = stations ? period.ask(prometheus, SOCKETS) : List.of();
    }

    private void graphql(Prometheus.Series series) {
        var name = series.label("graphql_operation_name");
        var operation = names.graphql(name);
        boolean ok = series.label("outcome").isEmpty()
                || series.label("outcome").equals("ok")
                || series.label("outcome").equals("success");
        count(series, operation.orElse(""), "GraphQL " + name, ok);
    }

    private void route(Prometheus.Series series) {
        var route = series.label("http_route");
        // GraphQL is counted by operation; scrapes and probes are nobody's requests.
        if (route.equals(OperationNames.GRAPHQL) || route.equals("/metrics") || route.equals("/health")) {
            return;
        }
        var operation = names.rest(series.label("http_request_method"), route);
        var status = series.label("http_response_status_code");
        count(
                series,
                operation.orElse(""),
                series.label("http_request_method") + " " + route,
                status.startsWith("2") || status.startsWith("3"));
    }

    private void count(Prometheus.Series series, String operation, String otherwise, boolean ok) {
        for (int window = 0; window < period.windows(); window++) {
            double value = series.at(period.endOf(window));
            if (operation.isEmpty()) {
                unknown.merge(otherwise, value, Double::sum);
            } else if (value > 0) {
                (ok ? completed : failed).get(window).merge(operation, value, Double::sum);
            }
        }
    }

    private void spread(List<Prometheus.Series> all, String label, List<Map<String, Double>> into) {
        for (var series : all) {
            for (int window = 0; window < period.windows(); window++) {
                into.get(window).merge(series.label(label), series.at(period.endOf(window)), Double::sum);
            }
        }
    }

    private void bucket(Prometheus.Series series) {
        var bound = series.label("le");
        double upper = bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        for (int window = 0; window < period.windows(); window++) {
            buckets.get(window).merge(upper, series.at(period.endOf(window)), Double::sum);
        }
    }

    Map<String, Double> completed(int window) {
        return completed.get(window);
    }

    Map<String, Double> failed(int window) {
        return failed.get(window);
    }

    Map<String, Double> cpuSeconds(int window) {
        return cpu.get(window);
    }

    Map<String, Double> jitSeconds(int window) {
        return jit.get(window);
    }

    Map<String, Double> residentBytes(int window) {
        return resident.get(window);
    }

    /** Requests by the upper bound of their time in seconds, each count with all before it. */
    Map<Double, Double> buckets(int window) {
        return buckets.get(window);
    }

    double stealSeconds(int window) {
        return sum(steal, window);
    }

    double busySeconds(int window) {
        return sum(busy, window);
    }

    int sockets(int window) {
        return (int) Math.round(sum(sockets, window));
    }

    /** Cores of the host; 0 when nobody says. */
    int cores() {
        return (int) Math.round(largest(cores));
    }

    /** Memory of the host; 0 when nobody says. */
    long memoryBytes() {
        return Math.round(largest(memory));
    }

    /** Requests that the workload does not know, by what they are called. */
    Map<String, Double> unknown() {
        unknown.values().removeIf(count -> count < 0.5);
        return unknown;
    }

    private double sum(List<Prometheus.Series> all, int window) {
        return all.stream()
                .mapToDouble(series -> series.at(period.endOf(window)))
                .sum();
    }

    private static double largest(List<Prometheus.Series> all) {
        return all.stream()
                .flatMap(series -> series.values().values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }
}
