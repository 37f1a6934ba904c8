package me.musclemap.capacity.solve;

import java.util.Arrays;
import java.util.OptionalDouble;
import me.musclemap.capacity.solve.Answer.Reason;
import me.musclemap.capacity.usl.UslFit;
import me.musclemap.capacity.usl.UslModel;

/** Cases of the universal scalability law. */
final class ScalabilityCases {
    private ScalabilityCases() {}

    static Answer fit(Inputs in) {
        double[][] points = in.rows("points");
        double[] concurrency = new double[points.length];
        double[] throughput = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            Inputs.requireLength("points[" + i + "]", points[i].length, 2);
            concurrency[i] = points[i][0];
            throughput[i] = points[i][1];
            if (!(concurrency[i] > 0) || throughput[i] < 0) {
                throw new InvalidInputException(
                        "points[" + i + "]", Arrays.toString(points[i]) + ": a load above 0 and a rate of 0 or more");
            }
        }
        double confidence = in.innerShare("confidence", 0.95);
        UslFit fit = UslFit.of(concurrency, throughput);
        Answer answer = model(fit.model())
                .put("rss", fit.residualSumOfSquares())
                .put("df", fit.degreesOfFreedom())
                .put("residual_se", fit.residualStandardError());
        errors(fit, answer);
        if (fit.degreesOfFreedom() > 0 && (in.has("confidence") || in.has("ci_method"))) {
            interval(answer, "alpha", fit.model().alpha(), fit.standardErrorOfAlpha(), fit, confidence);
            interval(answer, "beta", fit.model().beta(), fit.standardErrorOfBeta(), fit, confidence);
            interval(answer, "gamma", fit.model().gamma(), fit.standardErrorOfGamma(), fit, confidence);
        }
        return answer;
    }

    private static void errors(UslFit fit, Answer answer) {
        if (fit.alphaFree() && fit.betaFree()) {
            answer.put("se_alpha", fit.standardErrorOfAlpha())
                    .put("se_beta", fit.standardErrorOfBeta())
                    .put("se_gamma", fit.standardErrorOfGamma());
        } else if (fit.alphaFree()) {
            answer.put("se_alpha_given_beta0", fit.standardErrorOfAlpha())
                    .put("se_gamma_given_beta0", fit.standardErrorOfGamma());
        } else if (fit.betaFree()) {
            answer.put("se_beta_given_alpha0", fit.standardErrorOfBeta())
                    .put("se_gamma_given_alpha0", fit.standardErrorOfGamma());
        } else {
            answer.put("se_gamma_given_alpha0_beta0", fit.standardErrorOfGamma());
        }
    }

    private static void interval(
            Answer answer, String name, double value, OptionalDouble error, UslFit fit, double confidence) {
        if (error.isPresent()) {
            double half = fit.studentHalfWidth(error.getAsDouble(), confidence);
            answer.put("ci_" + name + "_student", new double[] {value - half, value + half});
        }
    }

    private static Answer model(UslModel model) {
        Answer answer = new Answer()
                .put("alpha", model.alpha())
                .put("beta", model.beta())
                .put("gamma", model.gamma());
        model.peakConcurrency()
                .ifPresent(peak -> answer.put("peak_load", peak)
                        .put("n_peak", peak)
                        .put("n_max", peak)
                        .put("peak_throughput", model.throughputAt(peak))
                        .put("x_max", model.throughputAt(peak)));
        return answer.put("limit_throughput", model.throughputLimit()).put("optimal_load", model.optimalConcurrency());
    }

    static Answer inverse(Inputs in) {
        UslModel model = new UslModel(in.notNegative("alpha"), in.notNegative("beta"), in.positive("gamma"));
        Answer answer = new Answer();
        boolean all = true;
        String problem = "";
        if (in.has("throughputs") || in.has("throughput")) {
            String key = in.has("throughputs") ? "throughputs" : "throughput";
            double[] wanted = in.notNegatives(key);
            double[] concurrency = Arrays.stream(wanted)
                    .map(x -> model.concurrencyAtThroughput(x).orElse(Double.NaN))
                    .toArray();
            all = Arrays.stream(concurrency).allMatch(Double::isFinite);
            problem = all ? "" : key + ": above the highest throughput";
            if (all || in.isList(key)) {
                answer.putAs(in.isList(key), "concurrency_at_throughput", concurrency)
                        .putAs(
                                in.isList(key),
                                "latency_at_throughput",
                                Arrays.stream(concurrency).map(model::latencyAt).toArray());
            }
        }
        if (in.has("latencies") || in.has("latency")) {
            String key = in.has("latencies") ? "latencies" : "latency";
            double[] rate = Arrays.stream(in.notNegatives(key))
                    .map(latency -> throughputAtLatency(model, latency))
                    .toArray();
            boolean possible = Arrays.stream(rate).allMatch(Double::isFinite);
            problem = possible ? problem : key + ": no load has this latency";
            all &= possible;
            if (possible || in.isList(key)) {
                answer.putAs(in.isList(key), "throughput_at_latency", rate);
            }
        } else if (!in.has("throughputs") && !in.has("throughput")) {
            throw new InvalidInputException("throughputs", "is missing, and so is latencies");
        }
        answer.put("x_max", model.throughputMax());
        return all ? answer.put("feasible", true) : answer.because(Reason.INFEASIBLE, problem);
    }

    private static double throughputAtLatency(UslModel model, double seconds) {
        OptionalDouble concurrency = model.concurrencyAtLatency(seconds);
        return concurrency.isPresent() ? concurrency.getAsDouble() / seconds : Double.NaN;
    }
}
