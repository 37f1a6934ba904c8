package me.musclemap.load.compare;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What this machine's ledger says about a metric under the conditions of a comparison. Immutable.
 *
 * @param runs in the ledger
 * @param pairs of neighbours of one build
 * @param deviation of their log ratios
 * @param falseAlarms share of campaigns; empty with too few pairs
 */
record SelfComparison(
        Metric metric,
        int runs,
        int pairs,
        OptionalDouble deviation,
        int campaignPairs,
        OptionalDouble falseAlarms,
        OptionalInt pairsForTenPercent,
        OptionalInt pairsForTwentyPercent) {
    /** With fewer the campaigns would be the same few ratios over and over. */
    private static final int FEWEST = 6;

    private static final long SEED = 20_261_122;

    static SelfComparison of(List<Ledger.Entry> runs, Metric metric, Rule rule, int campaignPairs) {
        var ratios = Ledger.neighbours(runs, metric);
        if (ratios.length < FEWEST) {
            return new SelfComparison(
                    metric,
                    runs.size(),
                    ratios.length,
                    OptionalDouble.empty(),
                    campaignPairs,
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty());
        }
        var campaigns = new Campaigns(ratios, rule, SEED);
        int used = Math.max(campaignPairs, rule.fewestPairs());
        return new SelfComparison(
                metric,
                runs.size(),
                ratios.length,
                OptionalDouble.of(Rule.deviation(ratios)),
                used,
                OptionalDouble.of(campaigns.alarms(used, 0)),
                campaigns.pairsNeeded(0.10),
                campaigns.pairsNeeded(0.20));
    }

    boolean isMeasured() {
        return falseAlarms.isPresent();
    }

    String sentence(double alpha) {
        if (!isMeasured()) {
            return "this machine's false-alarm rate is not measured: the ledger has " + pairs
                    + " pair" + (pairs == 1 ? "" : "s") + " of runs of one build under these conditions, " + FEWEST
                    + " are needed (headroom load compare --record-aa)";
        }
        return String.format(
                Locale.ROOT,
                "false alarms on this machine: %.1f %% of %,d campaigns of %d pairs drawn from %d pairs of runs of one build"
                        + " (stated: at most %.0f %%); two runs of one build differ by %.1f %% (%s); nine in ten +10 %% are seen with"
                        + " %s, +20 %% with %s",
                falseAlarms.orElseThrow() * 100,
                Campaigns.COUNT,
                campaignPairs,
                pairs,
                alpha * 100,
                Math.expm1(deviation.orElseThrow()) * 100,
                metric.title(),
                words(pairsForTenPercent),
                words(pairsForTwentyPercent));
    }

    private static String words(OptionalInt needed) {
        return needed.isPresent() ? needed.getAsInt() + " pairs" : "more than " + Campaigns.MOST_PAIRS + " pairs";
    }
}
