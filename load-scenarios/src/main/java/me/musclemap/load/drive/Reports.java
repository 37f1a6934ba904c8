package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The generator's lines on stdout, one JSON object each. Safe for use by several threads. */
final class Reports {
    private static final double NANOS = 1e9;

    private final PrintStream out;

    Reports(PrintStream out) {
        this.out = out;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    synchronized void print(ObjectNode line) {
        out.println(line);
        out.flush();
    }

    void error(String message) {
        print(object().put("error", message));
    }

    /** @param window index of the window that runs; null between windows */
    static ObjectNode second(
            Tally tally,
            long epochMillis,
            @Nullable Integer window,
            double cpuRatio,
            double gcSeconds,
            int inFlight,
            int sockets) {
        var line = object();
        var second = line.putObject("second").put("epochMillis", epochMillis).put("window", window);
        second.put("offered", tally.offered).put("served", tally.served).put("failed", tally.failedHeadline);
        percentile(second, "p50Seconds", tally.corrected, 50);
        percentile(second, "p95Seconds", tally.corrected, 95);
        percentile(second, "p99Seconds", tally.corrected, 99);
        percentile(second, "slipP99Seconds", tally.slip, 99);
        second.put("cpuRatio", rounded(cpuRatio)).put("gcSeconds", rounded(gcSeconds));
        second.put("inFlight", inFlight).put("sockets", sockets);
        return line;
    }

    static ObjectNode window(
            WindowPlan plan,
            Tally tally,
            long startEpochMillis,
            double seconds,
            int residents,
            int sockets,
            SelfCheck.Reading now,
            SelfCheck.Reading before,
            long minted) {
        var line = object();
        var window = line.putObject("window")
                .put("index", plan.index())
                .put("role", plan.role())
                .put("mixName", plan.mixName())
                .put("startEpochMillis", startEpochMillis)
                .put("durationSeconds", seconds)
                .put("scheduledPerSecond", plan.headlinePerSecond())
                .put("offeredPerSecond", tally.offered / seconds)
                .put("servedPerSecond", tally.served / seconds)
                .put("telemetryPerSecond", tally.telemetry / seconds)
                .put("residents", residents)
                .put("sockets", sockets);
        counts(window.putObject("completed"), tally.completed);
        counts(window.putObject("failed"), tally.failed);
        counts(window.putObject("failures"), tally.failures);
        counts(window.putObject("refusals"), tally.refusals);
        var regions = window.putObject("regions");
        tally.byRegion.forEach((region, histogram) -> latency(regions, region, histogram));
        var latency = window.putObject("latencySeconds");
        latency(latency, "corrected", tally.corrected);
        latency(latency, "service", tally.service);
        percentile(window, "slipP99Seconds", tally.slip, 99);
        window.putObject("generator")
                .put("cpuRatio", rounded(now.cpuRatioSince(before)))
                .put("cpuSeconds", (now.cpuNanos() - before.cpuNanos()) / NANOS)
                .put("gcSeconds", rounded(now.gcSecondsSince(before)))
                .put("gcMaxPauseSeconds", now.longestPauseSeconds());
        window.put("distinctSenders", tally.senders.cardinality());
        window.put("carriersExhausted", tally.carriersExhausted)
                .put("generatorFaults", tally.generatorFaults)
                .put("tokensMinted", minted);
        return line;
    }

    private static void counts(ObjectNode node, Map<String, Long> counts) {
        new TreeMap<>(counts).forEach(node::put);
    }

    private static void latency(ObjectNode node, String name, Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            node.putNull(name);
            return;
        }
        node.putObject(name)
                .put("count", histogram.getTotalCount())
                .put("mean", histogram.getMean() / NANOS)
                .put("p50", histogram.getValueAtPercentile(50) / NANOS)
                .put("p95", histogram.getValueAtPercentile(95) / NANOS)
                .put("p99", histogram.getValueAtPercentile(99) / NANOS)
                .put("max", histogram.getMaxValue() / NANOS);
    }

    private static void percentile(ObjectNode node, String name, Histogram histogram, double percentile) {
        if (histogram.getTotalCount() == 0) {
            node.putNull(name);
        } else {
            node.put(name, histogram.getValueAtPercentile(percentile) / NANOS);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
