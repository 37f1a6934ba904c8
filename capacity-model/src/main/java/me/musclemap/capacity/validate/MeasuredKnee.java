package me.musclemap.capacity.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.SealedCosts;
import me.musclemap.capacity.predict.SealedPrediction;

/**
 * Where the knee in fact was, by the definition that the model predicts: the headline rate of the workload's own mix at which
 * its stations keep the cores 90 % busy, compilation left out. Held-out windows of that mix, driven up to and beyond the
 * probe's knee, give it: a line through what they used. A record without them has only the probe, whose windows were short and
 * still compiling.
 */
final class MeasuredKnee {
    /** Windows below this are too far from the knee to say where it is. */
    private static final double BUSY_MIN = 0.4;

    private static final int WINDOWS_MIN = 2;

    private MeasuredKnee() {}

    /** Empty where neither the windows nor the probe say. */
    static OptionalDouble of(RunRecord run, SealedPrediction sealed, List<Integer> usable) {
        var rates = new ArrayList<Double>();
        var busy = new ArrayList<Double>();
        for (Window window : run.windows()) {
            if (!window.mixName().equals(OWN_MIX) || !usable.contains(window.index())) {
                continue;
            }
            double rate = window.servedPerSecond();
            double used = used(run, window) - chance(run, window, sealed);
            if (used >= BUSY_MIN) {
                rates.add(rate);
                busy.add(used);
            }
        }
        OptionalDouble measured = rates.size() < WINDOWS_MIN ? OptionalDouble.empty() : crossing(rates, busy);
        return measured.isPresent()
                ? measured
                : run.probe()
                        .filter(RunRecord.Probe::reached)
                        .map(p -> OptionalDouble.of(p.kneePerSecond()))
                        .orElse(OptionalDouble.empty());
    }

    private static final String OWN_MIX = "workload";

    /** Of the cores, compilation left out. */
    private static double used(RunRecord run, Window window) {
        double seconds = 0;
        for (String station : run.cpu().stations()) {
            seconds += window.use()
                    .map(use -> use.stations().get(station))
                    .map(StationUse.Usage::steadyCpuSeconds)
                    .orElse(0.0);
        }
        return seconds / window.durationSeconds() / window.cores();
    }

    /** What the window used more because more of the dear classes came than the mix has at its rate, by the sealed costs. */
    private static double chance(RunRecord run, Window window, SealedPrediction sealed) {
        Optional<SealedPrediction.Answer> answer = sealed.answers().stream()
                .filter(a -> a.window() == window.index())
                .findFirst();
        Optional<SealedCosts> costs = sealed.costs();
        if (costs.isEmpty()
                || answer.isEmpty()
                || answer.get().ratesPerSecond().size() != run.classes().size()) {
            return 0;
        }
        double[] arrived = new double[run.classes().size()];
        double[] expected = new double[arrived.length];
        double factor = window.servedPerSecond() / answer.get().requestsPerSecond();
        for (int c = 0; c < arrived.length; c++) {
            for (String operation : run.classes().get(c).operations()) {
                arrived[c] += window.finished().getOrDefault(operation, 0L) / window.durationSeconds();
            }
            expected[c] = answer.get().ratesPerSecond().get(c) * factor;
        }
        int total = run.cpu().stations().size();
        double workouts = window.dataset().workouts();
        return costs.get().utilisation(arrived, window.cores(), workouts)[total]
                - costs.get().utilisation(expected, window.cores(), workouts)[total];
    }

    /** Where a line through the points reaches 90 %; a line through the origin and their mean where they lie too close. */
    private static OptionalDouble crossing(List<Double> rates, List<Double> busy) {
        int n = rates.size();
        double meanRate =
                rates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double meanBusy =
                busy.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double products = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            products += (rates.get(i) - meanRate) * (busy.get(i) - meanBusy);
            squares += (rates.get(i) - meanRate) * (rates.get(i) - meanRate);
        }
        double proportional = meanBusy / meanRate;
        double slope = squares > 1e-9 * meanRate * meanRate ? products / squares : proportional;
        // Windows of a few seconds scatter: a slope beyond these is chance, and the level of the points says more.
        double held = Math.max(0.6 * proportional, Math.min(1.6 * proportional, slope));
        return held > 0
                ? OptionalDouble.of(meanRate + (FittedRun.SUSTAINABLE_UTILISATION - meanBusy) / held)
                : OptionalDouble.empty();
    }
}
