package me.musclemap.capacity.fit;

import java.util.List;
import java.util.Optional;
import me.musclemap.capacity.measure.RunRecord;

/**
 * What the same work costs more while the other cores work too: cores that are threads of one, or share its caches, are less
 * than so many cores. A request of CPU time d on idle neighbours costs d (1 + (ratio - 1) share), where share is that of its
 * own busy time in which the neighbour is busy. Costs that were fitted hold a share already, and are corrected for it.
 *
 * <p>Neighbours are any two of the cores: that the scheduler of the target keeps two requests off one pair as long as another
 * is free is not counted on.
 *
 * @param ratio CPU time beside a busy neighbour over that beside an idle one, from 1; 1 where the cores do not mind
 * @param fittedShare the share that was busy while costs were fitted, 0 to 1
 * @param fittedCores costs are as fitted on up to so many cores; infinite where nothing is known of a second one
 */
public record SecondCore(double ratio, double fittedShare, double fittedCores) {
    /** Nothing is known: cores are as good as the assumption that they are alike. */
    public static final SecondCore NOT_MEASURED = new SecondCore(1, 0, Double.POSITIVE_INFINITY);

    private static final int SERVERS_MAX = 200;

    public SecondCore {
        if (!(ratio >= 1) || !(fittedShare >= 0 && fittedShare <= 1) || !(fittedCores > 0)) {
            throw new IllegalArgumentException("second core: ratio " + ratio + " must be 1 or more, share "
                    + fittedShare + " 0 to 1, cores " + fittedCores + " above 0");
        }
    }

    /** Of costs that were fitted to these windows; without a figure the ratio is 1. */
    static SecondCore of(RunRecord run, double fittedShare, Optional<RunRecord.CoreRatio> ratio) {
        return new SecondCore(
                ratio.map(r -> Math.max(1, r.ratio())).orElse(1.0),
                fittedShare,
                run.cpu().cores() / (1 - run.usualSteal().orElse(0.0)));
    }

    /** The share of its busy time in which the system had a busy neighbour in these windows. */
    static double fittedShare(RunRecord run, List<Observation> loaded) {
        double busy = 0;
        double beside = 0;
        for (Observation o : loaded) {
            double cores = o.utilisation() * o.window().cores();
            busy += cores;
            beside += cores * neighbour(run, o);
        }
        return busy > 0 ? Math.min(1, beside / busy) : 0;
    }

    /** On one core it is the generator's; of several, another one of them. */
    private static double neighbour(RunRecord run, Observation o) {
        return run.cpu().cores() > 1
                ? share(o.utilisation(), run.cpu().cores())
                : GeneratorCost.busyCores(o).orElse(0);
    }

    /** Whether costs on so many cores are other than those that were fitted. */
    public boolean applies(double cores) {
        return cores > fittedCores && cores > 1 && ratio > 1;
    }

    /** What costs are multiplied by on so many cores that are so busy; rising in both. */
    public double factor(double utilisation, double cores) {
        return applies(cores) ? (1 + (ratio - 1) * share(utilisation, cores)) / (1 + (ratio - 1) * fittedShare) : 1;
    }

    /** The same where the share was another. */
    public SecondCore fittedAt(double share) {
        return new SecondCore(ratio, share, fittedCores);
    }

    /** The same where the ratio is another. */
    public SecondCore with(double otherRatio) {
        return new SecondCore(otherRatio, fittedShare, fittedCores);
    }

    /**
     * The share of a core's busy time in which a certain other one is busy too. Work that waits for any free core keeps them
     * busy at the same time more often than chance would: on two cores 2u / (1 + u).
     *
     * <p>Source: the number of busy servers in M/M/m, Kleinrock, Queueing Systems I (1975), section 3.4.
     *
     * @param utilisation of the cores; above 1 they are always busy
     */
    public static double share(double utilisation, double cores) {
        if (!(utilisation > 0) || cores <= 1) {
            return 0;
        }
        if (utilisation >= 1) {
            return 1;
        }
        int servers = (int) Math.max(2, Math.round(cores));
        if (servers > SERVERS_MAX) {
            return utilisation; // so many are busy one without the other
        }
        double probability = 1;
        double busy = 0;
        double pairs = 0;
        for (int n = 1; n <= servers; n++) {
            probability *= utilisation * servers / n;
            double weight = n == servers ? probability / (1 - utilisation) : probability;
            busy += weight * n;
            pairs += weight * n * (n - 1);
        }
        return pairs / (busy * (servers - 1));
    }
}
