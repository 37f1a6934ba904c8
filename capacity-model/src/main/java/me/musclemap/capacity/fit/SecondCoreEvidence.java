package me.musclemap.capacity.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.RunRecord.CoreRatio;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * Where the figure for a second core comes from: the system itself, driven on more cores than were fitted; else the recorder's
 * probe, which is other work; else nowhere.
 *
 * @param ratio empty where nothing is known
 * @param windows on more cores that it is from; 0 for the probe's
 */
public record SecondCoreEvidence(Source source, Optional<CoreRatio> ratio, int windows) {
    /** Fewer windows say nothing of what they scatter by. */
    private static final int WINDOWS_MIN = 3;

    /** Below this share of common time a window says nothing of what a neighbour costs. */
    private static final double SHARE_MIN = 0.1;

    /** The 95th percentile of a standard normal. */
    private static final double TAIL = 1.645;

    /** The largest ratio that is believed: two cores that are less than half of one are another fault. */
    private static final double RATIO_MAX = 4;

    /** From what. */
    public enum Source {
        DRIVEN,
        PROBE,
        NONE
    }

    /**
     * What a run says.
     *
     * @param alike costs that were fitted, as if cores did not mind each other
     * @param fittedShare the share of its busy time in which the fitted core had a busy neighbour
     * @param restartSpread relative deviation from one restart to the next: windows on more cores are of one
     */
    static SecondCoreEvidence of(
            RunRecord run, List<Observation> onMoreCores, DemandModel alike, double fittedShare, double restartSpread) {
        Optional<CoreRatio> driven = driven(run, onMoreCores, alike, fittedShare, restartSpread);
        if (driven.isPresent()) {
            return new SecondCoreEvidence(Source.DRIVEN, driven, onMoreCores.size());
        }
        return new SecondCoreEvidence(run.secondCore().isPresent() ? Source.PROBE : Source.NONE, run.secondCore(), 0);
    }

    private static Optional<CoreRatio> driven(
            RunRecord run, List<Observation> windows, DemandModel alike, double fittedShare, double restartSpread) {
        int n = windows.size();
        double[] dearer = new double[n];
        double[] shares = new double[n];
        for (int w = 0; w < n; w++) {
            Observation o = windows.get(w);
            double cores = o.window().cores();
            double[] said = alike.grownTo(o.window().dataset().workouts())
                    .at(o.ratesPerSecond(), cores)
                    .busyCores();
            dearer[w] = stack(run, o.busyCores()) / stack(run, said);
            double beside = run.cpu().stations().contains(GeneratorCost.STATION)
                    ? 0
                    : GeneratorCost.busyCores(o).orElse(0);
            shares[w] = SecondCore.share(o.utilisation() + beside / cores, cores);
        }
        double share = n == 0 ? 0 : Arrays.stream(shares).average().orElse(0);
        if (n < WINDOWS_MIN || share < SHARE_MIN) {
            return Optional.empty();
        }
        double[] sorted = dearer.clone();
        Arrays.sort(sorted);
        double middle = Quantiles.quantile(sorted, 0.5);
        double squares = 0;
        for (double each : dearer) {
            squares += (each / middle - 1) * (each / middle - 1);
        }
        double spread = Math.sqrt(squares / (n - 1) / n + restartSpread * restartSpread);
        if (!Double.isFinite(middle) || !Double.isFinite(spread)) {
            return Optional.empty(); // costs of nothing: there is nothing that could be dearer
        }
        return Optional.of(new CoreRatio(
                ratio(middle, share, fittedShare),
                ratio(middle * Math.exp(-TAIL * spread), share, fittedShare),
                ratio(middle * Math.exp(TAIL * spread), share, fittedShare)));
    }

    /** For people, the beginning of a sentence. */
    public String words() {
        return switch (source) {
            case DRIVEN ->
                "beside a busy core a request costs " + range() + " times as much (from " + windows
                        + " windows on more cores of the measured machine)";
            case PROBE ->
                "beside a busy core work costs " + range()
                        + " times as much (a probe of the measured machine; the service itself was not driven on more cores, and may mind more)";
            case NONE -> "what a busy second core costs the first was not measured: cores count as whole ones";
        };
    }

    private String range() {
        CoreRatio known = ratio.orElseThrow();
        return String.format(
                Locale.ROOT, "%.2f (%.2f–%.2f)", Math.max(1, known.ratio()), known.quantile(0.1), known.quantile(0.9));
    }

    /** The ratio at which costs that were fitted at one share are so much dearer at another. */
    private static double ratio(double dearer, double share, double fittedShare) {
        double free = share - dearer * fittedShare;
        double ratio = free > 0 ? 1 + (dearer - 1) / free : RATIO_MAX;
        return Math.max(0.1, Math.min(RATIO_MAX, ratio));
    }

    /** Cores of the stack: the rest of the machine is the lab and the host agent there. */
    private static double stack(RunRecord run, double[] busyCores) {
        double sum = 0;
        for (int s = 0; s < busyCores.length; s++) {
            sum += ForeignLoad.isRest(run.cpu().stations().get(s)) ? 0 : busyCores[s];
        }
        return sum;
    }
}
