package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import me.musclemap.load.knee.KneeProbe;
import me.musclemap.load.knee.ResponseCurve;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Window;
import me.musclemap.load.scenario.Figures;
import me.musclemap.load.scenario.Recovery;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.workload.Workload;

/**
 * Finds the highest rate that meets the objective: a probe says roughly where it is, load levels in random order around it give a
 * response curve, and where that crosses the limit is the answer, with an interval. An overload after it says at which rate the target
 * collapses, and how long it takes to come back. Not thread-safe.
 */
final class KneeRun {
    /** Levels span this range around what the probe found. */
    private static final double LOWEST = 0.6;

    private static final double HIGHEST = 1.4;

    /** A level that leaves more of what was offered unserved is not sustained, however fast its answers still are. */
    private static final double UNSERVED = 0.04;

    /** More than this share slower than the limit of p99, and p99 is not met. */
    private static final double SLOWEST = 0.01;

    private static final double OVERLOAD = 1.6;
    private static final double RELIEF = 0.5;
    private static final int LEVELS_AT_MOST = 24;
    private static final int REPEATS_AT_MOST = 4;

    private final Windows windows;
    private final Workload workload;
    private final ScenarioRun.Plan plan;
    private final long seed;
    private final Recorder recorder;
    private final SecondsLog seconds;
    private final Runnable alive;
    private final Progress progress;
    private final ObjectNode figures = JsonNodeFactory.instance.objectNode();
    private final List<String> sentences = new ArrayList<>();
    private int repeatsLeft = REPEATS_AT_MOST;

    KneeRun(
            Windows windows,
            Workload workload,
            ScenarioRun.Plan plan,
            long seed,
            Recorder recorder,
            SecondsLog seconds,
            Runnable alive,
            Progress progress) {
        this.windows = windows;
        this.workload = workload;
        this.plan = plan;
        this.seed = seed;
        this.recorder = recorder;
        this.seconds = seconds;
        this.alive = alive;
        this.progress = progress;
    }

    /** @param firstPerSecond where the probe begins */
    Verdict run(double firstPerSecond) {
        double most =
                workload.ownMix().mostPerSecond(recorder.record().dataset().users());
        var rough = probe(Math.min(firstPerSecond, most), most);
        var levels = levels(rough.perSecond(), most);
        var crossing = new ResponseCurve(levels).crossing(new SplittableRandom(seed));
        words(crossing, levels);
        double about = crossing.found() ? crossing.perSecond() : rough.perSecond();
        overload(Math.min(most, about * OVERLOAD), about * RELIEF);
        figures.put("kneePerSecond", crossing.found() ? crossing.perSecond() : null)
                .put("kneeLowPerSecond", finite(crossing.low()))
                .put("kneeHighPerSecond", finite(crossing.high()))
                .put("roughKneePerSecond", rough.perSecond());
        boolean asked = plan.perSecond() > 0;
        if (asked && crossing.found()) {
            say(
                    crossing.perSecond() >= plan.perSecond()
                            ? "The %s asked for are below the knee."
                            : "The %s asked for are above the knee.",
                    rate(plan.perSecond()));
        }
        boolean met = crossing.perSecond() > 0 && (!asked || crossing.perSecond() >= plan.perSecond());
        return new Verdict(plan.scenario(), plan.slo(), met, sentences, figures);
    }

    private static @org.jspecify.annotations.Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private KneeProbe.Knee probe(double first, double most) {
        var probe = new KneeProbe(first, most, 12);
        for (var next = probe.nextPerSecond(); next.isPresent(); next = probe.nextPerSecond()) {
            double rate = next.getAsDouble();
            progress.detail("probe %.0f/s".formatted(rate));
            var window = Windows.Plan.of(Window.Role.PROBE, Workload.OWN_MIX, rate, Math.max(3, levelSeconds() / 2));
            var step = windows.drive(window);
            alive.run();
            seconds.settle(windows);
            var seen = step.window();
            probe.observe(new KneeProbe.Step(
                    seen.durationSeconds(),
                    seen.scheduledPerSecond(),
                    seen.offeredPerSecond(),
                    seen.servedPerSecond(),
                    // the probe's own rule is a p99 of one second: an objective that is missed counts as slow as that
                    margin(step) >= 0 ? 2 : 0,
                    step.utilisation()));
        }
        var knee = probe.knee();
        recorder.update(record -> Changed.of(record)
                .probe(new RunRecord.Probe(knee.perSecond(), knee.rule()))
                .record());
        return knee;
    }

    private double levelSeconds() {
        return Math.max(4, Math.min(12, plan.seconds() / (LEVELS_AT_MOST * 1.6)));
    }

    private int levelCount() {
        return (int) Math.max(10, Math.min(LEVELS_AT_MOST, plan.seconds() / (levelSeconds() + 2.5)));
    }

    private List<ResponseCurve.Level> levels(double rough, double most) {
        int count = levelCount();
        double top = Math.min(most, rough * HIGHEST);
        double bottom = Math.min(rough * LOWEST, top / 2);
        var rates = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            rates.add(bottom * Math.pow(top / bottom, (double) i / (count - 1)));
        }
        Collections.shuffle(rates, new Random(seed));
        var levels = new ArrayList<ResponseCurve.Level>();
        for (int i = 0; i < count; i++) {
            progress.detail("level %d of %d, %.0f/s".formatted(i + 1, count, rates.get(i)));
            progress.left((count - i) * (Conductor.wallSeconds(levelSeconds()) + 1) + 20);
            level(rates.get(i)).ifPresent(levels::add);
        }
        if (levels.size() < 6) {
            throw LabException.failed("knee: the machine spoilt all but " + levels.size()
                    + " levels (steal, or other programs): run again when it is quiet");
        }
        return levels;
    }

    /** Empty when the machine spoilt it, and its repeats. */
    private java.util.Optional<ResponseCurve.Level> level(double rate) {
        var window = Windows.Plan.of(Window.Role.SCENARIO, Workload.OWN_MIX, rate, levelSeconds());
        var measured = windows.drive(window);
        alive.run();
        seconds.settle(windows);
        while (spoiltByMachine(measured)) {
            windows.exclude(measured.window().index(), String.valueOf(measured.spoiltBy()));
            if (repeatsLeft-- <= 0) {
                return java.util.Optional.empty();
            }
            measured = windows.drive(window.again(measured.window().index()));
            alive.run();
            seconds.settle(windows);
        }
        var figured = Figures.of(measured.window(), ScenarioRun.headline(workload));
        double margin = margin(measured);
        figures.withArray("levels")
                .addObject()
                .put("perSecond", rate)
                .put("window", measured.window().index())
                .put("p99Seconds", figured.p99())
                .put("errorRatio", figured.errorRatio())
                .put("servedPerSecond", figured.servedPerSecond())
                .put("utilisation", measured.utilisation())
                .put("margin", margin);
        return java.util.Optional.of(new ResponseCurve.Level(rate, margin));
    }

    private static boolean spoiltByMachine(Measured measured) {
        var why = measured.spoiltBy();
        return why != null && why.startsWith("machine");
    }

    /** Of the objective, or of what was left unserved, whichever is worse. */
    private double margin(Measured measured) {
        var figured = Figures.of(measured.window(), ScenarioRun.headline(workload));
        double offered = figured.offeredPerSecond();
        double unserved = offered == 0 ? 0 : Math.max(0, 1 - figured.servedPerSecond() / offered);
        double arrivals = offered * measured.window().durationSeconds();
        double limit = UNSERVED + (arrivals > 0 ? 1 / Math.sqrt(arrivals) : 0);
        double late = arrivals > 0 ? leftBehind(measured.window()) / arrivals : 0;
        return Math.max(Math.max(plan.slo().margin(figured), margin(late, SLOWEST)), margin(unserved, limit));
    }

    private static double margin(double share, double limit) {
        return Math.log(Math.max(share, limit / 10) / limit);
    }

    /**
     * Requests of this window that ended so long after it that they took longer than p99 may. The window's own p99 is of what ended in
     * it: a target that starves a few requests for the others' sake would look fast.
     */
    private double leftBehind(Window window) {
        var limit = plan.slo().p99Seconds();
        if (limit.isEmpty()) {
            return 0;
        }
        double over = window.startEpochMillis() + 1000 * (window.durationSeconds() + limit.getAsDouble());
        return seconds.since(Math.round(over)).stream()
                .mapToDouble(second -> second.served() + second.failed())
                .sum();
    }

    private void words(ResponseCurve.Crossing crossing, List<ResponseCurve.Level> levels) {
        double lowest = levels.stream()
                .mapToDouble(ResponseCurve.Level::perSecond)
                .min()
                .orElse(0);
        double highest = levels.stream()
                .mapToDouble(ResponseCurve.Level::perSecond)
                .max()
                .orElse(0);
        if (crossing.found()) {
            say(
                    "The objective (%s) holds up to %s (95 %% interval %s to %s requests/s, from %d load levels in random order).",
                    plan.slo(),
                    rate(crossing.perSecond()),
                    crossing.low() == 0 ? "below " + Math.round(lowest) : Math.round(crossing.low()),
                    Double.isInfinite(crossing.high()) ? "above " + Math.round(highest) : Math.round(crossing.high()),
                    levels.size());
        } else if (crossing.perSecond() == 0) {
            say(
                    "The objective (%s) holds at no load: it was missed from the lowest level on, %s.",
                    plan.slo(), rate(lowest));
        } else {
            say(
                    "The objective (%s) held at every level up to %s, the most that the users of the data set ask for at their own pace: "
                            + "the knee is above that. Use a larger data set (--dataset-users).",
                    plan.slo(), rate(highest));
        }
    }

    /** Much too much for a while, then half of what it carries. */
    private void overload(double much, double little) {
        progress.detail("overload %.0f/s".formatted(much));
        double seconds = Math.max(6, levelSeconds());
        long began = System.currentTimeMillis();
        var plans = List.of(
                Windows.Plan.of(Window.Role.SCENARIO, Workload.OWN_MIX, much, seconds),
                Windows.Plan.of(Window.Role.SCENARIO, Workload.OWN_MIX, little, 2 * seconds));
        var measured = windows.driveInRow(plans);
        alive.run();
        var over = Figures.of(measured.get(0).window(), ScenarioRun.headline(workload));
        long relief = measured.get(1).window().startEpochMillis();
        var recovery = Recovery.after(this.seconds.since(began), relief, plan.slo());
        say(
                "Overloaded with %.0f requests/s it served %.0f/s (its collapse rate), p99 of what ended in that time %s; back at %.0f/s %s.",
                over.offeredPerSecond(),
                over.servedPerSecond(),
                ScenarioRun.time(over.p99()),
                little,
                recovery.words());
        figures.put("overloadPerSecond", over.offeredPerSecond())
                .put("collapseServedPerSecond", over.servedPerSecond())
                .put("recoveredAfterSeconds", recovery.recovered() ? recovery.recoveredAfterSeconds() : null);
    }

    private String rate(double perSecond) {
        return ScenarioRun.rate(perSecond, plan.usersPerRequestPerSecond());
    }

    private void say(String format, Object... values) {
        sentences.add(String.format(Locale.ROOT, format, values));
    }
}
