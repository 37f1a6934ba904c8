package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.regression.Nnls;

/**
 * How long a headline request holds a database connection, in seconds: a part that no load changes (disk) and a part that is
 * stretched as the cores fill up, 1 / (1 - utilisation).
 *
 * @param measured false where it is only the CPU of the database, because no window recorded connections in use
 */
public record PoolHold(double steadySeconds, double stretchedSeconds, boolean measured) {
    /** Series of the pool; the recorder puts the station and a colon before the name. */
    private static final String ACTIVE = "hikaricp_connections_active";

    private static final String USED_SECONDS = "hikaricp_connections_usage_seconds_sum";
    private static final String USES = "hikaricp_connections_usage_seconds_count";

    /** The pool times its uses in whole milliseconds, rounded down: half of one is missing on average. */
    private static final double ROUNDED_OFF_SECONDS = 0.0005;

    private static final double UTILISATION_MAX = 0.99;

    /** From the connections in use that the windows recorded, by Little's law; empty when fewer than three did. */
    public static java.util.Optional<PoolHold> measured(List<Observation> windows) {
        var rows = new ArrayList<double[]>();
        for (Observation o : windows) {
            OptionalDouble active = active(o);
            if (active.isPresent() && o.headlinePerSecond() > 0 && o.utilisation() < UTILISATION_MAX) {
                rows.add(new double[] {active.getAsDouble() / o.headlinePerSecond(), 1 / (1 - o.utilisation())});
            }
        }
        if (rows.size() < 3) {
            return java.util.Optional.empty();
        }
        double[][] matrix = new double[rows.size()][];
        double[] right = new double[rows.size()];
        for (int r = 0; r < right.length; r++) {
            matrix[r] = new double[] {1, rows.get(r)[1]};
            right[r] = rows.get(r)[0];
        }
        double[] fitted = Nnls.fit(matrix, right).coefficients();
        return java.util.Optional.of(new PoolHold(fitted[0], fitted[1], true));
    }

    /** At least the CPU that the database spends. */
    public static PoolHold fromCpu(DemandModel model, int databaseStation, TrafficMix mix) {
        double seconds = 0;
        for (int c = 0; c < mix.perRequest().length && databaseStation >= 0; c++) {
            seconds += mix.perRequest()[c] * model.demandAt(databaseStation, c, 0.5);
        }
        return new PoolHold(0, seconds, false);
    }

    /** Every part multiplied. */
    PoolHold scaled(double factor) {
        return new PoolHold(steadySeconds * factor, stretchedSeconds * factor, measured);
    }

    /** The same where a request's CPU is dearer. */
    public PoolHold dearer(double factor) {
        return new PoolHold(steadySeconds, stretchedSeconds * factor, measured);
    }

    /** Mean connections in use: from how long each was held, else from the gauge, which a second's sample may miss. */
    private static OptionalDouble active(Observation o) {
        OptionalDouble used = series(o, USED_SECONDS);
        OptionalDouble uses = series(o, USES);
        if (used.isPresent() && uses.isPresent()) {
            return OptionalDouble.of((used.getAsDouble() + ROUNDED_OFF_SECONDS * uses.getAsDouble())
                    / o.window().durationSeconds());
        }
        return series(o, ACTIVE);
    }

    private static OptionalDouble series(Observation o, String name) {
        return o.window().use().stream()
                .flatMap(u -> u.counters().entrySet().stream())
                .filter(e -> e.getKey().matches("([a-z]+:)?" + name + "(\\{.*)?"))
                .mapToDouble(e -> e.getValue())
                .max();
    }

    /** Seconds when the database's cores are so busy, over a network with this much of round trips. */
    public double seconds(double utilisation, double roundTripsSeconds) {
        return steadySeconds + stretchedSeconds / (1 - Math.min(utilisation, UTILISATION_MAX)) + roundTripsSeconds;
    }
}
