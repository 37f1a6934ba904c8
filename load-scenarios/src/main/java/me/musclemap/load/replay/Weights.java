package me.musclemap.load.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many sessions of each journey make up what was counted, none below zero: the weights under which the counts are likeliest when each
 * is Poisson.
 *
 * <p>Source: expectation maximisation for Poisson counts, L. A. Shepp and Y. Vardi, IEEE Trans. Med. Imaging 1, 1982 (Richardson 1972,
 * Lucy 1974).
 */
final class Weights {
    private static final int ROUNDS = 2000;

    private Weights() {}

    /**
     * Sessions by journey.
     *
     * @param perSession journey to how often a session of it sends each operation
     * @param counted operation, or several joined by a space, to how often it was seen
     * @param start where to begin, each above zero
     */
    static Map<String, Double> fit(
            Map<String, Map<String, Double>> perSession, Map<String, Double> counted, Map<String, Double> start) {
        var journeys = new ArrayList<>(perSession.keySet());
        var keys = new ArrayList<>(counted.keySet());
        var matrix = new double[keys.size()][journeys.size()];
        for (int k = 0; k < keys.size(); k++) {
            for (int j = 0; j < journeys.size(); j++) {
                var own = perSession.getOrDefault(journeys.get(j), Map.of());
                for (var operation : keys.get(k).split(" ", -1)) {
                    matrix[k][j] += own.getOrDefault(operation, 0.0);
                }
            }
        }
        var weights = new double[journeys.size()];
        for (int j = 0; j < weights.length; j++) {
            weights[j] = Math.max(1e-9, start.getOrDefault(journeys.get(j), 1.0));
        }
        for (int round = 0; round < ROUNDS; round++) {
            step(matrix, keys, counted, weights);
        }
        var fitted = new LinkedHashMap<String, Double>();
        for (int j = 0; j < weights.length; j++) {
            fitted.put(journeys.get(j), weights[j]);
        }
        return fitted;
    }

    private static void step(double[][] matrix, List<String> keys, Map<String, Double> counted, double[] weights) {
        var gained = new double[weights.length];
        var possible = new double[weights.length];
        for (int k = 0; k < matrix.length; k++) {
            double predicted = 0;
            for (int j = 0; j < weights.length; j++) {
                predicted += matrix[k][j] * weights[j];
            }
            double ratio = predicted > 0 ? counted.getOrDefault(keys.get(k), 0.0) / predicted : 0;
            for (int j = 0; j < weights.length; j++) {
                gained[j] += matrix[k][j] * ratio;
                possible[j] += matrix[k][j];
            }
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] *= possible[j] > 0 ? gained[j] / possible[j] : 1;
        }
    }

    /** How much of what was counted the weights put elsewhere: half the sum of the differences of shares, 0 to 1. */
    static double misplaced(
            Map<String, Map<String, Double>> perSession, Map<String, Double> counted, Map<String, Double> weights) {
        var predicted = new LinkedHashMap<String, Double>();
        for (var key : counted.keySet()) {
            double sum = 0;
            for (var journey : perSession.entrySet()) {
                for (var operation : key.split(" ", -1)) {
                    sum += weights.getOrDefault(journey.getKey(), 0.0)
                            * journey.getValue().getOrDefault(operation, 0.0);
                }
            }
            predicted.put(key, sum);
        }
        double all = counted.values().stream().mapToDouble(Double::doubleValue).sum();
        double total =
                predicted.values().stream().mapToDouble(Double::doubleValue).sum();
        double distance = 0;
        for (var key : counted.keySet()) {
            distance += Math.abs(counted.getOrDefault(key, 0.0) / all - predicted.getOrDefault(key, 0.0) / total);
        }
        return distance / 2;
    }
}
