package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.musclemap.load.knee.KneeProbe;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Window;
import me.musclemap.load.validity.Limits;
import me.musclemap.load.workload.FitClass;
import me.musclemap.load.workload.Mix;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * One restart of a calibration, in the order that makes its figures honest: warm-up cut by a rule fixed beforehand, idle,
 * the probe, fit windows in random order, the sealed prediction, held-out windows. Not thread-safe.
 */
final class Calibration {
    /** Seals a prediction for these conditions. */
    interface Predictor {
        Sealed seal(ObjectNode conditions);
    }

    /** A sealed prediction, or why the model gives none of these windows. */
    record Sealed(RunRecord.@Nullable Prediction prediction, String why) {}

    /**
     * What came of it, beyond the windows.
     *
     * @param notPredicted why no prediction was sealed, empty when one was
     */
    record Result(boolean warmedUp, String warmUp, KneeProbe.Knee knee, String notPredicted) {}

    private static final double FIRST_PER_SECOND = 40;
    private static final double WARM_UTILISATION = 0.65;
    private static final double WARM_JIT_RATIO = 0.12;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Windows windows;
    private final Workload workload;
    private final Pace pace;
    private final long seed;
    private final Recorder recorder;
    private final Predictor predictor;
    private final Runnable warmedUp;
    private final Progress progress;
    private final List<String> fitMixes;
    private final List<String> heldOutMixes;
    /** How much dearer a request of a mix is than one of the workload's own. */
    private final Map<String, Double> dearness = new LinkedHashMap<>();

    private int repeatsLeft;

    Calibration(
            Windows windows,
            Workload workload,
            Pace pace,
            long seed,
            Recorder recorder,
            Predictor predictor,
            Runnable warmedUp,
            Progress progress) {
        this.windows = windows;
        this.workload = workload;
        this.pace = pace;
        this.seed = seed;
        this.recorder = recorder;
        this.predictor = predictor;
        this.warmedUp = warmedUp;
        this.progress = progress;
        repeatsLeft = pace.repeatsAtMost();
        var mixes = workload.mixesByName().values();
        fitMixes = mixes.stream().filter(mix -> !mix.heldOut()).map(Mix::name).toList();
        var held = mixes.stream().filter(Mix::heldOut).map(Mix::name).toList();
        heldOutMixes = held.isEmpty() ? List.of(Workload.OWN_MIX) : held;
    }

    /** Drives all of it; phases 2, 3 and 4 of a demo. */
    Result run() {
        progress.begin("warm up");
        var warmUp = warmUp();
        warmedUp.run();
        progress.end(warmUp.words());
        progress.begin("calibrate");
        progress.detail("idle");
        progress.left(Conductor.wallSeconds(pace.idleSeconds()) + pace.secondsFromProbe(mixCount()));
        windows.drive(Windows.Plan.of(Window.Role.IDLE, Workload.OWN_MIX, 0, pace.idleSeconds()));
        var knee = probe(warmUp.fullCorePerSecond());
        priceMixes(knee);
        fit(knee);
        progress.end(fitWords(knee));
        progress.begin("held out");
        var notPredicted = usedFitWindows() < Limits.FIT_WINDOWS ? "too few fit windows are left" : heldOut(knee);
        if (!notPredicted.isEmpty()) {
            progress.end("nothing predicted: " + notPredicted);
        }
        return new Result(warmUp.settled(), warmUp.words(), knee, notPredicted);
    }

    private record WarmUp(boolean settled, String words, double fullCorePerSecond) {}

    /**
     * Slices whose rate steers to a well used core, until the compiled code is there: settled when CPU per request of the
     * last two slices differs by no more than the tolerance, JIT compilers take less than a tenth of the core, and what is
     * offered is served.
     */
    private WarmUp warmUp() {
        progress.left(pace.warmUpLeastSeconds()
                + Conductor.wallSeconds(pace.idleSeconds())
                + pace.secondsFromProbe(mixCount()));
        double rate = Math.min(FIRST_PER_SECOND, mostPerSecond(Workload.OWN_MIX));
        double passed = 0;
        Measured before = null;
        while (true) {
            progress.detail("%.0f s".formatted(passed));
            var slice = windows.drive(
                    Windows.Plan.of(Window.Role.WARM_UP, Workload.OWN_MIX, rate, pace.warmUpSliceSeconds()));
            passed += Conductor.wallSeconds(pace.warmUpSliceSeconds());
            boolean settled = before != null && settled(before, slice);
            if (passed >= pace.warmUpLeastSeconds() && (settled || passed >= pace.warmUpMostSeconds())) {
                return new WarmUp(
                        settled,
                        warmUpWords(passed, slice, settled),
                        slice.window().servedPerSecond() / Math.max(0.02, slice.utilisation()));
            }
            before = slice;
            // Compilers may be on the other core while the code warms up; the requests are what has to fit.
            double factor = WARM_UTILISATION / Math.max(0.05, slice.utilisation() - slice.jitRatio());
            double most = keepsUp(slice) ? 2.5 : 0.5;
            rate = Math.min(rate * Math.max(0.5, Math.min(most, factor)), mostPerSecond(Workload.OWN_MIX));
        }
    }

    private boolean settled(Measured before, Measured after) {
        int cores = windows.coreCount();
        double first = before.cpuSecondsPerRequest(cores);
        double last = after.cpuSecondsPerRequest(cores);
        return keepsUp(after)
                && after.jitRatio() < WARM_JIT_RATIO
                && Math.abs(first - last) <= pace.warmUpTolerance() * Math.max(first, last);
    }

    /** Whether no backlog grows. */
    private static boolean keepsUp(Measured slice) {
        return slice.window().servedPerSecond() >= 0.9 * slice.window().offeredPerSecond();
    }

    private String warmUpWords(double seconds, Measured last, boolean settled) {
        return String.format(
                Locale.ROOT,
                "%.0f s · %,.0f req/s · p99 %s · %s",
                seconds,
                last.window().servedPerSecond(),
                Progress.millis(last.p99Seconds()),
                settled
                        ? "settled, discarded"
                        : String.format(Locale.ROOT, "never settled within %.0f %%", pace.warmUpTolerance() * 100));
    }

    private KneeProbe.Knee probe(double fullCorePerSecond) {
        double most = mostPerSecond(Workload.OWN_MIX);
        var probe = new KneeProbe(Math.max(1, 0.55 * fullCorePerSecond), most, pace.probeStepsAtMost());
        for (var next = probe.nextPerSecond(); next.isPresent(); next = probe.nextPerSecond()) {
            double rate = next.getAsDouble();
            progress.detail("probe at %,.0f/s".formatted(rate));
            var step = windows.drive(Windows.Plan.of(Window.Role.PROBE, Workload.OWN_MIX, rate, pace.probeSeconds()));
            probe.observe(new KneeProbe.Step(
                    pace.probeSeconds(),
                    rate,
                    step.window().offeredPerSecond(),
                    step.window().servedPerSecond(),
                    step.p99Seconds(),
                    step.utilisation()));
        }
        var knee = probe.knee();
        var rule = "p99 > 1 s, or core > 90 % busy, or served < 97 % of offered; " + knee.rule();
        recorder.update(record -> Changed.of(record)
                .probe(new RunRecord.Probe(knee.perSecond(), rule))
                .record());
        windows.rest(2);
        return knee;
    }

    /** One short look at each mix, so that a rate means about the same load in all of them; never fitted. */
    private void priceMixes(KneeProbe.Knee knee) {
        progress.left(pace.secondsAfterProbe(mixCount()));
        double perSecond = 0.3 * knee.perSecond();
        double own = Double.NaN;
        for (var name : workload.mixesByName().keySet()) {
            progress.detail("a look at mix " + name);
            double rate = Math.min(perSecond, mostPerSecond(name));
            var look = windows.drive(Windows.Plan.of(Window.Role.PROBE, name, rate, pace.mixSeconds()));
            double price = look.cpuSecondsPerRequest(windows.coreCount());
            if (name.equals(Workload.OWN_MIX)) {
                own = price;
            }
            double relative = price / own;
            dearness.put(name, Double.isFinite(relative) ? Math.max(0.5, Math.min(4, relative)) : 1);
        }
    }

    private void fit(KneeProbe.Knee knee) {
        var rungs = FitLadder.rungs(fitMixes, pace.fitWindows(), pace.highWindows(), seed);
        double left = pace.secondsAfterMixes();
        int done = 0;
        for (var rung : rungs) {
            done++;
            progress.left(left);
            progress.detail("window %d of %d".formatted(done, rungs.size()));
            driveUnspoilt(Windows.Plan.of(
                    Window.Role.FIT,
                    rung.mixName(),
                    rate(knee, rung.mixName(), rung.shareOfKnee()),
                    pace.fitSeconds()));
            left -= Conductor.wallSeconds(pace.fitSeconds());
        }
    }

    /** Repeats a window that the machine or the generator spoilt, at most twice; what stays spoilt is left out of the fit. */
    private Measured driveUnspoilt(Windows.Plan plan) {
        var measured = windows.drive(plan);
        int first = measured.window().index();
        for (int again = 0; again < 2 && measured.spoiltBy() != null && repeatsLeft > 0; again++) {
            repeatsLeft--;
            windows.exclude(measured.window().index(), String.valueOf(measured.spoiltBy()));
            measured = windows.drive(plan.again(first));
        }
        if (measured.spoiltBy() != null) {
            windows.exclude(measured.window().index(), measured.spoiltBy());
        }
        return measured;
    }

    private long usedFitWindows() {
        return recorder.record().windows().stream()
                .filter(window -> window.role() == Window.Role.FIT && window.excluded() == null)
                .count();
    }

    private String fitWords(KneeProbe.Knee knee) {
        long used = usedFitWindows();
        long excluded = recorder.record().windows().stream()
                .filter(window -> window.excluded() != null)
                .count();
        return String.format(
                Locale.ROOT,
                "probe: knee at about %,.0f/s%s · %d fit windows, %d mixes%s",
                knee.perSecond(),
                knee.reached() ? "" : " or above",
                used,
                fitMixes.size(),
                excluded == 0 ? "" : ", " + excluded + " left out");
    }

    /** Seals and drives; why nothing could be sealed, or empty. */
    private String heldOut(KneeProbe.Knee knee) {
        progress.left(pace.secondsAfterFit());
        progress.detail("sealing the prediction");
        var plans = new ArrayList<Windows.Plan>();
        var shares = FitLadder.heldOut(pace.heldOutWindows());
        for (int i = 0; i < shares.size(); i++) {
            var mixName = heldOutMixes.get(i % heldOutMixes.size());
            plans.add(Windows.Plan.of(
                    Window.Role.HELD_OUT, mixName, rate(knee, mixName, shares.get(i)), pace.heldOutSeconds()));
        }
        var sealed = predictor.seal(conditions(plans));
        var prediction = sealed.prediction();
        if (prediction == null) {
            return sealed.why();
        }
        recorder.update(record -> Changed.of(record).prediction(prediction).record());
        double left = plans.size() * Conductor.wallSeconds(pace.heldOutSeconds());
        for (int i = 0; i < plans.size(); i++) {
            progress.left(left);
            progress.detail("window %d of %d".formatted(i + 1, plans.size()));
            // Never repeated: the prediction was sealed for these windows, and a second try would be a choice.
            var measured = windows.drive(plans.get(i).answering(prediction.sha256()));
            if (measured.spoiltBy() != null) {
                windows.exclude(measured.window().index(), measured.spoiltBy());
            }
            left -= Conductor.wallSeconds(pace.heldOutSeconds());
        }
        progress.end("prediction sealed %s… · %d windows, other mix, up to 90 %% of the probe's knee"
                .formatted(prediction.sha256().substring(0, 4), plans.size()));
        return "";
    }

    private ObjectNode conditions(List<Windows.Plan> plans) {
        var root = JSON.createObjectNode();
        var list = root.putArray("conditions");
        int next = recorder.record().windowCount();
        var dataset = recorder.record().dataset();
        for (int i = 0; i < plans.size(); i++) {
            var plan = plans.get(i);
            var condition = list.addObject();
            condition.put("name", "h" + i).put("window", next + i).put("mixName", plan.mixName());
            var mix = condition.putObject("mix");
            var shares = workload.mixes().getOrDefault(plan.mixName(), Map.of());
            double telemetry = 0;
            for (var fitClass : workload.classes()) {
                double share = shares.getOrDefault(fitClass.name(), 0.0);
                if (fitClass.headline()) {
                    mix.put(fitClass.name(), share);
                } else {
                    telemetry += share;
                }
            }
            condition
                    .put("requestsPerSecond", plan.perSecond())
                    .put("telemetryPerSecond", plan.perSecond() * telemetry);
            condition.put("cores", windows.coreCount());
            condition.putObject("dataset").put("users", dataset.users()).put("workouts", dataset.workouts());
        }
        return root;
    }

    /** The rate of a mix that loads the core as this share of the knee does in the workload's own mix. */
    private double rate(KneeProbe.Knee knee, String mixName, double shareOfKnee) {
        double rate = shareOfKnee * knee.perSecond() / dearness.getOrDefault(mixName, 1.0);
        return Math.min(rate, mostPerSecond(mixName));
    }

    /** What the data set's users ask for when all of them are in session at their own pace; never more is driven. */
    private double mostPerSecond(String mixName) {
        var mix = workload.mix(mixName).orElseThrow();
        return 0.95 * recorder.record().dataset().users() * mix.requestsPerSecondPerUser();
    }

    private int mixCount() {
        return workload.mixesByName().size();
    }

    /** The classes of a workload as the record keeps them. */
    static List<RunRecord.RequestClass> classes(Workload workload) {
        return workload.classes().stream().map(Calibration::requestClass).toList();
    }

    private static RunRecord.RequestClass requestClass(FitClass fitClass) {
        return new RunRecord.RequestClass(fitClass.name(), fitClass.operations(), fitClass.headline());
    }
}
