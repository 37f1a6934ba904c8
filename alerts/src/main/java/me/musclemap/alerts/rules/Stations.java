package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.alerts.capacity.CapacityAnswer.Threshold;

/** How busy the shared cores and the database pool are. */
final class Stations {
    static final String CPU = "service:cpu_utilisation:ratio";
    static final String POOL = "service:db_pool_utilisation:ratio";
    private static final String POOL_WAIT = "service:db_pool_wait:seconds5m";

    /** The plan's limit, and that of the policy capacity. */
    static final double PLANS_POOL_LIMIT = 0.8;

    private Stations() {}

    static List<Recording> recordings(Inputs inputs) {
        var cpu = inputs.run().cpu();
        String stations = Inputs.anyOf(cpu.stations());
        return List.of(
                Recording.of(
                        "station:cpu_utilisation:ratio",
                        "sum by (station) (rate(headroom_station_cpu_seconds_total{station=~\"%s\"}[5m])) / %s"
                                .formatted(stations, Inputs.number(cpu.cores()))),
                Recording.of(CPU, "sum(station:cpu_utilisation:ratio)"),
                // Of the pool's own limit: a share of what the database would allow could never be reached.
                Recording.of(
                        POOL,
                        "clamp_max(max(sum by (job, instance, pool) (hikaricp_connections_active)"
                                + " / sum by (job, instance, pool) (hikaricp_connections_max)), 1)"),
                Recording.of(
                        POOL_WAIT,
                        "sum(rate(hikaricp_connections_acquire_seconds_sum[5m]))"
                                + " / sum(rate(hikaricp_connections_acquire_seconds_count[5m]))"));
    }

    static List<Alert> alerts(Inputs inputs, List<RuleBook.Omitted> omitted) {
        var alerts = new ArrayList<Alert>();
        inputs.capacity().threshold("cpuUtilisation").ifPresent(limit -> {
            add(alerts, omitted, limit, cpu("CpuBusy", Severity.WARNING, limit.warning(), limit, inputs));
            add(alerts, omitted, limit, cpu("CpuSaturated", Severity.CRITICAL, limit.critical(), limit, inputs));
        });
        inputs.capacity().threshold("poolUtilisation").ifPresent(limit -> {
            if (limit.critical() < PLANS_POOL_LIMIT) {
                add(alerts, omitted, limit, pool("DbPoolAboveModel", Severity.INFO, limit.critical(), 10, limit.why()));
            }
        });
        inputs.capacity().threshold("poolWait").ifPresent(limit -> add(alerts, omitted, limit, slowPool(limit)));
        alerts.add(pool(
                "DbPoolBusy",
                Severity.WARNING,
                PLANS_POOL_LIMIT,
                5,
                "the plan, 6.1; of the pool, not of the database"));
        alerts.add(waiting());
        return alerts;
    }

    private static void add(List<Alert> alerts, List<RuleBook.Omitted> omitted, Threshold limit, Alert alert) {
        if (limit.reachable()) {
            alerts.add(alert);
        } else {
            omitted.add(new RuleBook.Omitted(alert.name(), limit.why()));
        }
    }

    private static Alert cpu(String name, Severity severity, double ratio, Threshold limit, Inputs inputs) {
        var largest = inputs.capacity().capacity().largestConsumer();
        boolean critical = severity == Severity.CRITICAL;
        return new Alert(
                name,
                severity,
                CPU + " > " + Inputs.number(ratio),
                Duration.ofMinutes(critical ? 5 : 10),
                Duration.ofMinutes(10),
                "capacity",
                "The shared cores are {{ $value | humanizePercentage }} busy",
                "All stations together use more than %s of %s core(s) for %d minutes."
                        .formatted(
                                Inputs.percent(ratio),
                                Inputs.number(inputs.run().cpu().cores()),
                                critical ? 5 : 10),
                List.of(new Alert.Limit(
                        "CPU of all stations", "> " + Inputs.percent(ratio), "capacity.json: " + limit.why())),
                new Alert.Runbook(
                        "Above this utilisation waiting grows faster than load. In the calibration the largest consumer was"
                                + " %s with %s of the CPU."
                                        .formatted(largest.station(), Inputs.percent(largest.share())),
                        List.of(
                                "Utilisation by station on the dashboard: which one has grown?",
                                "Offered load against capacity: is it more load, or more CPU for the same load? For the latter"
                                        + " CapacityModelStale fires as well.",
                                "Requests by class: logins cost many times what a read costs."),
                        List.of(
                                "More load than planned: raise cache times, switch polling off, or add cores.",
                                "The API costs more per request than at calibration: look at the last deploy.",
                                "PostgreSQL costs more: look for new sequential scans and a missing vacuum.",
                                "A login storm: limit logins at the proxy.")));
    }

    private static Alert pool(String name, Severity severity, double ratio, int minutes, String source) {
        return new Alert(
                name,
                severity,
                POOL + " > " + Inputs.number(ratio),
                Duration.ofMinutes(minutes),
                Duration.ofMinutes(5),
                "database",
                "{{ $value | humanizePercentage }} of the database connections are in use",
                "A connection pool uses more than %s of its own limit.".formatted(Inputs.percent(ratio)),
                List.of(new Alert.Limit(
                        "connections in use, of the pool's limit", "> " + Inputs.percent(ratio), source)),
                POOL_RUNBOOK);
    }

    private static Alert slowPool(Threshold limit) {
        return new Alert(
                "DbPoolSlow",
                Severity.WARNING,
                POOL_WAIT + " > " + Inputs.number(limit.critical()),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                "database",
                "A request waits {{ $value | humanizeDuration }} for a database connection",
                "The mean wait for a connection is above what the model gives at the critical rate.",
                List.of(new Alert.Limit(
                        "mean wait for a connection, 5 min",
                        "> " + Inputs.brief(limit.critical()) + " s",
                        "capacity.json: " + limit.why())),
                POOL_RUNBOOK);
    }

    private static Alert waiting() {
        return new Alert(
                "DbPoolWaiting",
                Severity.WARNING,
                "min_over_time((sum(hikaricp_connections_pending))[1m:15s]) > 0",
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                "database",
                "{{ $value | humanize }} requests wait for a database connection",
                "At every look of the last two minutes some request was waiting for a connection.",
                List.of(new Alert.Limit(
                        "threads waiting for a connection",
                        "> 0 for 2 min",
                        "fixed: a pool that is large enough lets nobody wait")),
                POOL_RUNBOOK);
    }

    private static final Alert.Runbook POOL_RUNBOOK = new Alert.Runbook(
            "Requests queue for a connection before they reach the database. A larger pool helps only while the database has"
                    + " cores to spare: look before you turn it up.",
            List.of(
                    "Utilisation by station: is PostgreSQL busy, or idle with all connections held?",
                    "pg_stat_activity: states 'idle in transaction' and wait events of type Lock.",
                    "How long a connection is held (hikaricp_connections_usage_seconds)."),
            List.of(
                    "Idle in transaction: end the session, and find the code that keeps it open during a call elsewhere.",
                    "Locks: find the first holder with pg_blocking_pids and end it when it is a forgotten session.",
                    "PostgreSQL busy: it is load; see CpuSaturated.",
                    "PostgreSQL idle and no locks: raise the pool by half, and calibrate again."));
}
