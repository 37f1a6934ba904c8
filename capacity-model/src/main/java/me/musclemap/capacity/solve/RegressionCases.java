package me.musclemap.capacity.solve;

import java.util.Arrays;
import java.util.Locale;
import me.musclemap.capacity.regression.LinearFit;
import me.musclemap.capacity.regression.Nnls;
import me.musclemap.capacity.solve.Answer.Reason;

/** Demands from measured busy time and throughputs. */
final class RegressionCases {
    /** Above this the demands of single classes are printed, with the reason that they cannot be told apart. */
    private static final double CONDITION_WARN = 30;

    /** Above this one column is a combination of the others, as far as numbers go. */
    private static final double CONDITION_MAX = 1e10;

    private RegressionCases() {}

    static Answer solve(Inputs in) {
        double[][] throughput = in.rows("throughput");
        double[][] busy = in.isList("busy")
                        && in.node("busy").size() > 0
                        && in.node("busy").get(0).isNumber()
                ? Arrays.stream(in.numbers("busy"))
                        .mapToObj(b -> new double[] {b})
                        .toArray(double[][]::new)
                : in.rows("busy");
        Inputs.requireLength("busy", busy.length, throughput.length);
        if (throughput.length == 0) {
            throw new InvalidInputException("throughput", "has no window: give at least one");
        }
        double[][] design = design(throughput);
        for (int w = 0; w < busy.length; w++) {
            Inputs.requireLength("busy[" + w + "]", busy[w].length, busy[0].length);
            for (int k = 0; k < busy[w].length; k++) {
                if (busy[w][k] < 0) {
                    throw new InvalidInputException("busy[" + w + "][" + k + "]", busy[w][k] + " must be 0 or more");
                }
            }
        }
        double condition = LinearFit.columnScaledCondition(design);
        Answer answer = new Answer().put("column_scaled_condition_number", condition);
        if (!(condition < CONDITION_MAX)) {
            return answer.put("nnls_rss", nnlsErrors(design, busy))
                    .because(
                            Reason.NOT_IDENTIFIABLE,
                            "throughput: the windows do not tell the classes apart; only the mix's total demand is known");
        }
        fits(answer, design, busy);
        return condition > CONDITION_WARN
                ? answer.put("identifiable", false)
                        .put("only_known", "the mix's total demand")
                        .because(
                                Reason.NOT_IDENTIFIABLE,
                                String.format(
                                        Locale.ROOT,
                                        "throughput: the windows hardly tell the classes apart (condition %.3g, more than %.0f); the coefficients printed are one of many that fit, only the mix's total demand is known",
                                        condition,
                                        CONDITION_WARN))
                : answer;
    }

    private static double[][] design(double[][] throughput) {
        int classes = throughput[0].length;
        double[][] design = new double[throughput.length][classes + 1];
        for (int w = 0; w < throughput.length; w++) {
            Inputs.requireLength("throughput[" + w + "]", throughput[w].length, classes);
            design[w][0] = 1;
            for (int c = 0; c < classes; c++) {
                if (throughput[w][c] < 0) {
                    throw new InvalidInputException(
                            "throughput[" + w + "][" + c + "]", throughput[w][c] + " must be 0 or more");
                }
                design[w][c + 1] = throughput[w][c];
            }
        }
        return design;
    }

    private static double[] column(double[][] busy, int k) {
        return Arrays.stream(busy).mapToDouble(row -> row[k]).toArray();
    }

    private static double[] nnlsErrors(double[][] design, double[][] busy) {
        double[] rss = new double[busy[0].length];
        for (int k = 0; k < rss.length; k++) {
            rss[k] = Nnls.fit(design, column(busy, k)).residualSumOfSquares();
        }
        return rss;
    }

    private static void fits(Answer answer, double[][] design, double[][] busy) {
        int stations = busy[0].length;
        double[][] nnls = new double[stations][];
        double[] rss = new double[stations];
        double[][] ols = new double[stations][];
        double[][] errors = new double[stations][];
        for (int k = 0; k < stations; k++) {
            double[] b = column(busy, k);
            Nnls.Fit bounded = Nnls.fit(design, b);
            LinearFit free = LinearFit.of(design, b);
            nnls[k] = bounded.coefficients();
            rss[k] = bounded.residualSumOfSquares();
            ols[k] = free.coefficients();
            errors[k] = free.standardErrors();
        }
        answer.put("nnls_per_station", nnls).put("nnls_rss", rss).put("ols_per_station", ols);
        if (design.length > design[0].length) {
            answer.put("ols_se", errors);
        }
    }
}
