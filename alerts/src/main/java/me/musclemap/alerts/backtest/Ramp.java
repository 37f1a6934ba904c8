package me.musclemap.alerts.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import me.musclemap.alerts.InputException;

/**
 * A run's windows laid out as a rising load, each held for minutes: a window lasts seconds, a rule looks back over five minutes. Every
 * series keeps the rate, or the level, that it had in the window. Immutable.
 *
 * @param minutesEach how long each level is held
 */
record Ramp(List<Level> levels, int minutesEach, Map<String, List<Double>> counters, Map<String, List<Double>> gauges) {
    private static final Set<String> DRIVEN = Set.of("probe", "fit", "held-out", "scenario");
    /** Rates that differ by less are one level. */
    private static final double SAME_RATE = 0.02;

    Ramp {
        levels = List.copyOf(levels);
        counters = Map.copyOf(counters);
        gauges = Map.copyOf(gauges);
    }

    /** A rate, and what the generator saw of the users there: empty when all was well. */
    record Level(RecordedRun.Window window, String hurt) {
        double perSecond() {
            return window.offeredPerSecond();
        }
    }

    /** @param mixName only windows of this mix; empty: the mix in which the load went highest */
    static Ramp of(
            RecordedRun run,
            Samples samples,
            Map<Integer, StationLines.Line> stations,
            String mixName,
            int minutesEach) {
        var levels = levels(run, mixName);
        var counters = new HashMap<String, List<Double>>();
        var gauges = new HashMap<String, List<Double>>();
        for (var series : samples.series()) {
            boolean counter = Samples.isCounter(series);
            (counter ? counters : gauges)
                    .put(
                            series,
                            levels.stream()
                                    .map(level -> counter
                                            ? samples.increase(
                                                            series,
                                                            level.window().startEpochMillis(),
                                                            level.window().endEpochMillis())
                                                    / level.window().durationSeconds()
                                            : samples.mean(
                                                    series,
                                                    level.window().startEpochMillis(),
                                                    level.window().endEpochMillis()))
                                    .toList());
        }
        stations(levels, stations, counters);
        gauges.put(
                "headroom_host_cores{job=\"agent\"}",
                constant(levels.size(), run.host().cores()));
        for (var job : List.of("api", "rum", "agent")) {
            gauges.put("up{job=\"" + job + "\"}", constant(levels.size(), 1));
        }
        return new Ramp(levels, minutesEach, counters, gauges);
    }

    private static List<Double> constant(int count, double value) {
        return java.util.Collections.nCopies(count, value);
    }

    private static List<Level> levels(RecordedRun run, String mixName) {
        double cores = run.windows().stream()
                .mapToDouble(RecordedRun.Window::cores)
                .min()
                .orElse(0);
        var driven = run.windows().stream()
                .filter(window -> window.cores() == cores)
                .filter(window -> DRIVEN.contains(window.role()) && window.excluded() == null)
                .filter(window -> window.offeredPerSecond() > 0)
                .sorted(Comparator.comparingDouble(RecordedRun.Window::offeredPerSecond))
                .toList();
        if (driven.isEmpty()) {
            throw new InputException(
                    "run " + run.id() + ": no window was driven for measuring: name a calibration, a ramp or a soak");
        }
        var mixes = driven.stream().map(RecordedRun.Window::mixName).collect(Collectors.toSet());
        var mix = mixName.isEmpty() ? driven.get(driven.size() - 1).mixName() : mixName;
        if (!mixes.contains(mix)) {
            throw new InputException(
                    "--mix=" + mix + ": the run has " + mixes.stream().sorted().collect(Collectors.joining(", ")));
        }
        var levels = new ArrayList<Level>();
        for (var window : driven) {
            if (!window.mixName().equals(mix)) {
                continue;
            }
            var level = new Level(window, window.hurt());
            var before = levels.isEmpty() ? null : levels.get(levels.size() - 1);
            if (before == null || window.offeredPerSecond() >= before.perSecond() * (1 + SAME_RATE)) {
                levels.add(level);
            } else if (before.hurt().isEmpty() && !level.hurt().isEmpty()) {
                // Of two windows at one rate the worse one counts.
                levels.set(levels.size() - 1, level);
            }
        }
        return levels;
    }

    private static void stations(
            List<Level> levels, Map<Integer, StationLines.Line> lines, Map<String, List<Double>> counters) {
        var names = new TreeMap<String, Boolean>();
        lines.values().forEach(line -> line.stations().keySet().forEach(name -> names.put(name, true)));
        // The generator's CPU says 'a load test is running', which inhibits what is tested here.
        names.remove("generator");
        for (var name : names.keySet()) {
            counters.put(
                    "headroom_station_cpu_seconds_total{job=\"agent\",station=\"" + name + "\"}",
                    levels.stream()
                            .map(level -> Optional.ofNullable(
                                            lines.get(level.window().index()))
                                    .map(line -> Optional.ofNullable(
                                                    line.stations().get(name))
                                            .map(use -> Math.max(0, use.cpuSeconds()) / line.durationSeconds())
                                            .orElse(0.0))
                                    .orElse(0.0))
                            .toList());
        }
        if (!names.isEmpty()) {
            counters.put(
                    "headroom_host_steal_seconds_total{job=\"agent\"}",
                    levels.stream()
                            .map(level -> Optional.ofNullable(
                                            lines.get(level.window().index()))
                                    .map(line -> line.host().stealSeconds() / line.durationSeconds())
                                    .orElse(0.0))
                            .toList());
        }
    }

    int minutes() {
        return levels.size() * minutesEach;
    }

    /** The level that is held in this minute, from 0. */
    int levelAt(int minute) {
        return Math.min(levels.size() - 1, minute / minutesEach);
    }

    /** The first level at which users were hurt; empty when the run never went so far. */
    Optional<Integer> firstHurt() {
        for (int i = 0; i < levels.size(); i++) {
            if (!levels.get(i).hurt().isEmpty()) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Samples of a counter at an even step, in promtool's notation. */
    String counterValues(List<Double> perSecond, int stepSeconds) {
        var words = new ArrayList<String>();
        double value = 0;
        int samples = minutesEach * 60 / stepSeconds;
        for (double rate : perSecond) {
            double step = rate * stepSeconds;
            words.add(number(value) + "+" + number(step) + "x" + (samples - 1));
            value += step * samples;
        }
        return String.join(" ", words);
    }

    /** The same for a gauge; where it was not there, nothing is. */
    String gaugeValues(List<Double> values, int stepSeconds) {
        int samples = minutesEach * 60 / stepSeconds;
        return values.stream()
                .map(value -> Double.isNaN(value) ? "_x" + samples : number(value) + "+0x" + (samples - 1))
                .collect(Collectors.joining(" "));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.9f", Double.isFinite(value) ? value : 0)
                .replaceFirst("\\.?0+$", "");
    }
}
