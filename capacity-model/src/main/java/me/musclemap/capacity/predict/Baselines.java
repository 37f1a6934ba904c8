package me.musclemap.capacity.predict;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.fit.Observation;

/**
 * What simpler methods say from the same windows: a straight line through utilisation against the headline rate, blind to the
 * mix, and the universal scalability law through throughput against concurrency.
 *
 * @param stations one line a station, in cores
 * @param total the line through the utilisation of the shared cores
 * @param usl empty where the windows do not support it
 */
record Baselines(List<Line> stations, Line total, Optional<UslCurve> usl) {
    /** intercept + slope x headline requests per second. */
    record Line(double intercept, double slope) {
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
        return new Baselines(stations, Line.through(rate, utilisation), UslCurve.through(loaded));
    }
}
