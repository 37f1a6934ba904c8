package me.musclemap.capacity.predict;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.regression.Nnls;

/**
 * The universal scalability law as a baseline: throughput at a concurrency N is scale N / (1 + contention (N - 1) + coherency
 * N (N - 1)). Concurrency is throughput times mean response.
 *
 * <p>Source: N. J. Gunther, Guerrilla Capacity Planning (2007), section 4.4, in its linear form N / X.
 */
record UslCurve(double scale, double contention, double coherency) {
    private static final int WINDOWS_MIN = 6;
    private static final double RANGE_MIN = 3;

    /** Empty with fewer than six windows that have response times, or where concurrency spans less than threefold. */
    static Optional<UslCurve> through(List<Observation> loaded) {
        double[][] points = loaded.stream()
                .filter(o -> ResponseFit.latency(o).isPresent())
                .map(o -> new double[] {
                    o.headlinePerSecond() * ResponseFit.latency(o).orElseThrow().mean(), o.headlinePerSecond()
                })
                .toArray(double[][]::new);
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (double[] point : points) {
            least = Math.min(least, point[0]);
            most = Math.max(most, point[0]);
        }
        if (points.length < WINDOWS_MIN || !(most >= RANGE_MIN * least)) {
            return Optional.empty();
        }
        double[][] matrix = new double[points.length][];
        double[] right = new double[points.length];
        double[] weight = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            double n = points[i][0];
            matrix[i] = new double[] {1, n, n * n};
            right[i] = n / points[i][1];
            weight[i] = 1 / (right[i] * right[i]);
        }
        double[] fitted = Nnls.fit(matrix, right, weight).coefficients();
        // N / X = (1 - contention + (contention - coherency) N + coherency N^2) / scale, read back from its
        // coefficients.
        double scaleInverse = fitted[0] + fitted[1] + fitted[2];
        if (!(scaleInverse > 0)) {
            return Optional.empty();
        }
        double coherency = fitted[2] / scaleInverse;
        return Optional.of(new UslCurve(1 / scaleInverse, fitted[1] / scaleInverse + coherency, coherency));
    }

    double throughputAt(double concurrency) {
        return scale * concurrency / (1 + contention * (concurrency - 1) + coherency * concurrency * (concurrency - 1));
    }

    /** The highest throughput of the curve; empty where it has none. */
    OptionalDouble peak() {
        if (coherency > 0 && contention < 1) {
            return OptionalDouble.of(throughputAt(Math.sqrt((1 - contention) / coherency)));
        }
        return contention > 0 ? OptionalDouble.of(scale / contention) : OptionalDouble.empty();
    }

    /** Mean response at a throughput, on the rising side; empty beyond the peak. */
    OptionalDouble responseSeconds(double perSecond) {
        OptionalDouble peak = peak();
        if (peak.isPresent() && perSecond >= peak.getAsDouble()) {
            return OptionalDouble.empty();
        }
        // coherency X N^2 + ((contention - coherency) X - scale) N + (1 - contention) X = 0
        double a = coherency * perSecond;
        double b = (contention - coherency) * perSecond - scale;
        double c = (1 - contention) * perSecond;
        double root = a == 0 ? -c / b : (-b - Math.sqrt(Math.max(0, b * b - 4 * a * c))) / (2 * a);
        return root > 0 ? OptionalDouble.of(root / perSecond) : OptionalDouble.empty();
    }
}
