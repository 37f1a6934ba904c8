package me.musclemap.capacity.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.regression.LinearFit;

/**
 * Which classes the windows can tell apart. Where their rates moved together too much, several classes share one column and
 * one cost: then only the total of the mix is known.
 *
 * @param column class to its column, or -1 for a class that was never requested or whose cost is part of the others'
 * @param columns how many
 * @param conditionNumber of the intercept beside the column of every class, each column scaled to length 1; empty when there
 *     are fewer windows than columns
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
record Design(int[] column, int columns, boolean[] identifiable, OptionalDouble conditionNumber) {
    /** Above this the costs of single classes are noise. */
    static final double CONDITION_MAX = 30;

    /** Columns that are exact combinations of each other are given this number, because JSON has no infinity. */
    private static final double WORST = 1e12;

    static Design of(List<RequestClass> classes, List<Observation> rows, double[] weights) {
        int[] own = each(classes, rows);
        OptionalDouble condition = condition(own, rows, weights);
        if (condition.isPresent() && condition.getAsDouble() <= CONDITION_MAX) {
            return new Design(own, count(own), alone(own, own), condition);
        }
        for (int[] fewer :
                List.of(telemetryTogether(classes, own), withoutTelemetry(classes, own), merged(classes, own, false))) {
            OptionalDouble reduced = condition(fewer, rows, weights);
            if (reduced.isPresent() && reduced.getAsDouble() <= CONDITION_MAX) {
                return new Design(fewer, count(fewer), alone(own, fewer), condition);
            }
        }
        int[] one = merged(classes, own, true);
        return new Design(one, count(one), alone(own, one), condition);
    }

    /** Several kinds of telemetry posts that always come together have one cost. */
    private static int[] telemetryTogether(List<RequestClass> classes, int[] own) {
        int[] column = own.clone();
        int next = 0;
        int posts = -1;
        for (int c = 0; c < own.length; c++) {
            if (own[c] >= 0 && (classes.get(c).headline() || posts < 0)) {
                column[c] = next++;
                posts = classes.get(c).headline() ? posts : column[c];
            } else if (own[c] >= 0) {
                column[c] = posts;
            }
        }
        return column;
    }

    /**
     * Telemetry posts that always come at one ratio to the other requests cannot be told from them: their cost is then part of
     * the cost of those.
     */
    private static int[] withoutTelemetry(List<RequestClass> classes, int[] own) {
        int[] column = own.clone();
        int next = 0;
        for (int c = 0; c < own.length; c++) {
            column[c] = own[c] >= 0 && classes.get(c).headline() ? next++ : -1;
        }
        return column;
    }

    /** Which classes have a column of their own, with no other class's cost in it. */
    private static boolean[] alone(int[] own, int[] column) {
        boolean[] alone = new boolean[own.length];
        boolean dropped = false;
        for (int c = 0; c < own.length; c++) {
            dropped |= own[c] >= 0 && column[c] < 0;
        }
        for (int c = 0; c < own.length && !dropped; c++) {
            int at = column[c];
            alone[c] = at >= 0
                    && Arrays.stream(column).filter(other -> other == at).count() == 1;
        }
        return alone;
    }

    private static int[] each(List<RequestClass> classes, List<Observation> rows) {
        int[] column = new int[classes.size()];
        int next = 0;
        for (int c = 0; c < column.length; c++) {
            int at = c;
            boolean seen = rows.stream().anyMatch(r -> r.ratesPerSecond()[at] > 0);
            column[c] = seen ? next++ : -1;
        }
        return column;
    }

    private static int[] merged(List<RequestClass> classes, int[] own, boolean all) {
        int[] column = own.clone();
        boolean headline = false;
        for (int c = 0; c < own.length; c++) {
            headline |= own[c] >= 0 && classes.get(c).headline();
        }
        for (int c = 0; c < own.length; c++) {
            if (own[c] >= 0) {
                column[c] = all || classes.get(c).headline() || !headline ? 0 : 1;
            }
        }
        return column;
    }

    private static int count(int[] column) {
        int max = -1;
        for (int c : column) {
            max = Math.max(max, c);
        }
        return max + 1;
    }

    /** The rates of one window by column. */
    double[] rates(double[] ratesPerSecond) {
        return rates(column, columns, ratesPerSecond);
    }

    private static double[] rates(int[] column, int columns, double[] ratesPerSecond) {
        double[] rates = new double[columns];
        for (int c = 0; c < column.length; c++) {
            if (column[c] >= 0) {
                rates[column[c]] += ratesPerSecond[c];
            }
        }
        return rates;
    }

    /** Source: Belsley, Kuh and Welsch, Regression Diagnostics (1980), section 3.2: scaled, not centred. */
    private static OptionalDouble condition(int[] column, List<Observation> rows, double[] weights) {
        int columns = count(column) + 1;
        if (rows.size() < columns) {
            return OptionalDouble.empty();
        }
        var matrix = new ArrayList<double[]>();
        for (int r = 0; r < rows.size(); r++) {
            double[] rates = rates(column, columns - 1, rows.get(r).ratesPerSecond());
            double[] row = new double[columns];
            row[0] = weights[r];
            for (int c = 1; c < columns; c++) {
                row[c] = weights[r] * rates[c - 1];
            }
            matrix.add(row);
        }
        double condition = LinearFit.columnScaledCondition(matrix.toArray(new double[0][]));
        return OptionalDouble.of(Math.min(condition, WORST));
    }
}
