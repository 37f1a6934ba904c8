package me.musclemap.load.scenario;

import java.util.List;
import java.util.Locale;

/**
 * How long it took until all was well again. Immutable.
 *
 * @param badSeconds seconds that missed the objective, from the disturbance on
 * @param failedSeconds of them, those in which requests failed
 * @param failed how many requests failed from the disturbance on
 * @param recoveredAfterSeconds from the disturbance to the first of three good seconds in a row after which at most one of the next ten is
 *     bad;
 *     NaN when that never came
 */
public record Recovery(int badSeconds, int failedSeconds, double failed, double recoveredAfterSeconds) {
    private static final int IN_A_ROW = 3;
    private static final int LOOK_AHEAD = 10;

    /** Reads it from the seconds that began at {@code disturbedEpochMillis} or later. */
    public static Recovery after(List<Second> seconds, long disturbedEpochMillis, Slo slo) {
        var after = seconds.stream()
                .filter(second -> second.epochMillis() + 1000 > disturbedEpochMillis)
                .toList();
        int bad = 0;
        int withFailures = 0;
        double failed = 0;
        for (var second : after) {
            bad += second.isGood(slo) ? 0 : 1;
            withFailures += second.failed() > 0 ? 1 : 0;
            failed += second.failed();
        }
        return new Recovery(bad, withFailures, failed, recoveredAfter(after, disturbedEpochMillis, slo));
    }

    private static double recoveredAfter(List<Second> after, long disturbed, Slo slo) {
        boolean wasBad = after.stream().anyMatch(second -> !second.isGood(slo));
        if (!wasBad) {
            return 0;
        }
        for (int from = firstBad(after, slo); from + IN_A_ROW <= after.size(); from++) {
            int end = Math.min(after.size(), from + IN_A_ROW + LOOK_AHEAD);
            boolean start = after.subList(from, from + IN_A_ROW).stream().allMatch(second -> second.isGood(slo));
            // One slow second later on is noise; two are a second fall.
            long later = after.subList(from + IN_A_ROW, end).stream()
                    .filter(second -> !second.isGood(slo))
                    .count();
            if (start && later <= 1) {
                return Math.max(0, (after.get(from).epochMillis() - disturbed) / 1000.0);
            }
        }
        return Double.NaN;
    }

    private static int firstBad(List<Second> after, Slo slo) {
        int at = 0;
        while (at < after.size() && after.get(at).isGood(slo)) {
            at++;
        }
        return at;
    }

    /** Whether all was well again before the end. */
    public boolean recovered() {
        return !Double.isNaN(recoveredAfterSeconds);
    }

    /** In words, after "it". */
    public String words() {
        if (badSeconds == 0) {
            return "no second missed the objective";
        }
        return recovered()
                ? String.format(
                        Locale.ROOT,
                        "all was well again after %.0f s (%d seconds missed the objective, %,.0f requests failed)",
                        recoveredAfterSeconds,
                        badSeconds,
                        failed)
                : String.format(
                        Locale.ROOT,
                        "it did not come back while it was watched (%d seconds missed the objective, %,.0f requests failed)",
                        badSeconds,
                        failed);
    }
}
