package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.Window;
import me.musclemap.load.scenario.Figures;
import me.musclemap.load.scenario.Recovery;
import me.musclemap.load.scenario.Second;
import me.musclemap.load.scenario.Slo;
import me.musclemap.load.scenario.Stage;
import me.musclemap.load.scenario.Stages;
import me.musclemap.load.scenario.Trend;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.workload.Workload;

/** Drives one of the scenarios whose load is known beforehand or grows step by step, and says how it went. Not thread-safe. */
final class ScenarioRun {
    private static final double STRESS_GROWTH = 1.25;
    private static final int STRESS_STEPS_AT_MOST = 24;

    /** Below this share of what was offered the target has collapsed, not just slowed down. */
    private static final double COLLAPSED = 0.8;

    private final Windows windows;
    private final Workload workload;
    private final Plan plan;
    private final Recorder recorder;
    private final SecondsLog seconds;
    private final Runnable alive;
    private final Progress progress;
    private final ObjectNode figures = JsonNodeFactory.instance.objectNode();
    private final List<String> sentences = new ArrayList<>();

    /** What a scenario is told. */
    record Plan(String scenario, double perSecond, double seconds, Slo slo, double usersPerRequestPerSecond) {}

    /** @param alive throws when the target is gone */
    ScenarioRun(
            Windows windows,
            Workload workload,
            Plan plan,
            Recorder recorder,
            SecondsLog seconds,
            Runnable alive,
            Progress progress) {
        this.windows = windows;
        this.workload = workload;
        this.plan = plan;
        this.recorder = recorder;
        this.seconds = seconds;
        this.alive = alive;
        this.progress = progress;
    }

    Verdict ramp() {
        var steps = drive(Stages.ramp(plan.perSecond(), plan.seconds()));
        Optional<Step> missed = steps.stream().filter(step -> !met(step)).findFirst();
        double carried = 0;
        for (var step : steps) {
            if (!met(step)) {
                break;
            }
            carried = step.stage().perSecond();
        }
        if (missed.isEmpty()) {
            say("The objective (%s) held at every step up to %s.", plan.slo(), rate(plan.perSecond()));
        } else if (carried == 0) {
            say(
                    "The objective (%s) was missed at the first step, %s: %s.",
                    plan.slo(), rate(steps.get(0).stage().perSecond()), why(steps.get(0)));
        } else {
            say(
                    "The objective (%s) held up to %s and was first missed at %s: %s.",
                    plan.slo(), rate(carried), rate(missed.get().stage().perSecond()), why(missed.get()));
        }
        figures.put("metUpToPerSecond", carried).put("askedPerSecond", plan.perSecond());
        return verdict(missed.isEmpty());
    }

    Verdict spike() {
        long began = System.currentTimeMillis();
        var steps = drive(Stages.spike(plan.perSecond(), plan.seconds()));
        var before = steps.get(0);
        var spike = steps.get(1);
        var after = steps.get(2);
        long ended = after.window().startEpochMillis();
        var recovery = Recovery.after(seconds.since(began), ended, plan.slo());
        boolean well = met(before) && recovery.recovered();
        say(
                "A spike from %s to %s for %.0f s: of what the spike offered %.0f %% was served, p99 %s, %s failed; after it %s.",
                rate(plan.perSecond()),
                rate(spike.stage().perSecond()),
                spike.stage().seconds(),
                100 * servedRatio(spike),
                time(spike.figures().p99()),
                percent(spike.figures().errorRatio()),
                recovery.words());
        if (met(before)) {
            say("Before the spike the objective (%s) held.", plan.slo());
        } else {
            say("Before the spike the objective (%s) was missed already: %s.", plan.slo(), why(before));
        }
        if (!met(spike)) {
            say("During the spike it was missed: %s.", why(spike));
        }
        recovery(recovery);
        figures.put("spikePerSecond", spike.stage().perSecond()).put("spikeServedRatio", servedRatio(spike));
        return verdict(well);
    }

    /** Higher and higher until it collapses, then back. */
    Verdict stress() {
        progress.detail("stress");
        double stepSeconds = Math.max(3, plan.seconds() / 16);
        double rate = plan.perSecond();
        var steps = new ArrayList<Step>();
        double highest = mostPerSecond();
        while (steps.size() < STRESS_STEPS_AT_MOST) {
            var stage = new Stage("step" + (steps.size() + 1), Math.min(rate, highest), stepSeconds);
            steps.add(step(stage, windows.drive(window(stage))));
            alive.run();
            if (servedRatio(steps.get(steps.size() - 1)) < COLLAPSED || rate >= highest) {
                break;
            }
            rate *= STRESS_GROWTH;
        }
        long relief = System.currentTimeMillis();
        drive(List.of(new Stage("relief", plan.perSecond(), Math.max(8, plan.seconds() / 4))));
        var recovery = Recovery.after(seconds.since(relief), relief, plan.slo());
        stressWords(steps, recovery);
        recovery(recovery);
        return verdict(met(steps.get(0)) && recovery.recovered());
    }

    private void stressWords(List<Step> steps, Recovery recovery) {
        var last = steps.get(steps.size() - 1);
        double best = steps.stream()
                .mapToDouble(step -> step.figures().servedPerSecond())
                .max()
                .orElse(0);
        double carried = 0;
        for (var step : steps) {
            if (!met(step)) {
                break;
            }
            carried = step.stage().perSecond();
        }
        boolean collapsed = servedRatio(last) < COLLAPSED;
        if (carried == 0) {
            var first = steps.get(0);
            say(
                    "The objective (%s) was missed at the first step, %s: %s.",
                    plan.slo(), rate(first.stage().perSecond()), why(first));
        } else {
            say("The objective (%s) held up to %s.", plan.slo(), rate(carried));
        }
        say(
                collapsed
                        ? "It collapsed at %s: %.0f %% of what was offered was served; never more than %.0f requests/s."
                        : "It did not collapse up to %s, where %.0f %% was served; at most %.0f requests/s.",
                rate(last.stage().perSecond()),
                100 * servedRatio(last),
                best);
        if (!collapsed && last.stage().perSecond() >= mostPerSecond()) {
            say("The users of the data set ask for no more at their own pace: more need a larger one.");
        }
        say("Back at %s %s.", rate(plan.perSecond()), recovery.words());
        figures.put("metUpToPerSecond", carried).put("servedAtMostPerSecond", best);
        if (collapsed) {
            figures.put("collapsedAtPerSecond", last.stage().perSecond());
        }
    }

    Verdict soak() {
        var steps = drive(Stages.soak(plan.perSecond(), plan.seconds()));
        var missed = steps.stream().filter(step -> !met(step)).toList();
        var what = rate(plan.perSecond()) + " for " + duration(plan.seconds());
        if (missed.isEmpty()) {
            say("%s: the objective (%s) held in all %d parts.", what, plan.slo(), steps.size());
        } else {
            var first = missed.get(0);
            say(
                    "%s: the objective (%s) was missed in %d of %d parts, first in %s: %s.",
                    what, plan.slo(), missed.size(), steps.size(), first.stage().name(), why(first));
        }
        trend("p99", steps, steps.stream().map(step -> step.figures().p99()).toList());
        int cores = windows.coreCount();
        if (steps.stream().anyMatch(step -> step.measured().utilisation() > 0)) {
            trend(
                    "CPU per request",
                    steps,
                    steps.stream()
                            .map(step -> step.measured().cpuSecondsPerRequest(cores))
                            .toList());
        }
        return verdict(missed.isEmpty());
    }

    private void trend(String what, List<Step> steps, List<Double> values) {
        var trend = Trend.of(
                steps.stream()
                        .map(step -> step.window().startEpochMillis() / 3_600_000.0)
                        .toList(),
                values);
        sentences.add(trend.words(what));
        var key = what.equals("p99") ? "p99DriftPerHour" : "cpuPerRequestDriftPerHour";
        figures.put(key, trend.perHour()).put(key + "Low", trend.low()).put(key + "High", trend.high());
    }

    /** One part of a run that is more than its windows: what a failover and a search for the knee build on. */
    record Step(Stage stage, Measured measured, Figures figures) {
        Window window() {
            return measured.window();
        }
    }

    /** Drives these one right after the other. */
    List<Step> drive(List<Stage> stages) {
        progress.detail(plan.scenario());
        progress.left(stages.stream().mapToDouble(Stage::seconds).sum() + 1);
        var measured = windows.driveInRow(stages.stream().map(this::window).toList());
        alive.run();
        var steps = new ArrayList<Step>();
        for (int i = 0; i < stages.size(); i++) {
            steps.add(step(stages.get(i), measured.get(i)));
        }
        return steps;
    }

    Windows.Plan window(Stage stage) {
        return Windows.Plan.of(Window.Role.SCENARIO, Workload.OWN_MIX, stage.perSecond(), stage.seconds());
    }

    private Step step(Stage stage, Measured measured) {
        var figures = Figures.of(measured.window(), headline(workload));
        this.figures
                .withArray("stages")
                .addObject()
                .put("name", stage.name())
                .put("window", measured.window().index())
                .put("offeredPerSecond", figures.offeredPerSecond())
                .put("servedPerSecond", figures.servedPerSecond())
                .put("p99Seconds", figures.p99())
                .put("errorRatio", figures.errorRatio())
                .put("met", plan.slo().met(figures));
        return new Step(stage, measured, figures);
    }

    /** Operations that the objective is over: what users ask for who mean well. */
    static Set<String> headline(Workload workload) {
        return workload.classes().stream()
                .filter(each -> each.headline())
                .flatMap(each -> each.operations().stream())
                .filter(name -> !workload.abusive().contains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean met(Step step) {
        return plan.slo().met(step.figures());
    }

    private String why(Step step) {
        return plan.slo().missed(step.figures());
    }

    static double servedRatio(Step step) {
        double offered = step.figures().offeredPerSecond();
        return offered == 0 ? 1 : Math.min(1, step.figures().servedPerSecond() / offered);
    }

    private double mostPerSecond() {
        return workload.ownMix().mostPerSecond(recorder.record().dataset().users());
    }

    private void recovery(Recovery recovery) {
        figures.put("badSeconds", recovery.badSeconds())
                .put("failedRequestsAfter", recovery.failed())
                .put("recoveredAfterSeconds", recovery.recovered() ? recovery.recoveredAfterSeconds() : null);
    }

    private Verdict verdict(boolean met) {
        return new Verdict(plan.scenario(), plan.slo(), met, sentences, figures);
    }

    /** Text of a run, such as why an objective was missed, is a value and never part of the format: it holds per cent signs. */
    private void say(String format, Object... values) {
        sentences.add(String.format(Locale.ROOT, format, values));
    }

    /** A rate with the users that it is. */
    private String rate(double perSecond) {
        return rate(perSecond, plan.usersPerRequestPerSecond());
    }

    static String rate(double perSecond, double usersPerRequestPerSecond) {
        return String.format(
                Locale.ROOT,
                perSecond < 10
                        ? "%.1f requests/s (%,.0f users in session)"
                        : "%,.0f requests/s (%,.0f users in session)",
                perSecond,
                perSecond * usersPerRequestPerSecond);
    }

    static String time(double seconds) {
        return seconds < 1 ? Progress.millis(seconds) : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    static String percent(double ratio) {
        return String.format(Locale.ROOT, ratio > 0 && ratio < 0.001 ? "%.2f %%" : "%.1f %%", ratio * 100);
    }

    static String duration(double seconds) {
        return seconds < 120 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
    }

    /** The seconds of the run so far, from this moment. */
    List<Second> secondsSince(long epochMillis) {
        return seconds.since(epochMillis);
    }
}
