package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import me.musclemap.load.knee.KneeProbe;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Window;
import me.musclemap.load.validity.Limits;
import me.musclemap.load.workload.Mix;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * One restart of a calibration, in the order that makes its figures honest: warm-up cut by a rule fixed beforehand, idle,
 * the probe, fit windows in random order, the sealed prediction, held-out windows, and periodic work by itself. Not
 * thread-safe.
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
     * @param notPredicted why no prediction was sealed, empty when one was, or none was due
     * @param later held-out windows that a later restart has to drive
     */
    record Result(boolean warmedUp, String warmUp, Placement placement, String notPredicted, List<Windows.Plan> later) {
        Result {
            later = List.copyOf(later);
        }
    }

    static final double FIRST_PER_SECOND = 40;
    private static final double WARM_UTILISATION = 0.65;
    /** For the mixes while their prices are not known and compilers may still use the other core. */
    private static final double BRISK_UTILISATION = 0.3;

    private static final double PLAY_UTILISATION = 0.6;
    private static final int SLICES_MORE = 5;
    private static final double PROBE_FIRST = 0.65;
    private static final double WARM_JIT_RATIO = 0.12;
    /** The last window may have been above the knee: its backlog is gone by then. */
    private static final double REST_SECONDS = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Windows windows;
    private final Workload workload;
    private final Restart restart;
    private final Pace pace;
    private final long seed;
    private final Recorder recorder;
    private final Predictor predictor;
    private final Runnable warmedUp;
    private final List<Chore> chores;
    private final Progress progress;
    private final List<String> fitMixes;
    private final List<String> heldOutMixes;
    /** What the data set's users ask for at their own pace in every mix that is driven; never more is. */
    private final double mostPerSecond;
    /** How much dearer a request of a mix is than one of the workload's own. */
    private final Map<String, Double> dearness = new LinkedHashMap<>();

    private int repeatsLeft;

    Calibration(
            Windows windows,
            Workload workload,
            Restart restart,
            Pace pace,
            long seed,
            Recorder recorder,
            Predictor predictor,
            Runnable warmedUp,
            List<Chore> chores,
            Progress progress) {
        this.windows = windows;
        this.workload = workload;
        this.restart = restart;
        this.pace = pace;
        this.seed = seed;
        this.recorder = recorder;
        this.predictor = predictor;
        this.warmedUp = warmedUp;
        this.chores = List.copyOf(chores);
        this.progress = progress;
        repeatsLeft = pace.repeatsAtMost();
        var mixes = workload.mixesByName().values();
        fitMixes = mixes.stream().filter(mix -> !mix.heldOut()).map(Mix::name).toList();
        var held = mixes.stream().filter(Mix::heldOut).map(Mix::name).toList();
        heldOutMixes = held.isEmpty() ? List.of(Workload.OWN_MIX) : held;
        mostPerSecond = workload.mostPerSecondOfEveryMix(restart.dataset().users());
    }

    /**
     * Drives all of it.
     *
     * @param known where the ladder stands, if an earlier restart found it
     * @param sealed held-out windows of this restart that are sealed already
     */
    Result run(@Nullable Placement known, List<Windows.Plan> sealed) {
        progress.begin("warm up");
        var warmUp = warmUp(mostPerSecond);
        playMixes(BRISK_UTILISATION * warmUp.fullCorePerSecond(), known);
        warmedUp.run();
        playMixes(PLAY_UTILISATION * warmUp.fullCorePerSecond(), known);
        warmUp = settled(warmUp);
        progress.end(warmUp.words());
        if (restart.fits()) {
            progress.begin("calibrate");
        } else {
            progress.begin("held out");
        }
        progress.detail("idle");
        progress.left(Conductor.wallSeconds(pace.idleSeconds()) + pace.secondsFromProbe());
        windows.drive(Windows.Plan.of(Window.Role.IDLE, Workload.OWN_MIX, 0, pace.idleSeconds()));
        var placement = known != null ? known : place(warmUp.fullCorePerSecond());
        if (restart.fits()) {
            fit(placement);
            if (!restart.seals()) {
                chores();
            }
            progress.end(fitWords(placement));
        }
        var notPredicted = "";
        List<Windows.Plan> later = List.of();
        if (restart.seals()) {
            progress.begin("held out");
            if (known != null) {
                placement = placedAgain(known, warmUp.fullCorePerSecond());
            }
            later = later(placement);
            notPredicted =
                    usedFitWindows() < Limits.FIT_WINDOWS ? "too few fit windows are left" : seal(placement, later);
            if (!notPredicted.isEmpty()) {
                progress.end("nothing predicted: " + notPredicted);
            }
        } else if (restart.answers()) {
            answer(sealed, warmUp.settled());
            later = sealed.stream()
                    .filter(plan -> plan.index() == null || !restart.drives(plan.index()))
                    .toList();
        }
        // Where only utilisation is compared, and nothing is fitted, an unsettled warm-up costs those windows and not
        // the run.
        return new Result(warmUp.settled() || restart.onTwoCores(), warmUp.words(), placement, notPredicted, later);
    }

    /**
     * The probe of the first restart comes while code is being compiled, and fit windows may well stand by it. Held-out windows
     * have to be at high load for certain: minutes later and restarts later they stand by another, which is never fitted either.
     */
    private Placement placedAgain(Placement known, double fullCorePerSecond) {
        progress.detail("where the knee is now");
        var knee = findKnee(fullCorePerSecond);
        windows.rest(2);
        return knee.perSecond() > known.kneePerSecond()
                ? new Placement(knee.perSecond(), knee.reached(), knee.rule(), known.dearness())
                : known;
    }

    private Placement place(double fullCorePerSecond) {
        var knee = probe(fullCorePerSecond);
        return new Placement(knee.perSecond(), knee.reached(), knee.rule(), dearness);
    }

    record WarmUp(boolean settled, double seconds, String words, double fullCorePerSecond) {}

    /**
     * Slices whose rate steers to a well used core, until the compiled code is there: settled when CPU per request of the
     * last two slices differs by no more than the tolerance, JIT compilers take less than a tenth of the core, and what is
     * offered is served.
     *
     * @param atMostPerSecond it is never driven harder
     */
    WarmUp warmUp(double atMostPerSecond) {
        progress.left(pace.warmUpLeastSeconds()
                + pace.secondsOfMixes(mixCount())
                + Conductor.wallSeconds(pace.idleSeconds())
                + pace.secondsFromProbe());
        double rate = Math.min(FIRST_PER_SECOND, atMostPerSecond);
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
                        passed,
                        warmUpWords(passed, slice, settled),
                        slice.window().servedPerSecond() / Math.max(0.02, slice.utilisation()));
            }
            before = slice;
            // Compilers may be on the other core while the code warms up; the requests are what has to fit.
            double factor = WARM_UTILISATION / Math.max(0.05, slice.utilisation() - slice.jitRatio());
            double most = keepsUp(slice) ? 2.5 : 0.5;
            rate = Math.min(rate * Math.max(0.5, Math.min(most, factor)), atMostPerSecond);
        }
    }

    /** What had not settled before the mixes were played may have with them: the same rule, a few slices more. */
    private WarmUp settled(WarmUp before) {
        WarmUp last = before;
        Measured previous = null;
        for (int slice = 0; !last.settled() && slice < SLICES_MORE; slice++) {
            double rate = Math.min(PLAY_UTILISATION * last.fullCorePerSecond(), mostPerSecond);
            var next = windows.drive(
                    Windows.Plan.of(Window.Role.WARM_UP, Workload.OWN_MIX, rate, pace.warmUpSliceSeconds()));
            boolean settled = previous != null && settled(previous, next);
            double passed = last.seconds() + Conductor.wallSeconds(pace.warmUpSliceSeconds());
            last = new WarmUp(
                    settled,
                    passed,
                    warmUpWords(passed, next, settled),
                    next.window().servedPerSecond() / Math.max(0.02, next.utilisation()));
            previous = next;
        }
        return last;
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
        var knee = findKnee(fullCorePerSecond);
        var rule = "p99 > 1 s, or core > 90 % busy, or served < 97 % of offered; " + knee.rule();
        recorder.update(record -> Changed.of(record)
                .probe(new RunRecord.Probe(knee.perSecond(), rule))
                .record());
        windows.rest(2);
        return knee;
    }

    private KneeProbe.Knee findKnee(double fullCorePerSecond) {
        var probe = new KneeProbe(Math.max(1, PROBE_FIRST * fullCorePerSecond), mostPerSecond, pace.probeStepsAtMost());
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
        return probe.knee();
    }

    /**
     * Each mix in turn, so that the code of every operation is compiled before a window counts, and so that a rate means
     * about the same load in all of them. It is warm-up: never fitted, and the held-out mix leaves nothing behind but its
     * price, which only places its windows.
     */
    private void playMixes(double perSecond, @Nullable Placement known) {
        if (known != null) {
            dearness.putAll(known.dearness());
        }
        double before = price(Workload.OWN_MIX, perSecond);
        var prices = new LinkedHashMap<String, Double>();
        for (var name : workload.mixesByName().keySet()) {
            if (!name.equals(Workload.OWN_MIX)) {
                prices.put(name, price(name, perSecond));
            }
        }
        // Once more: the code became cheaper meanwhile, and a few seconds of it are a small sample.
        double own = (before + price(Workload.OWN_MIX, perSecond)) / 2;
        if (known == null) {
            prices.forEach((name, price) -> {
                double relative = price / own;
                double seen = Double.isFinite(relative) ? Math.max(0.6, Math.min(4, relative)) : 1;
                dearness.merge(name, seen, (earlier, now) -> (earlier + now) / 2);
            });
        }
    }

    private double price(String mixName, double perSecond) {
        progress.detail("mix " + mixName);
        double rate = Math.min(perSecond / dearness.getOrDefault(mixName, 1.0), mostPerSecond);
        return windows.drive(Windows.Plan.of(Window.Role.WARM_UP, mixName, rate, pace.mixSeconds()))
                .steadyCpuSecondsPerRequest(windows.coreCount());
    }

    private void fit(Placement placement) {
        var rungs = FitLadder.rungs(fitMixes, pace.fitWindows(), seed + restart.number());
        double left = pace.secondsAfterProbe();
        int done = 0;
        for (var rung : rungs) {
            done++;
            progress.left(left);
            progress.detail("window %d of %d".formatted(done, rungs.size()));
            driveUnspoilt(Windows.Plan.of(
                    Window.Role.FIT,
                    rung.mixName(),
                    rate(placement, rung.mixName(), rung.shareOfKnee()),
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

    private String fitWords(Placement placement) {
        long used = recorder.record().windows().stream()
                .filter(window -> window.restart() == restart.number())
                .filter(window -> window.role() == Window.Role.FIT && window.excluded() == null)
                .count();
        long excluded = recorder.record().windows().stream()
                .filter(window -> window.restart() == restart.number())
                .filter(window -> window.excluded() != null)
                .count();
        return String.format(
                Locale.ROOT,
                "probe: knee at about %,.0f/s%s · %d fit windows, %d mixes%s",
                placement.kneePerSecond(),
                placement.reached() ? "" : " or above",
                used,
                fitMixes.size(),
                excluded == 0 ? "" : ", " + excluded + " left out");
    }

    /** Seals the held-out windows of this restart and of a later one, and drives the first; why nothing could be sealed, or empty. */
    private String seal(Placement placement, List<Windows.Plan> later) {
        progress.left(pace.secondsAfterFit());
        progress.detail("sealing the prediction");
        var plans = heldOut(placement, recorder.record().nextIndex());
        var sealed = predictor.seal(conditions(plans, later));
        var prediction = sealed.prediction();
        if (prediction == null) {
            return sealed.why();
        }
        recorder.update(record -> Changed.of(record).prediction(prediction).record());
        drive(plans, prediction.sha256());
        chores();
        progress.end(
                "prediction sealed %s… · %d windows: another mix up to 90 %% of the probe's knee, the own mix beyond it"
                        .formatted(prediction.sha256().substring(0, 4), plans.size()));
        return "";
    }

    /** Drives its own of the windows whose prediction an earlier restart sealed. */
    private void answer(List<Windows.Plan> all, boolean settled) {
        var prediction = recorder.record().prediction();
        if (prediction == null) {
            progress.end("nothing was sealed for this restart");
            return;
        }
        var driven = recorder.record().windows().stream().map(Window::index).collect(Collectors.toSet());
        var plans = all.stream()
                .filter(plan -> plan.index() != null && restart.drives(plan.index()) && !driven.contains(plan.index()))
                .toList();
        drive(plans, prediction.sha256());
        if (!restart.onTwoCores()) {
            chores();
        }
        if (restart.onTwoCores() && !settled) {
            plans.forEach(plan -> windows.exclude(
                    Objects.requireNonNull(plan.index()), "target: the warm-up on two cores never settled"));
        }
        progress.end("%d windows %s, of the prediction %s… sealed before"
                .formatted(
                        plans.size(),
                        restart.onTwoCores()
                                ? "on two cores, the generator on them too"
                                : "at %,d users".formatted(restart.dataset().users()),
                        prediction.sha256().substring(0, 4)));
    }

    private void drive(List<Windows.Plan> plans, String prediction) {
        double left = plans.size() * Conductor.wallSeconds(pace.heldOutSeconds());
        for (int i = 0; i < plans.size(); i++) {
            progress.left(left);
            progress.detail("window %d of %d".formatted(i + 1, plans.size()));
            // Never repeated: the prediction was sealed for these windows, and a second try would be a choice.
            var measured = windows.drive(plans.get(i).answering(prediction));
            var spoiltBy = measured.spoiltBy();
            // Beside the system a generator is some milliseconds late: no matter where only utilisation is compared.
            if (spoiltBy != null && !(restart.onTwoCores() && spoiltBy.startsWith(Conductor.SLIP))) {
                windows.exclude(measured.window().index(), spoiltBy);
            }
            left -= Conductor.wallSeconds(pace.heldOutSeconds());
        }
    }

    /**
     * What comes at intervals, once and by itself, after all windows: none of them has it in it by chance, and it finds what
     * some minutes of load have changed, as it does between two of its times.
     */
    private void chores() {
        if (chores.isEmpty()) {
            return;
        }
        progress.detail("waiting for quiet");
        windows.rest(REST_SECONDS);
        for (var chore : chores) {
            progress.detail(chore.name());
            var work = windows.once(chore);
            if (work.excluded() != null) {
                progress.note(chore.name() + " does not count: " + work.excluded());
            }
        }
    }

    private List<Windows.Plan> later(Placement placement) {
        var plans = new ArrayList<Windows.Plan>();
        for (var to : restart.later()) {
            progress.note("held-out windows %s follow in a restart of their own"
                    .formatted(
                            to.onTwoCores()
                                    ? "on two cores"
                                    : "at %,d users".formatted(to.dataset().users())));
            plans.addAll(
                    to.onTwoCores()
                            ? heldOut(
                                    placement,
                                    FitLadder.onTwoCores(heldOutMixes, pace.heldOutWindows() + pace.kneeWindows()),
                                    to.answersFrom())
                            : heldOut(placement, to.answersFrom()));
        }
        return List.copyOf(plans);
    }

    private List<Windows.Plan> heldOut(Placement placement, int firstIndex) {
        return heldOut(
                placement, FitLadder.heldOut(heldOutMixes, pace.heldOutWindows(), pace.kneeWindows()), firstIndex);
    }

    private List<Windows.Plan> heldOut(Placement placement, List<FitLadder.Rung> rungs, int firstIndex) {
        var plans = new ArrayList<Windows.Plan>();
        for (var rung : rungs) {
            double perSecond = rate(placement, rung.mixName(), rung.shareOfKnee());
            plans.add(Windows.Plan.of(Window.Role.HELD_OUT, rung.mixName(), perSecond, pace.heldOutSeconds())
                    .at(firstIndex + plans.size()));
        }
        return List.copyOf(plans);
    }

    private ObjectNode conditions(List<Windows.Plan> here, List<Windows.Plan> later) {
        var root = JSON.createObjectNode();
        var list = root.putArray("conditions");
        here.forEach(plan -> condition(list.addObject(), plan, restart));
        for (var to : restart.later()) {
            later.stream()
                    .filter(plan -> plan.index() != null && to.drives(plan.index()))
                    .forEach(plan -> condition(list.addObject(), plan, to));
        }
        return root;
    }

    private void condition(ObjectNode condition, Windows.Plan plan, Restart at) {
        condition.put("name", "h" + plan.index()).put("window", plan.index()).put("mixName", plan.mixName());
        condition.put("restart", at.number());
        var mix = condition.putObject("mix");
        var shares = workload.mixes().getOrDefault(plan.mixName(), Map.of());
        double telemetry = 0;
        for (var fitClass : workload.classes()) {
            double share = shares.getOrDefault(fitClass.name(), 0.0);
            mix.put(fitClass.name(), share);
            telemetry += fitClass.headline() ? 0 : share;
        }
        condition.put("requestsPerSecond", plan.perSecond()).put("telemetryPerSecond", plan.perSecond() * telemetry);
        var operations = condition.putObject("operations");
        workload.mix(plan.mixName()).orElseThrow().requestsPerHeadlineRequest().forEach(operations::put);
        condition.put("cores", at.onTwoCores() ? Restart.TWO_CORES : windows.coreCount());
        if (at.onTwoCores()) {
            condition.put("generator", true);
        }
        var dataset = at.dataset();
        condition.putObject("dataset").put("users", dataset.users()).put("workouts", dataset.workouts());
    }

    private double rate(Placement placement, String mixName, double shareOfKnee) {
        return Math.min(placement.perSecond(mixName, shareOfKnee), mostPerSecond);
    }

    private int mixCount() {
        return workload.mixesByName().size();
    }
}
