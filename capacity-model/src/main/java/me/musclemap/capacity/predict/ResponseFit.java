package me.musclemap.capacity.predict;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.measure.Window.Latency;
import me.musclemap.capacity.regression.Nnls;

/**
 * Response times where a record keeps no latency log of its windows ({@link MeasuredTimes} where it does): as measured = a delay that no load changes (network, disk, threads) + a stretch of what sharing the cores
 * alone would give + a wait in line that a small request suffers as much as a large one; all three fitted to the windows and
 * none below zero, for the mean and each percentile apart.
 *
 * <p>Immutable by agreement: the arrays are not to be changed.
 *
 * @param calibration by quantity
 * @param draws by draw and quantity
 * @param strays by draw and quantity: what one window strays by, as a factor
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
record ResponseFit(Calibration[] calibration, Calibration[][] draws, double[][] strays) implements ResponseModel {
    /** Delay in seconds, stretch and wait as factors. */
    public record Calibration(double delaySeconds, double stretch, double waitFactor) {
        double seconds(Pure pure) {
            return delaySeconds + stretch * pure.sharedSeconds() + waitFactor * pure.waitSeconds();
        }
    }

    /** What cores alone would do to a quantity, if shared evenly and if taken in turn. */
    record Pure(double sharedSeconds, double waitSeconds) {
        static Pure of(ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
            var sharing = ProcessorSharing.of(model, mix, Math.min(utilisation, UTILISATION_MAX), cores);
            return new Pure(quantity.of(sharing), quantity.waitSeconds(sharing));
        }
    }

    private static final int WINDOWS_MIN = 3;

    /** With so many requests beyond a percentile, half of its scatter is no longer chance. */
    private static final double STEADY_COUNT = 10;

    private static final int ROUNDS = 4;
    private static final double LEAST_RATIO = 0.1;

    /** Fits the windows of the demand fit that have a distribution; empty when fewer than three do. */
    static Optional<ResponseModel> of(DemandFit demand, FittedMix mixes, long seed) {
        List<Observation> rows = demand.selection().loaded().stream()
                .filter(o -> latency(o).isPresent() && o.utilisation() < UTILISATION_MAX)
                .toList();
        if (rows.size() < WINDOWS_MIN) {
            return Optional.empty();
        }
        ResponseQuantity[] quantities = ResponseQuantity.values();
        int draws = demand.draws().size();
        var calibration = new Calibration[quantities.length];
        var drawn = new Calibration[draws][quantities.length];
        var stray = new double[draws][quantities.length];
        var random = new SplittableRandom(seed ^ 0x7e5);
        for (ResponseQuantity quantity : quantities) {
            int q = quantity.index();
            var pure = new Pure[rows.size()];
            double[] measured = new double[rows.size()];
            double[] weight = new double[rows.size()];
            for (int r = 0; r < pure.length; r++) {
                Observation o = rows.get(r);
                pure[r] = Pure.of(
                        quantity,
                        demand.model(),
                        mixes.of(o),
                        o.utilisation(),
                        o.window().cores());
                measured[r] = quantity.of(latency(o).orElseThrow());
                double beyond =
                        quantity.shareBeyond() * latency(o).orElseThrow().count();
                weight[r] = beyond / (beyond + STEADY_COUNT);
            }
            calibration[q] = calibrate(pure, measured, weight);
            double inflate = Math.sqrt((double) pure.length / Math.max(1, pure.length - 3));
            double[] ratio = new double[pure.length];
            for (int r = 0; r < pure.length; r++) {
                ratio[r] = inflate * (measured[r] / calibration[q].seconds(pure[r]) - 1);
            }
            for (int d = 0; d < draws; d++) {
                double[] redrawn = new double[pure.length];
                for (int r = 0; r < pure.length; r++) {
                    double sign = random.nextBoolean() ? 1 : -1;
                    redrawn[r] = calibration[q].seconds(pure[r]) * Math.max(LEAST_RATIO, 1 + sign * ratio[r]);
                }
                drawn[d][q] = calibrate(pure, redrawn, weight);
                // Not mirrored: a window strays further up than down.
                stray[d][q] = Math.max(LEAST_RATIO, 1 + ratio[random.nextInt(pure.length)]);
            }
        }
        return Optional.of(new ResponseFit(calibration, drawn, stray));
    }

    /** What one user of the server waits: from the send, without what the generator was late by. */
    static Optional<Latency> latency(Observation o) {
        return o.window().service().filter(l -> l.count() > 0 && l.mean() > 0);
    }

    /** Least squares of the error relative to what is fitted, so that the fit lies in the mean of what was measured. */
    private static Calibration calibrate(Pure[] pure, double[] measured, double[] weight) {
        double[] scale = measured.clone();
        var calibration = new Calibration(0, 0, 0);
        for (int round = 0; round < ROUNDS; round++) {
            double[][] matrix = new double[pure.length][];
            double[] right = new double[pure.length];
            for (int r = 0; r < pure.length; r++) {
                matrix[r] =
                        new double[] {1 / scale[r], pure[r].sharedSeconds() / scale[r], pure[r].waitSeconds() / scale[r]
                        };
                right[r] = measured[r] / scale[r];
            }
            double[] fitted = Nnls.fit(matrix, right, weight).coefficients();
            calibration = new Calibration(fitted[0], fitted[1], fitted[2]);
            for (int r = 0; r < pure.length; r++) {
                scale[r] = Math.max(calibration.seconds(pure[r]), 1e-9);
            }
        }
        return calibration;
    }

    @Override
    public double seconds(
            ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        return calibration[quantity.index()].seconds(Pure.of(quantity, model, mix, utilisation, cores));
    }

    @Override
    public double stray(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        return strays[draw][quantity.index()];
    }

    @Override
    public Optional<Stretch> stretch(ResponseQuantity quantity, DemandModel model, TrafficMix mix, double cores) {
        return Optional.empty();
    }

    @Override
    public double seconds(
            int draw, ResponseQuantity quantity, DemandModel model, TrafficMix mix, double utilisation, double cores) {
        return draws[draw][quantity.index()].seconds(Pure.of(quantity, model, mix, utilisation, cores));
    }

    /** The windows' mixes as they were driven. */
    interface FittedMix {
        /** The mix of one window. */
        TrafficMix of(Observation observation);
    }
}
