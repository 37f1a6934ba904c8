package me.musclemap.capacity.predict;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.regression.NotIdentifiableException;
import me.musclemap.capacity.usl.UslFit;
import me.musclemap.capacity.usl.UslModel;

/**
 * What simpler methods say from the same windows: a straight line through utilisation against the headline rate, blind to the
 * mix, and the universal scalability law through throughput against concurrency.
 *
 * @param stations one line a station, in cores
 * @param total the line through the utilisation of the shared cores
 * @param usl empty where the windows do not support it
 */
public record Baselines(List<Line> stations, Line total, Optional<UslModel> usl) {
    private static final int WINDOWS_MIN = 6;
    private static final double RANGE_MIN = 3;

    /** intercept + slope x headline requests per second. */
    public record Line(double intercept, double slope) {
        double at(double headlinePerSecond) {
            return intercept + slope * headlinePerSecond;
        }

        /** Where the line reaches a level; empty where it does not rise. */
        OptionalDouble reaches(double level) {
            return slope > 0 ? OptionalDouble.of(Math.max(0, (level - intercept) / slope)) : OptionalDouble.empty();
        }

        /** Ordinary least squares. */
        static Line through(double[] x, double[] y) {
            double meanX = 0;
            double meanY = 0;
            for (int i = 0; i < x.length; i++) {
                meanX += x[i] / x.length;
                meanY += y[i] / x.length;
            }
            double products = 0;
            double squares = 0;
            for (int i = 0; i < x.length; i++) {
                products += (x[i] - meanX) * (y[i] - meanY);
                squares += (x[i] - meanX) * (x[i] - meanX);
            }
            double slope = squares == 0 ? 0 : products / squares;
            return new Line(meanY - slope * meanX, slope);
        }
    }

    static Baselines of(List<Observation> loaded, int stationCount) {
        double[] rate =
                loaded.stream().mapToDouble(Observation::headlinePerSecond).toArray();
        var stations = new java.util.ArrayList<Line>();
        for (int s = 0; s < stationCount; s++) {
            int station = s;
            stations.add(Line.through(
                    rate,
                    loaded.stream().mapToDouble(o -> o.busyCores()[station]).toArray()));
        }
        // Without compilation, as the model's and the measured utilisation are: like is compared with like.
        double[] utilisation =
                loaded.stream().mapToDouble(Observation::steadyUtilisation).toArray();
        return new Baselines(stations, Line.through(rate, utilisation), usl(loaded));
    }

    /**
     * The law through throughput against concurrency, which is throughput times mean response; empty with fewer than six
     * windows that have response times, where concurrency spans less than threefold, or where no law fits.
     */
    private static Optional<UslModel> usl(List<Observation> loaded) {
        double[][] points = loaded.stream()
                .filter(o -> ResponseFit.latency(o).isPresent())
                .map(o -> new double[] {
                    o.headlinePerSecond() * ResponseFit.latency(o).orElseThrow().mean(), o.headlinePerSecond()
                })
                .filter(p -> p[0] > 0)
                .toArray(double[][]::new);
        double least = Arrays.stream(points).mapToDouble(p -> p[0]).min().orElse(0);
        double most = Arrays.stream(points).mapToDouble(p -> p[0]).max().orElse(0);
        if (points.length < WINDOWS_MIN || !(most >= RANGE_MIN * least)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UslFit.of(
                            Arrays.stream(points).mapToDouble(p -> p[0]).toArray(),
                            Arrays.stream(points).mapToDouble(p -> p[1]).toArray())
                    .model());
        } catch (NotIdentifiableException | IllegalArgumentException e) {
            return Optional.empty(); // a baseline that cannot be drawn is left out, and the table shows none
        }
    }

    /** Mean response at a throughput by the law; empty beyond what it carries. */
    OptionalDouble uslSeconds(double perSecond) {
        if (usl.isEmpty()) {
            return OptionalDouble.empty();
        }
        OptionalDouble concurrency = usl.get().concurrencyAtThroughput(perSecond);
        return concurrency.isPresent()
                ? OptionalDouble.of(usl.get().latencyAt(concurrency.getAsDouble()))
                : OptionalDouble.empty();
    }

    /** The most that the law carries; empty where it has no bound. */
    OptionalDouble uslMax() {
        return usl.map(UslModel::throughputMax).orElse(OptionalDouble.empty());
    }
}
