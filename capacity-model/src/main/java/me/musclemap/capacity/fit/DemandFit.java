package me.musclemap.capacity.fit;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A fitted model and how sure it is. Immutable by agreement: the arrays are not to be changed.
 *
 * @param model the best estimate
 * @param secondCore what is known of costs on more cores
 * @param draws equally likely alternatives, from restarts and windows redrawn
 * @param lastRestart the last restart that was fitted
 * @param lastFactor what its costs are over those of all; 1 where one restart was fitted
 * @param lastDraws equally likely alternatives of its costs, from its windows redrawn
 * @param restartSpread relative deviation of costs from restart to restart, less what single windows explain of it; 0 where it
 *     is not known
 * @param restartEffects by restart, by what share it was dearer than the common fit says; empty where it is not known
 * @param restartScale for each draw, what a restart to come multiplies all costs by
 * @param restartMeanScale the same for the mean over restarts to come, where the draws do not hold it: with one restart
 * @param noise for each draw, station by station, what one window of unit weight strays by
 * @param idleCores cores busy in the idle windows by station, empty without an idle window
 * @param formSpread relative spread of the costs at loads far above the fitted ones, from what the windows of highest load
 *     strayed by from a fit made without them
 * @param warmingRatio what the first fitted window paid more than the last because code was still being compiled, as a share
 *     of its CPU; 0 where the data do not say so
 * @param compilingCores cores that compiled in the last fitted windows
 * @param meetsIdle by station, whether the intercept fitted without the idle windows agrees with them
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record DemandFit(
        DemandModel model,
        SecondCoreEvidence secondCore,
        List<DemandModel> draws,
        int lastRestart,
        double lastFactor,
        List<DemandModel> lastDraws,
        double restartSpread,
        Map<Integer, Double> restartEffects,
        double[] restartScale,
        double[] restartMeanScale,
        double[][] noise,
        boolean[] identifiable,
        OptionalDouble conditionNumber,
        double[] idleCores,
        boolean[] meetsIdle,
        List<StationFit> stations,
        Selection selection,
        double rateScale,
        double jitRatio,
        double formSpread,
        double warmingRatio,
        double compilingCores) {
    public DemandFit {
        draws = List.copyOf(draws);
        lastDraws = List.copyOf(lastDraws);
        restartEffects = Map.copyOf(restartEffects);
        stations = List.copyOf(stations);
    }

    /**
     * How well one station's CPU is explained.
     *
     * @param residualCores root mean square of measured less fitted
     * @param lag1 autocorrelation of consecutive residuals, empty with fewer than four windows
     */
    public record StationFit(double residualCores, OptionalDouble lag1) {}

    /** The cores by which one window at this total rate strays from the model in a draw, by station. */
    public double[] strayCores(int draw, double totalPerSecond, double durationSeconds) {
        double[] stray = noise[draw].clone();
        double weight = DemandFitter.weight(totalPerSecond, durationSeconds, rateScale);
        for (int s = 0; s < stray.length; s++) {
            stray[s] /= weight;
        }
        return stray;
    }

    /** How cold each fitted window still was: 1 for the first of its restart, 0 for the last. */
    public Map<Integer, Double> coldness() {
        return Shape.coldness(selection.loaded());
    }

    /** Windows that the fit used, idle ones included. */
    public int windows() {
        return selection.loaded().size() + selection.idle().size();
    }
}
