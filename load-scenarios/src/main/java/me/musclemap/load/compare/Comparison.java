package me.musclemap.load.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What pairs of runs say about the candidate: one primary metric decides, the others are tested beside it under Holm's correction, and
 * only as many as this number of pairs could ever reject. Immutable.
 */
record Comparison(
        List<Pair> pairs, Rule rule, Metric primary, List<Line> lines, Verdict verdict, String capacity, String where) {
    Comparison {
        pairs = List.copyOf(pairs);
        lines = List.copyOf(lines);
    }

    /** How a metric takes part. */
    enum Part {
        PRIMARY,
        SECONDARY,
        SHOWN
    }

    /**
     * One metric.
     *
     * @param base the median of the base's runs
     * @param effect how much worse the candidate is, as a logarithm
     * @param probability of the sign-flip test, one-sided
     * @param corrected the same under Holm, for the secondary ones
     */
    record Line(
            Metric metric,
            Part part,
            double base,
            double candidate,
            HodgesLehmann effect,
            double probability,
            OptionalDouble corrected,
            String finding) {
        /** candidate ÷ base - 1. */
        double change() {
            return Math.expm1(metric.worse(effect.estimate()));
        }

        double changeLow() {
            return Math.expm1(metric.isHigherBetter() ? -effect.high() : effect.low());
        }

        double changeHigh() {
            return Math.expm1(metric.isHigherBetter() ? -effect.low() : effect.high());
        }
    }

    /** The comparison that was refused before any figure was looked at. */
    static Comparison refused(Rule rule, Metric primary, String why) {
        return new Comparison(List.of(), rule, primary, List.of(), new Verdict.NotComparable(why), "", "");
    }

    /** @param deviation of a pair's log ratio of the primary metric between runs of one build; empty when unknown */
    static Comparison of(List<Pair> pairs, Rule rule, Metric primary, OptionalDouble deviation) {
        var worse = new TreeMap<Metric, double[]>();
        for (var metric : Metric.values()) {
            if (pairs.stream().allMatch(pair -> pair.values().containsKey(metric))) {
                worse.put(metric, worse(pairs, metric));
            }
        }
        if (!worse.containsKey(primary)) {
            return refused(rule, primary, lacking(pairs, primary));
        }
        var secondary = tested(worse, primary, pairs.size(), rule);
        var corrected = holm(worse, secondary);
        var lines = new ArrayList<Line>();
        worse.forEach((metric, differences) -> lines.add(line(
                pairs,
                rule,
                metric,
                differences,
                metric == primary ? Part.PRIMARY : secondary.contains(metric) ? Part.SECONDARY : Part.SHOWN,
                corrected.getOrDefault(metric, Double.NaN))));
        return new Comparison(
                pairs,
                rule,
                primary,
                lines,
                verdict(lines, worse, rule, primary, deviation),
                capacity(lines),
                where(pairs));
    }

    static double[] worse(List<Pair> pairs, Metric metric) {
        return pairs.stream()
                .map(pair -> pair.values().get(metric))
                .filter(values -> values != null)
                .mapToDouble(values -> metric.worse(values.logRatio()))
                .toArray();
    }

    private static String lacking(List<Pair> pairs, Metric primary) {
        if (primary == Metric.CAPACITY) {
            return "no capacity.json beside every run: plan them with 'headroom capacity plan RUN', or choose another --primary";
        }
        boolean matched = pairs.stream().allMatch(pair -> pair.windows() > 0);
        return matched
                ? "a run has no figures of its own for " + primary.title()
                        + " (latency.hlog, stations.ndjson): choose another --primary"
                : "a pair has no window of the same mix and rate in both runs; a calibration's ladder follows its own probe:"
                        + " compare runs of a scenario at a fixed rate, or choose --primary capacity";
    }

    /** As many secondary metrics, in their order, as the smallest possible probability leaves under Holm. */
    private static List<Metric> tested(Map<Metric, double[]> worse, Metric primary, int pairs, Rule rule) {
        int most = (int) Math.floor(rule.alpha() * Math.pow(2, pairs) + 1e-9);
        return worse.keySet().stream()
                .filter(metric -> metric != primary)
                .limit(most)
                .toList();
    }

    /** Source: S. Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scand. J. Statist. 6, 1979. */
    private static Map<Metric, Double> holm(Map<Metric, double[]> worse, List<Metric> secondary) {
        var probabilities = new TreeMap<Metric, Double>();
        for (var metric : secondary) {
            probabilities.put(metric, SignFlip.atLeast(worse.getOrDefault(metric, new double[0])));
        }
        var ordered = probabilities.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .toList();
        var corrected = new TreeMap<Metric, Double>();
        double highest = 0;
        for (int i = 0; i < ordered.size(); i++) {
            highest = Math.max(highest, Math.min(1, ordered.get(i).getValue() * (ordered.size() - i)));
            corrected.put(ordered.get(i).getKey(), highest);
        }
        return corrected;
    }

    private static Line line(List<Pair> pairs, Rule rule, Metric metric, double[] worse, Part part, double corrected) {
        var effect = rule.effect(worse);
        double probability = SignFlip.atLeast(worse);
        double base = median(pairs.stream().mapToDouble(pair -> of(pair, metric).base()));
        double candidate =
                median(pairs.stream().mapToDouble(pair -> of(pair, metric).candidate()));
        double judged = part == Part.SECONDARY ? corrected : probability;
        String finding;
        if (part == Part.SHOWN) {
            finding = "not tested: " + pairs.size() + " pairs cannot reject one more";
        } else if (effect.high() < rule.logMargin()) {
            finding = "no worse than the margin";
        } else if (judged <= rule.alpha() && effect.estimate() > rule.logMargin()) {
            finding = "worse";
        } else {
            finding = "undecided";
        }
        return new Line(
                metric,
                part,
                base,
                candidate,
                effect,
                probability,
                part == Part.SECONDARY ? OptionalDouble.of(corrected) : OptionalDouble.empty(),
                finding);
    }

    private static Pair.Values of(Pair pair, Metric metric) {
        var values = pair.values().get(metric);
        if (values == null) {
            throw new IllegalStateException("no " + metric + " in a pair that was to have it");
        }
        return values;
    }

    private static double median(java.util.stream.DoubleStream values) {
        var sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static Verdict verdict(
            List<Line> lines, Map<Metric, double[]> worse, Rule rule, Metric primary, OptionalDouble deviation) {
        var line = lines.stream()
                .filter(candidate -> candidate.part() == Part.PRIMARY)
                .findFirst()
                .orElseThrow();
        var differences = worse.getOrDefault(primary, new double[0]);
        var margin = new java.text.DecimalFormat("0.##", java.text.DecimalFormatSymbols.getInstance(Locale.ROOT))
                        .format(rule.margin() * 100)
                + " %";
        var change = change(line);
        return switch (rule.judge(differences)) {
            case NO_REGRESSION ->
                new Verdict.NoRegression("no regression: " + primary.title() + " changed by " + change
                        + ", less than the margin of " + margin);
            case REGRESSION ->
                new Verdict.Regression(String.format(
                        Locale.ROOT,
                        "regression: %s changed by %s, beyond the margin of %s (p = %.3g)",
                        primary.title(),
                        change,
                        margin,
                        line.probability()));
            case UNDECIDED ->
                differences.length < rule.fewestPairs()
                        ? new Verdict.Undecided(
                                java.util.OptionalInt.of(rule.fewestPairs() - differences.length),
                                "with " + differences.length + " even the clearest difference could be chance")
                        : new Verdict.Undecided(
                                rule.morePairs(differences, deviation),
                                primary.title() + " changed by " + change + ", the margin is " + margin);
        };
    }

    /** The change with its interval, as a person reads it. */
    static String change(Line line) {
        return Double.isInfinite(line.effect().low())
                ? String.format(Locale.ROOT, "%+.1f %%", line.change() * 100)
                : String.format(
                        Locale.ROOT,
                        "%+.1f %% (%+.1f to %+.1f)",
                        line.change() * 100,
                        line.changeLow() * 100,
                        line.changeHigh() * 100);
    }

    /** The first sentence: what the change means for how much is carried. */
    private static String capacity(List<Line> lines) {
        var planned = line(lines, Metric.CAPACITY);
        if (planned.isPresent()) {
            return "capacity " + Metric.CAPACITY.words(planned.get().base()) + " -> "
                    + Metric.CAPACITY.words(planned.get().candidate()) + ", " + change(planned.get());
        }
        var cpu = line(lines, Metric.CPU_PER_REQUEST);
        if (cpu.isPresent()) {
            return String.format(
                    Locale.ROOT,
                    "capacity about %+.1f %%, from CPU per request %s -> %s, %s",
                    (1 / (1 + cpu.get().change()) - 1) * 100,
                    Metric.CPU_PER_REQUEST.words(cpu.get().base()),
                    Metric.CPU_PER_REQUEST.words(cpu.get().candidate()),
                    change(cpu.get()));
        }
        return "capacity: not known, the runs have neither capacity.json nor stations.ndjson for these windows";
    }

    private static Optional<Line> line(List<Line> lines, Metric metric) {
        return lines.stream().filter(line -> line.metric() == metric).findFirst();
    }

    /** The station whose CPU per request rose most. */
    private static String where(List<Pair> pairs) {
        var rises = new TreeMap<String, Double>();
        for (var station : pairs.get(0).cpuByStation().keySet()) {
            if (pairs.stream().allMatch(pair -> pair.cpuByStation().containsKey(station))) {
                rises.put(
                        station,
                        pairs.stream()
                                .map(pair -> pair.cpuByStation().get(station))
                                .filter(values -> values != null)
                                .mapToDouble(values -> values.candidate() - values.base())
                                .average()
                                .orElse(0));
            }
        }
        return rises.entrySet().stream()
                .max(Comparator.comparingDouble(Map.Entry::getValue))
                .filter(most -> most.getValue() > 0)
                .map(most -> String.format(
                        Locale.ROOT,
                        "largest rise of CPU per request: %s, %+.3f ms%s",
                        most.getKey(),
                        most.getValue() * 1000,
                        spread(rises)))
                .orElse("");
    }

    private static String spread(Map<String, Double> rises) {
        double total = rises.values().stream().mapToDouble(Double::doubleValue).sum();
        return String.format(Locale.ROOT, " of %+.3f ms in all stations", total * 1000);
    }

    /** Every log ratio of the primary metric, for a person who wants to look. */
    double[] primaryDifferences() {
        return pairs.isEmpty() ? new double[0] : Arrays.copyOf(worse(pairs, primary), pairs.size());
    }
}
