package me.musclemap.alerts.proofs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.CapacityAnswer.Threshold;
import me.musclemap.alerts.capacity.ExpectedCpu;
import me.musclemap.alerts.capacity.RunFacts;

/** What is shown of each alert: that it fires a little beyond its limit, and keeps quiet a little within it. */
final class Proofs {
    private static final double BEYOND = 1.05;
    private static final double WITHIN = 0.95;

    private final Map<String, List<Proof>> byAlert = new LinkedHashMap<>();
    private final CapacityAnswer capacity;
    private final RunFacts run;

    private Proofs(CapacityAnswer capacity, RunFacts run) {
        this.capacity = capacity;
        this.run = run;
    }

    /** The proofs by alert. */
    static Map<String, List<Proof>> of(CapacityAnswer capacity, RunFacts run) {
        var proofs = new Proofs(capacity, run);
        proofs.failures();
        proofs.latency();
        proofs.stations();
        proofs.capacity();
        proofs.host();
        proofs.visitors();
        proofs.monitoring();
        return proofs.byAlert;
    }

    private void show(String alert, Proof... proofs) {
        byAlert.put(alert, List.of(proofs));
    }

    private static World share(int minutes, double failing) {
        return new World(minutes).requests(50 * (1 - failing)).failing(50 * failing);
    }

    private void failures() {
        show(
                "FailuresHigh",
                share(20, 0.012).fires("1.2 % of requests fail"),
                share(20, 0.008).isQuiet("0.8 % of requests fail"),
                new World(20).requests(50).isQuiet("nothing has ever failed, so there is no series of failures"),
                new World(20).requests(0.02).failing(0.004).isQuiet("one failure at night"),
                new World(20).failing(0.1).fires("everything fails at night"),
                new World(20)
                        .requests(50)
                        .counter(
                                "graphql_server_operation_duration_seconds_count{job=\"api\","
                                        + "graphql_operation_name=\"Tips\",graphql_operation_type=\"query\",outcome=\"failed\"}",
                                1)
                        .fires("GraphQL operations fail with status 200"),
                new World(20)
                        .requests(50)
                        .with(World.requestSeries("404").rising(25, 20))
                        .isQuiet("a third of the answers is 404"));
        show(
                "FailuresCritical",
                share(20, 0.06).fires("6 % of requests fail"),
                share(20, 0.045).isQuiet("4.5 % of requests fail"));
        show(
                "ErrorBudgetBurnFast",
                share(90, 0.016).fires("1.6 % fail for an hour"),
                share(90, 0.013).isQuiet("1.3 % fail for an hour"),
                new World(90)
                        .with(World.requestSeries("200").rising(49, 60).rising(50, 30))
                        .with(World.requestSeries("503").rising(1, 60).rising(0, 30))
                        .isQuiet("2 % failed, but it is over"));
        show(
                "ErrorBudgetBurnSlow",
                share(420, 0.007).fires("0.7 % fail for six hours"),
                share(420, 0.005).isQuiet("0.5 % fail for six hours"));
    }

    private void latency() {
        p99("LatencyP99High", 1);
        capacity.threshold("p99")
                .filter(Threshold::reachable)
                .ifPresent(limit -> p99("LatencyP99AboveModel", limit.critical()));
    }

    private void p99(String alert, double seconds) {
        show(
                alert,
                new World(30).answered(50, 0.985, seconds).fires("1.5 % of requests take longer than the limit"),
                new World(30).answered(50, 0.995, seconds).isQuiet("0.5 % of requests take longer than the limit"),
                new World(30).answered(1, 0.9, seconds).isQuiet("too few requests for a p99"));
    }

    private World busy(int minutes, double ratio) {
        var cpu = run.cpu();
        return new World(minutes).cpu(cpu.stations().get(0), ratio * cpu.cores());
    }

    private void stations() {
        capacity.threshold("cpuUtilisation").filter(Threshold::reachable).ifPresent(limit -> {
            cpu("CpuBusy", limit.warning());
            cpu("CpuSaturated", limit.critical());
        });
        pool("DbPoolBusy", 0.8);
        capacity.threshold("poolUtilisation")
                .filter(Threshold::reachable)
                .ifPresent(limit -> pool("DbPoolAboveModel", limit.critical()));
        capacity.threshold("poolWait").filter(Threshold::reachable).ifPresent(limit -> {
            show(
                    "DbPoolSlow",
                    waits(limit.critical() * BEYOND).fires("connections are waited for a little too long"),
                    waits(limit.critical() * WITHIN).isQuiet("connections are waited for a little less than too long"),
                    waits(0).isQuiet("nobody waits"));
        });
        String pending = "hikaricp_connections_pending{job=\"api\",instance=\"api:1\",pool=\"db\"}";
        show(
                "DbPoolWaiting",
                new World(20).gauge(pending, 2).fires("two threads wait all the time"),
                new World(20)
                        .with(InputSeries.of(pending).steady(0, 10).steady(9, 1).steady(0, 9))
                        .at(12, false, "nine threads wait for a minute"),
                new World(20).gauge(pending, 0).isQuiet("nobody waits"));
    }

    private void cpu(String alert, double ratio) {
        show(
                alert,
                busy(30, Math.min(ratio * BEYOND, 1)).fires("the cores are a little too busy"),
                busy(30, ratio * WITHIN).isQuiet("the cores are a little less than too busy"),
                busy(30, Math.min(ratio * BEYOND, 1)).at(4, false, "too busy for four minutes only"));
    }

    private void pool(String alert, double ratio) {
        show(
                alert,
                new World(20)
                        .pool(Math.min(ratio * BEYOND, 1) * 1000, 1000)
                        .fires("a little too many connections are in use"),
                new World(20).pool(ratio * WITHIN * 1000, 1000).isQuiet("a few less are in use"));
    }

    private static World waits(double seconds) {
        return new World(30)
                .counter("hikaricp_connections_acquire_seconds_sum{job=\"api\",pool=\"db\"}", 100 * seconds)
                .counter("hikaricp_connections_acquire_seconds_count{job=\"api\",pool=\"db\"}", 100);
    }

    private void capacity() {
        double safe = capacity.safeRequestsPerSecond();
        capacity.threshold("requestRate").filter(Threshold::reachable).ifPresent(limit -> {
            low(safe, limit.warning());
            double reached = limit.critical();
            show(
                    "CapacityHeadroomExhausted",
                    new World(20).requests(reached * BEYOND).fires("the load is a little above the critical rate"),
                    new World(20).requests(reached * WITHIN).isQuiet("the load is a little below the critical rate"),
                    stuck().fires("completed requests flatten, but the cores are full"));
            show(
                    "CapacityExhaustionSoon",
                    new World(60)
                            .with(ramp(safe, 0.5, 0.9))
                            .fires("the load grows and fills the capacity within the hour"),
                    new World(60).with(ramp(safe, 0.1, 0.3)).isQuiet("the load triples, far from full"),
                    new World(60).requests(0.7 * safe).isQuiet("a high load that does not grow"));
        });
        capacity.threshold("modelError")
                .ifPresent(limit -> show(
                        "CapacityModelStale",
                        seenCpu(0.5, 1 + limit.warning() * 1.1).fires("a little more CPU than the model explains"),
                        seenCpu(0.5, 1 - limit.warning() * 0.9).isQuiet("almost too little CPU for the model"),
                        seenCpu(0.1, 3).isQuiet("three times the CPU, but next to no load")));
    }

    private void low(double safe, double rate) {
        double within = safe - (safe - rate + 0.025 * safe);
        double clear = safe - (safe - rate + 0.075 * safe);
        var alarm = World.requestSeries("200")
                .rising(rate * BEYOND, 30)
                .rising(within, 30)
                .rising(clear, 30);
        show(
                "CapacityHeadroomLow",
                new World(30).requests(rate * BEYOND).fires("the load is a little above the warning rate"),
                new World(30).requests(rate * WITHIN).isQuiet("the load is a little below the warning rate"),
                new World(30).requests(rate * BEYOND).at(3, false, "above the warning rate for three minutes only"),
                new World(90)
                        .with(alarm)
                        .at(59, true, "it stays while the load has fallen by less than the hysteresis"),
                new World(90).with(alarm).at(89, false, "it clears when the load has fallen by more"));
    }

    private World stuck() {
        return busy(20, 1).requests(capacity.safeRequestsPerSecond() / 2);
    }

    private static InputSeries ramp(double safe, double from, double to) {
        var series = World.requestSeries("200");
        for (int minute = 0; minute < 60; minute++) {
            series = series.rising(safe * (from + (to - from) * minute / 60), 1);
        }
        return series;
    }

    private World seenCpu(double ofCapacity, double ofExpected) {
        double rate = capacity.safeRequestsPerSecond() * ofCapacity;
        var expected = ExpectedCpu.of(capacity);
        return busy(60, ofExpected * (expected.idleRatio() + expected.ratioPerRequestPerSecond() * rate))
                .requests(rate);
    }

    private static World disk(int minutes, double availableFrom, double lostPerDay) {
        String at = "{job=\"agent\",mountpoint=\"/\"}";
        return new World(minutes)
                .gauge("headroom_host_filesystem_bytes" + at, 1e6)
                .with(InputSeries.of("headroom_host_filesystem_available_bytes" + at)
                        .sloping(1e6 * availableFrom, -1e6 * lostPerDay / 86400, minutes));
    }

    private void host() {
        show(
                "DiskUsageHigh",
                disk(30, 0.19, 0).fires("81 % used"),
                disk(30, 0.21, 0).isQuiet("79 % used"));
        show(
                "DiskFullSoon",
                disk(480, 0.39, 0.2).fires("61 % used and a fifth more each day"),
                disk(480, 0.39, 0.05).isQuiet("61 % used and a twentieth more each day"),
                disk(480, 0.9, 0.9).isQuiet("a burst of writing on an empty disk"));
        capacity.threshold("memory")
                .filter(Threshold::reachable)
                .ifPresent(limit -> show(
                        "MemoryHigh",
                        memory(limit.critical(), BEYOND).fires("a little too much memory is taken"),
                        memory(limit.critical(), WITHIN).isQuiet("a little less is taken")));
        show(
                "HostStealHigh",
                stolen(0.025).fires("2.5 % is stolen"),
                stolen(0.015).isQuiet("1.5 % is stolen"));
    }

    private static World memory(double bytes, double times) {
        return new World(30)
                .gauge("headroom_host_memory_bytes{job=\"agent\"}", 2 * bytes)
                .gauge("headroom_host_memory_available_bytes{job=\"agent\"}", 2 * bytes - times * bytes);
    }

    private static World stolen(double ratio) {
        return new World(60)
                .gauge("headroom_host_cores{job=\"agent\"}", 2)
                .counter("headroom_host_steal_seconds_total{job=\"agent\"}", 2 * ratio);
    }

    private static World vitals(double perSecond, double notGood) {
        String series = "rum_web_vital_rating_total{job=\"rum\",metric=\"LCP\",navigation=\"navigate\",rating=\"%s\"}";
        return new World(120)
                .counter(series.formatted("good"), perSecond * (1 - notGood))
                .counter(series.formatted("poor"), perSecond * notGood);
    }

    private void visitors() {
        show(
                "WebVitalsBudgetMissed",
                vitals(0.1, 0.27).fires("27 % of visits are not good"),
                vitals(0.1, 0.23).isQuiet("23 % of visits are not good"),
                vitals(0.02, 0.5).isQuiet("half of 72 visits are not good"));
    }

    private void monitoring() {
        show("Watchdog", new World(5).gauge("up{job=\"api\"}", 1).fires("always"));
        show(
                "MetricsMissing",
                watched(1).cpu("api", 0.1).isQuiet("all is scraped"),
                watched(0).cpu("api", 0.1).fires("the API cannot be scraped"),
                watched(1).fires("the agent gives no CPU of the stations"));
        show(
                "LoadTestRunning",
                new World(10).cpu("generator", 0.3).fires("the generator works"),
                new World(10).cpu("api", 0.9).isQuiet("the API works, no generator is there"),
                new World(10).cpu("generator", 0.005).isQuiet("the generator idles"));
    }

    private static World watched(double api) {
        return new World(10)
                .gauge("up{job=\"api\"}", api)
                .gauge("up{job=\"agent\"}", 1)
                .pool(1, 10);
    }
}
