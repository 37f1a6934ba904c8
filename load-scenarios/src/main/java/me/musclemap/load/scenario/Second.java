package me.musclemap.load.scenario;

/**
 * One second as the generator told it. Immutable.
 *
 * @param epochMillis when it began
 * @param window the window it lies in, or -1
 * @param offered headline requests that were due in it
 * @param p50Seconds like {@code p99Seconds}
 * @param p95Seconds like {@code p99Seconds}
 * @param p99Seconds from the intended start, of what ended in it; NaN when nothing ended
 * @param slipP99Seconds how late requests left; NaN without one
 * @param cpuRatio share of its cores that the generator used
 */
public record Second(
        long epochMillis,
        int window,
        double offered,
        double served,
        double failed,
        double p50Seconds,
        double p95Seconds,
        double p99Seconds,
        double slipP99Seconds,
        double cpuRatio,
        int inFlight,
        int sockets) {
    /** Whether it is as the objective wants it: few failures, and fast. A second in which nothing ended while something was due is not. */
    boolean isGood(Slo slo) {
        if (served + failed == 0) {
            return offered == 0;
        }
        double p99 = Double.isNaN(p99Seconds) ? 0 : p99Seconds;
        double errors = failed / (served + failed);
        return slo.objectives().stream().allMatch(objective -> switch (objective.metric()) {
            // one failure among the few requests of a second is no share worth the name
            case ERRORS -> failed <= 1 || errors < objective.limit();
            case P99, MAX -> p99 < objective.limit();
            case P50 -> Double.isNaN(p50Seconds) || p50Seconds < objective.limit();
            case P95 -> Double.isNaN(p95Seconds) || p95Seconds < objective.limit();
        });
    }
}
