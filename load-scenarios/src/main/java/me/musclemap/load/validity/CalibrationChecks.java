package me.musclemap.load.validity;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import me.musclemap.load.record.PeriodicWork;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Validity.Cause;
import me.musclemap.load.record.Validity.Check;
import me.musclemap.load.record.Validity.Finding;
import me.musclemap.load.record.Window;

/** Judges a calibration by the limits that were fixed before it. */
public final class CalibrationChecks {
    /**
     * What the windows do not say.
     *
     * @param warmedUp whether the warm-up settled by its rule; {@code warmUp} says how
     * @param kneeReached whether the probe had a step over the knee; {@code knee} is its rule
     * @param notPredicted why no prediction was sealed, empty when one was
     * @param targetUnchanged whether the same processes of the same build served the whole run
     * @param failures why requests failed, with how often
     * @param spoiltByMachine windows of any kind with steal or other processes above their limits
     * @param generator what the generator said of itself, by window
     * @param quick a smoke with short windows
     */
    public record Observations(
            boolean warmedUp,
            String warmUp,
            boolean kneeReached,
            String knee,
            String notPredicted,
            boolean targetUnchanged,
            Map<String, Long> failures,
            int spoiltByMachine,
            Map<Integer, OfGenerator> generator,
            boolean quick) {
        public Observations {
            failures = Map.copyOf(failures);
            generator = Map.copyOf(generator);
        }
    }

    private static final Set<Window.Role> COUNTING =
            EnumSet.of(Window.Role.FIT, Window.Role.HELD_OUT, Window.Role.SCENARIO);

    private final RunRecord record;
    private final Observations observations;
    private final ToDoubleFunction<String> ratePerUser;
    private final List<Window> used;

    /** Judges this record; {@code ratePerUser} is the requests per second of one user in session, by mix. */
    public CalibrationChecks(RunRecord record, Observations observations, ToDoubleFunction<String> ratePerUser) {
        this.record = record;
        this.observations = observations;
        this.ratePerUser = ratePerUser;
        used = record.windows().stream()
                .filter(window -> COUNTING.contains(window.role()))
                .filter(window -> window.excluded() == null)
                .filter(this::onItsCores)
                .toList();
    }

    /** Windows on more cores than the run's own, beside the generator, only say whether the model holds there. */
    private boolean onItsCores(Window window) {
        return record.resources().stream().allMatch(resource -> window.cores() == resource.cores());
    }

    /** The verdict and every check, those of the generator first. */
    public Validity validity() {
        var seen = new WindowChecks(used);
        var checks = new ArrayList<Check>();
        checks.add(seen.scheduleSlip(lateness()));
        checks.add(seen.generatorCpu());
        checks.add(seen.generatorPauses(observations.generator()));
        checks.add(seen.socketsAndPorts(observations.generator()));
        checks.add(seen.offered(lateness()));
        checks.add(WindowChecks.freeCore(record));
        checks.add(warmUpSettled());
        checks.add(machine());
        checks.add(steal());
        checks.add(seen.failedRequests(observations.failures()));
        checks.add(residents());
        checks.add(distinctUsers());
        checks.add(targetUnchanged());
        checks.add(knee());
        checks.add(prediction());
        checks.add(restarts());
        checks.add(viewRefresh());
        return Validity.of(checks);
    }

    /** The checks that a smoke has to pass: it shows that everything works, and measures nothing. */
    public Validity smoke() {
        var seen = new WindowChecks(used);
        return Validity.of(List.of(
                seen.failedRequests(observations.failures()),
                seen.offered(lateness()),
                targetUnchanged(),
                seen.served()));
    }

    /** The only check of a run that found no core for the generator. */
    public static Validity noFreeCore(int allowed) {
        return Validity.of(List.of(new Check(
                "freeCore",
                Finding.notValid,
                (double) allowed,
                2.0,
                Cause.machine,
                "no free core for the generator: this process may use " + allowed
                        + " core" + (allowed == 1 ? "" : "s without pinning")
                        + "; give it two, or accept an indicative result with --share-cores")));
    }

    private Check warmUpSettled() {
        return observations.warmedUp()
                ? WindowChecks.ok("warmUpSettled", null, null, observations.warmUp())
                : new Check(
                        "warmUpSettled",
                        Finding.notValid,
                        null,
                        null,
                        busyMachine() ? Cause.machine : Cause.target,
                        observations.warmUp());
    }

    /** Enough fit windows that the machine did not spoil. */
    private Check machine() {
        long fit =
                used.stream().filter(window -> window.role() == Window.Role.FIT).count();
        long spoilt = spoiltByMachine();
        var message =
                "%d fit windows; %d windows spoilt by steal or other processes, and left out".formatted(fit, spoilt);
        boolean enough = fit >= Limits.FIT_WINDOWS;
        return new Check(
                "fitWindows",
                enough ? Finding.ok : Finding.notValid,
                (double) fit,
                (double) Limits.FIT_WINDOWS,
                enough ? null : spoilt > 0 ? Cause.machine : Cause.plan,
                message);
    }

    private Check steal() {
        double worst = worst(Window::stealRatio);
        return WindowChecks.limited(
                "steal",
                worst,
                Limits.STEAL_RATIO,
                Cause.machine,
                String.format(Locale.ROOT, "at most %.1f %% steal in a window that counts", worst * 100));
    }

    private Check residents() {
        Predicate<Window> tooFew = window ->
                window.residents() < 0.98 * window.scheduledPerSecond() / ratePerUser.applyAsDouble(window.mixName());
        long few = used.stream().filter(tooFew).count();
        return few == 0
                ? WindowChecks.ok(
                        "residents",
                        null,
                        null,
                        "each window had as many users awake as its rate needs at their own pace")
                : new Check(
                        "residents",
                        Finding.notValid,
                        (double) few,
                        0.0,
                        Cause.plan,
                        few
                                + " windows had fewer users awake than their rate needs: cache hits are flattered; use a larger --users");
    }

    private Check distinctUsers() {
        int most = used.stream().mapToInt(Window::residents).max().orElse(0);
        return WindowChecks.limited(
                "distinctUsers",
                most,
                record.dataset().users(),
                Cause.plan,
                String.format(
                        Locale.ROOT,
                        "up to %,d distinct users awake, of %,d in the data set",
                        most,
                        record.dataset().users()));
    }

    private Check targetUnchanged() {
        return WindowChecks.targetUnchanged(
                observations.targetUnchanged(), "the same processes of the same build served the whole run");
    }

    private Check knee() {
        return observations.kneeReached()
                ? WindowChecks.ok("kneeReached", null, null, observations.knee())
                : new Check("kneeReached", Finding.indicative, null, null, Cause.plan, observations.knee());
    }

    private Check prediction() {
        return observations.notPredicted().isEmpty()
                ? WindowChecks.ok("prediction", null, null, "sealed before the held-out windows were driven")
                : new Check(
                        "prediction",
                        Finding.notValid,
                        null,
                        null,
                        busyMachine() ? Cause.machine : Cause.plan,
                        "nothing was predicted: " + observations.notPredicted());
    }

    private Check restarts() {
        if (record.restarts() >= Limits.RESTARTS && !observations.quick()) {
            return WindowChecks.ok(
                    "restarts", (double) record.restarts(), (double) Limits.RESTARTS, record.restarts() + " restarts");
        }
        var message = (record.restarts() == 1 ? "one restart" : record.restarts() + " restarts")
                + ": the variation from restart to restart is not in the intervals"
                + (observations.quick() ? "; windows are short (--quick)" : "");
        return new Check(
                "restarts",
                Finding.indicative,
                (double) record.restarts(),
                (double) Limits.RESTARTS,
                Cause.plan,
                message);
    }

    /** A refresh takes longer than a window and is in none of them: it counts where it was measured by itself. */
    private Check viewRefresh() {
        var done = record.periodicWork().stream()
                .filter(work -> work.name().equals(PeriodicWork.VIEW_REFRESH))
                .toList();
        var counted = done.stream().filter(work -> work.excluded() == null).toList();
        if (counted.isEmpty()) {
            var why = done.isEmpty()
                    ? ""
                    : String.valueOf(done.get(done.size() - 1).excluded());
            var message = done.isEmpty()
                    ? "leaderboard views were not refreshed during the run: their cost is not in the demands"
                    : "no refresh of the leaderboard views could be measured (" + why
                            + "): their cost is not in the demands";
            return new Check(
                    "viewRefresh",
                    Finding.indicative,
                    null,
                    null,
                    why.startsWith("machine") ? Cause.machine : Cause.plan,
                    message);
        }
        // Restarts at other data sizes say how it grows, not what it is.
        var size = counted.get(0).dataset();
        var seconds = counted.stream()
                .filter(work -> work.dataset().equals(size))
                .mapToDouble(PeriodicWork::totalCpuSeconds)
                .summaryStatistics();
        var spread = seconds.getCount() == 1
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (%.1f to %.1f, %d times)",
                        seconds.getMin(),
                        seconds.getMax(),
                        seconds.getCount());
        return WindowChecks.ok(
                "viewRefresh",
                seconds.getAverage(),
                null,
                String.format(
                        Locale.ROOT,
                        "refresh of the leaderboard views measured apart: %.1f CPU seconds each%s, every %.0f s",
                        seconds.getAverage(),
                        spread,
                        counted.get(0).everySeconds()));
    }

    private double worst(ToDoubleFunction<Window> figure) {
        return used.stream().mapToDouble(figure).max().orElse(0);
    }

    private long spoiltByMachine() {
        return record.windows().stream()
                .filter(window -> window.excluded() != null && window.excluded().startsWith("machine"))
                .count();
    }

    /** Whose fault a late generator is. */
    private Cause lateness() {
        return busyMachine() ? Cause.machine : Cause.generator;
    }

    /** Whether the machine spoilt so much that a late generator is no surprise. */
    private boolean busyMachine() {
        return observations.spoiltByMachine() >= 2;
    }
}
