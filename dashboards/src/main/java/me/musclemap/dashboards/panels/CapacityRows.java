package me.musclemap.dashboards.panels;

import static me.musclemap.dashboards.panels.Facts.WINDOW;
import static me.musclemap.dashboards.panels.Facts.number;
import static me.musclemap.dashboards.panels.Panel.Kind.LINES;
import static me.musclemap.dashboards.panels.Panel.Kind.STACK;

import java.util.List;

/** How much is left, and of what. */
final class CapacityRows {
    private CapacityRows() {}

    static Row capacity(Facts facts) {
        var policy = facts.capacity().capacity().policy().requestsPerSecond();
        var slo = facts.capacity().capacity().slo().requestsPerSecond();
        return Row.of(
                "Capacity: how much is left?",
                Panel.of(
                        LINES,
                        "Load against capacity",
                        Unit.REQUESTS_PER_SECOND,
                        8,
                        8,
                        "Answered requests beside the policy capacity (lower bound, middle, upper bound) and the rate at which"
                                + " the latency objective breaks. At saturation the answered rate flattens below the line: then"
                                + " believe CPU and pool. Growing towards the line over days: plan; over minutes: shed load.",
                        Query.line("answered", facts.rate()),
                        Query.line("policy, lower bound", "vector(" + number(policy.p10()) + ")"),
                        Query.line("policy", "vector(" + number(policy.p50()) + ")"),
                        Query.line("policy, upper bound", "vector(" + number(policy.p90()) + ")"),
                        Query.line("latency objective", "vector(" + number(slo.p50()) + ")")),
                Panel.of(
                                LINES,
                                "Headroom",
                                Unit.SHARE,
                                8,
                                8,
                                "One less the share used of the limit that is used most. Below zero the load is above the safe"
                                        + " capacity. Here every request counts as one; the alert weighs them by class.",
                                Query.line("headroom", "1 - " + facts.used()))
                        .below(0, 1 - facts.warningRate() / facts.safeRate()),
                Panel.of(
                                STACK,
                                "CPU by station",
                                Unit.SHARE,
                                8,
                                8,
                                "Share of the shared cores that each station takes. The lines are the model's limits for the sum."
                                        + " The station that has grown is where to look.",
                                Query.line("{{station}}", facts.cpuByStation()))
                        .above(facts.cpuWarning(), facts.cpuCritical()));
    }

    static Row database(Facts facts) {
        return Row.of(
                "Database: does anybody wait?",
                Panel.of(
                                LINES,
                                "Connections in use",
                                Unit.SHARE,
                                6,
                                7,
                                "Of the pool's own limit. The lines are what the model gives near the critical rate, and the"
                                        + " plan's 80 %. Full while PostgreSQL idles: look for idle transactions and locks.",
                                Query.line("{{pool}}", facts.pool()))
                        .above(facts.poolWarning(), Facts.PLANS_POOL_LIMIT),
                Panel.of(
                        LINES,
                        "Connections",
                        Unit.COUNT,
                        6,
                        7,
                        "Connections in use, idle and allowed, and threads that wait for one. Anything above zero that waits"
                                + " for long is a queue before the database.",
                        Query.line("in use", "sum(hikaricp_connections_active)"),
                        Query.line("idle", "sum(hikaricp_connections_idle)"),
                        Query.line("waiting", "sum(hikaricp_connections_pending)"),
                        Query.line("allowed", "sum(hikaricp_connections_max)")),
                Panel.of(
                        LINES,
                        "Wait for a connection, and its use",
                        Unit.SECONDS,
                        6,
                        7,
                        "Mean time until a connection is there, and mean time it is held. Longer use makes the same pool carry"
                                + " less: look for calls to others inside a transaction.",
                        Query.line(
                                "wait",
                                ratio(
                                        "hikaricp_connections_acquire_seconds_sum",
                                        "hikaricp_connections_acquire_seconds_count")),
                        Query.line(
                                "use",
                                ratio(
                                        "hikaricp_connections_usage_seconds_sum",
                                        "hikaricp_connections_usage_seconds_count"))),
                Panel.of(
                        LINES,
                        "Calls to databases, p99",
                        Unit.SECONDS,
                        6,
                        7,
                        "The slowest hundredth of calls as the API sees them. PostgreSQL up and Redis not: a statement or a"
                                + " lock. Both up: the API's own CPU.",
                        Query.line(
                                "{{db_system_name}}",
                                "histogram_quantile(0.99, sum by (le, db_system_name)"
                                        + " (rate(db_client_operation_duration_seconds_bucket" + WINDOW + ")))")));
    }

    private static String ratio(String part, String whole) {
        return "sum(rate(" + part + WINDOW + ")) / sum(rate(" + whole + WINDOW + "))";
    }

    static Row host(Facts facts) {
        return Row.of(
                "Host: memory, disk, stolen time",
                Panel.of(
                        STACK,
                        "Memory by station",
                        Unit.BYTES,
                        6,
                        7,
                        "Memory in RAM; PostgreSQL counts shared pages once a process. A steady climb is a leak.",
                        Query.line("{{station}}", "sum by (station) (headroom_station_resident_bytes)")),
                Panel.of(
                                LINES,
                                "Memory that programs hold",
                                Unit.BYTES,
                                6,
                                7,
                                "Memory of the host less what programs could still take. At the second line the kernel is near"
                                        + " ending a process.",
                                Query.line(
                                        "held",
                                        "sum(headroom_host_memory_bytes) - sum(headroom_host_memory_available_bytes)"))
                        .above(facts.limit("memory", false, 6e9), facts.limit("memory", true, 7e9)),
                Panel.of(
                                LINES,
                                "Disk use",
                                Unit.SHARE,
                                6,
                                7,
                                "Share of each file system in use; the plan's limit is 80 %. A full disk stops PostgreSQL.",
                                Query.line(
                                        "{{mountpoint}}",
                                        "1 - sum by (mountpoint) (headroom_host_filesystem_available_bytes)"
                                                + " / sum by (mountpoint) (headroom_host_filesystem_bytes)"))
                        .above(0.8, 0.9),
                Panel.of(
                        LINES,
                        "Waiting and stolen time",
                        Unit.SHARE,
                        6,
                        7,
                        "Share of time in which some task waited for a core, the disk or memory, and the share of CPU that the"
                                + " hypervisor gave to others. Above 2 % stolen no capacity number holds.",
                        Query.line(
                                "waits for a core",
                                "sum(rate(headroom_host_cpu_pressure_seconds_total" + WINDOW + "))"),
                        Query.line(
                                "waits for the disk",
                                "sum(rate(headroom_host_io_pressure_seconds_total" + WINDOW + "))"),
                        Query.line(
                                "waits for memory",
                                "sum(rate(headroom_host_memory_pressure_seconds_total" + WINDOW + "))"),
                        Query.line(
                                "stolen",
                                "sum(rate(headroom_host_steal_seconds_total" + WINDOW
                                        + ")) / sum(headroom_host_cores)")));
    }

    static Row loadTest() {
        return new Row(
                "Load test: is the generator itself well?",
                true,
                List.of(
                        Panel.of(
                                        LINES,
                                        "CPU of the load generator",
                                        Unit.CORES,
                                        12,
                                        7,
                                        "Cores that the generator uses. Above 80 % of its core it cannot keep its schedule, and"
                                                + " the run is not valid. No data: no load test runs.",
                                        Query.line(
                                                        "generator",
                                                        "sum(rate(headroom_station_cpu_seconds_total{station=\"generator\"}"
                                                                + WINDOW + "))")
                                                .sometimes())
                                .above(0.6, 0.8),
                        Panel.of(
                                LINES,
                                "Garbage collection and JIT by station",
                                Unit.CORES,
                                12,
                                7,
                                "CPU in collector and compiler threads. While the compiler still works a window is warm-up, and"
                                        + " its numbers do not count.",
                                Query.line(
                                        "{{station}}: collector",
                                        "sum by (station) (rate(headroom_station_gc_seconds_total" + WINDOW + "))"),
                                Query.line(
                                        "{{station}}: compiler",
                                        "sum by (station) (rate(headroom_station_jit_seconds_total" + WINDOW + "))"))));
    }
}
