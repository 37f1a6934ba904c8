package me.musclemap.reports.charts;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import me.musclemap.reports.record.CapacityAnswer;
import me.musclemap.reports.record.CapacityAnswer.Demand;
import me.musclemap.reports.record.MeasuredRun;
import me.musclemap.reports.record.RunRecord;
import me.musclemap.reports.record.RunRecord.Latency;
import me.musclemap.reports.record.RunRecord.Role;
import me.musclemap.reports.record.RunRecord.Window;
import me.musclemap.reports.record.StationWindow;
import org.jspecify.annotations.Nullable;

/** Draws the charts of one report. For one thread. */
public final class Charts {
    /** As many as the table beneath it has. */
    public static final int TORNADO_ROWS = 10;

    private final Painter painter;
    private final MeasuredRun measured;
    private final CapacityAnswer answer;
    private final List<String> stations;

    public Charts(Typeface typeface, MeasuredRun measured, CapacityAnswer answer) {
        this.measured = measured;
        this.answer = answer;
        this.painter = new Painter(
                typeface, "run " + measured.run().id() + " · " + answer.stack().name());
        this.stations = measured.run().resources().stream()
                .flatMap(resource -> resource.stations().stream())
                .distinct()
                .toList();
    }

    /** Latency against load. */
    public Drawing latency() {
        LatencyChart chart = new LatencyChart(
                painter,
                answer.curve(),
                points(),
                answer.capacity().policy().requestsPerSecond(),
                answer.capacity().slo().requestsPerSecond(),
                objectiveSeconds());
        return painter.draw("latency", 1, chart::chart);
    }

    /** Utilisation by station against load. */
    public Drawing utilisation() {
        return painter.draw("utilisation", 1, new UtilisationChart(painter, stations, answer.curve(), points())::chart);
    }

    /** Users by phase and stack. */
    public Drawing phases() {
        return painter.draw(
                "phases", 1.1, new PhasesChart(painter, answer.stack().name(), answer.phases())::chart);
    }

    /** What each uncertain input does to the answer; null where nobody asked, or nothing moves it. */
    public @Nullable Drawing tornado() {
        CapacityAnswer.WhatIf whatIf = answer.whatIf();
        if (whatIf == null || whatIf.tornado().rows().isEmpty()) {
            return null;
        }
        List<CapacityAnswer.Turned> rows =
                whatIf.tornado().rows().stream().limit(TORNADO_ROWS).toList();
        return painter.draw(
                "tornado",
                0.35 + 0.1 * rows.size(),
                new TornadoChart(painter, whatIf.tornado().users(), rows)::chart);
    }

    /** CPU of the average request by class and station. */
    public Drawing cost() {
        Map<String, Map<String, Double>> byClass = new LinkedHashMap<>();
        for (Demand demand : answer.demands()) {
            double share = answer.workload().mix().getOrDefault(demand.requestClass(), 0.0);
            byClass.computeIfAbsent(demand.requestClass(), name -> new LinkedHashMap<>())
                    .merge(
                            demand.station(),
                            share * demand.cpuSecondsPerRequest().mid(),
                            Double::sum);
        }
        List<CostChart.Bar> bars = byClass.entrySet().stream()
                .map(entry -> new CostChart.Bar(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(CostChart.Bar::total).reversed())
                .toList();
        return painter.draw("cost", 0.85, new CostChart(painter, stations, bars)::chart);
    }

    /** An older answer does not hold it. */
    private OptionalDouble objectiveSeconds() {
        Double seconds = answer.capacity().objectiveSeconds();
        return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds);
    }

    private List<MeasuredPoint> points() {
        return measured.run().windows().stream()
                .filter(window ->
                        window.excluded() == null && (window.role() == Role.FIT || window.role() == Role.HELD_OUT))
                // What was driven on more cores than the curve is of would stand beside the wrong curve.
                .filter(window -> window.cores() == cores(measured.run(), window))
                .map(this::point)
                .toList();
    }

    private MeasuredPoint point(Window window) {
        Latency latency = window.latencySeconds().corrected();
        return new MeasuredPoint(
                window.offeredPerSecond(),
                latency == null ? Double.NaN : latency.p95(),
                latency == null ? Double.NaN : latency.p99(),
                utilisation(window),
                window.role() == Role.HELD_OUT);
    }

    private double utilisation(Window window) {
        StationWindow used = measured.stations().get(window.index());
        if (used == null) {
            return Double.NaN;
        }
        double busySeconds = stations.stream()
                .map(used.stations()::get)
                .filter(usage -> usage != null)
                .mapToDouble(StationWindow.Usage::cpuSeconds)
                .sum();
        return busySeconds / (used.durationSeconds() * cores(measured.run(), window));
    }

    private static double cores(RunRecord run, Window window) {
        return run.resources().isEmpty()
                ? window.cores()
                : run.resources().get(0).cores();
    }
}
