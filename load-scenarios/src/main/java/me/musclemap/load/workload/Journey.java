package me.musclemap.load.workload;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * A way through the application from opening it to leaving. Immutable.
 *
 * @param weight share of the sessions begun, before the weights are normalised
 * @param why what the weight rests on
 */
public record Journey(String name, double weight, String why, List<Segment> segments) {
    /**
     * Steps that are done between {@code from} and {@code to} times in a row, each number equally likely; 1 and 1 for steps done once.
     */
    public record Segment(List<Step> steps, int from, int to) {
        public Segment {
            steps = List.copyOf(steps);
            if (from < 0 || to < from || steps.isEmpty()) {
                throw new IllegalArgumentException(
                        "segment of " + steps.size() + " steps, " + from + " to " + to + " times");
            }
        }

        double expectedTimes() {
            return (from + to) / 2.0;
        }
    }

    public Journey {
        segments = List.copyOf(segments);
    }

    /** How long a session lasts on average, in seconds, answers taken as instant. */
    public double sessionSeconds() {
        return sum(step -> step.think().meanSeconds());
    }

    /** How long a socket is open in a session on average, in seconds. */
    public double socketSeconds() {
        return sum(step -> step.socket() ? step.think().meanSeconds() : 0);
    }

    /** How often a session opens a socket, on average. */
    public double socketsOpened() {
        var opened = 0.0;
        var open = false;
        for (var segment : segments) {
            for (var step : segment.steps()) {
                opened += step.socket() && !open ? segment.expectedTimes() : 0;
                open = step.socket();
            }
        }
        return opened;
    }

    /** How often each operation is sent in a session, on average; telemetry included. */
    public Map<String, Double> requestsPerSession() {
        var counts = new TreeMap<String, Double>();
        for (var segment : segments) {
            for (var step : segment.steps()) {
                var times = segment.expectedTimes();
                step.requests().forEach(operation -> counts.merge(operation.name(), times, Double::sum));
                step.telemetry().forEach((operation, n) -> counts.merge(operation.name(), times * n, Double::sum));
                step.polls()
                        .forEach((operation, period) -> counts.merge(
                                operation.name(), times * step.think().expectedTicks(period), Double::sum));
            }
        }
        return counts;
    }

    private double sum(ToDoubleFunction<Step> value) {
        var sum = 0.0;
        for (var segment : segments) {
            for (var step : segment.steps()) {
                sum += segment.expectedTimes() * value.applyAsDouble(step);
            }
        }
        return sum;
    }
}
