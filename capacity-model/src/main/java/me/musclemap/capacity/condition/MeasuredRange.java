package me.musclemap.capacity.condition;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.predict.TrafficMix;

/** What the run has seen, against what a condition asks about. */
final class MeasuredRange {
    /** A share a tenth above the largest that was driven is still the same mix. */
    private static final double SLACK = 1.1;

    private final RunRecord run;
    private final List<Observation> loaded;
    private final double driven;
    private final boolean growthMeasured;

    /** @param growthMeasured whether the costs are known at more than one size of the data */
    MeasuredRange(RunRecord run, List<Observation> loaded, double driven, boolean growthMeasured) {
        this.run = run;
        this.loaded = loaded;
        this.driven = driven;
        this.growthMeasured = growthMeasured;
    }

    /** Whether figures at the rate asked about are not given at all. */
    boolean tooFar(NamedCondition condition) {
        return condition.requestsPerSecond() > ConditionPredictor.RANGE_FACTOR * driven
                || condition.cores()
                        > ConditionPredictor.RANGE_FACTOR * run.cpu().cores()
                || size(condition) > ConditionPredictor.RANGE_FACTOR;
    }

    /** In which respects the condition lies outside of what was measured, in words. */
    List<String> beyond(NamedCondition condition, TrafficMix mix) {
        var beyond = new ArrayList<String>();
        add(
                beyond,
                condition.requestsPerSecond() > driven,
                "extrapolated: %.0f requests/s were the most that was driven",
                driven);
        add(
                beyond,
                condition.cores() != run.cpu().cores(),
                "extrapolated: measured on %.0f core(s)",
                run.cpu().cores());
        for (int c = 0; c < run.classes().size(); c++) {
            double asked = mix.perRequest()[c];
            double most = largestShare(c);
            add(
                    beyond,
                    asked > SLACK * most,
                    "extrapolated: class " + run.classes().get(c).name()
                            + " is %.3f of the mix, at most %.3f was driven",
                    asked,
                    most);
        }
        double size = size(condition);
        add(
                beyond,
                !growthMeasured && (size > 1 || size < 1),
                "extrapolated: the costs are those at %.0f users in the data; how they grow with it was not measured",
                measuredUsers());
        add(
                beyond,
                growthMeasured && size > 1,
                "extrapolated: %.0f users were the most in the data; the costs are taken to go on growing as they did",
                measuredUsers());
        add(
                beyond,
                tooFar(condition),
                "no figures at this rate: it is more than %.0f times beyond what was measured",
                ConditionPredictor.RANGE_FACTOR);
        return beyond;
    }

    private static void add(List<String> beyond, boolean is, String words, Object... figures) {
        if (is) {
            beyond.add(String.format(Locale.ROOT, words, figures));
        }
    }

    private double largestShare(int requestClass) {
        return loaded.stream()
                .filter(o -> o.headlinePerSecond() > 0)
                .mapToDouble(o -> o.ratesPerSecond()[requestClass] / o.headlinePerSecond())
                .max()
                .orElse(0);
    }

    private double measuredUsers() {
        return loaded.stream()
                .mapToDouble(o -> o.window().dataset().users())
                .max()
                .orElse(0);
    }

    /** Times as many rows as the largest data measured; 1 as measured. */
    private double size(NamedCondition condition) {
        return condition
                .dataset()
                .map(d -> measuredUsers() == 0 ? 1 : d.users() / measuredUsers())
                .orElse(1.0);
    }
}
