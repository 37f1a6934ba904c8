package me.musclemap.load.validity;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Validity.Cause;
import me.musclemap.load.record.Validity.Check;
import me.musclemap.load.record.Validity.Finding;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

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
            boolean quick) {
        public Observations {
            failures = Map.copyOf(failures);
        }
    }

    private static final Set<Window.Role> COUNTING =
            EnumSet.of(Window.Role.FIT, Window.Role.HELD_OUT, Window.Role.SCENARIO);

    /** The dashboard, the largest page of the day, sends this many. */
    private static final double REQUESTS_OF_A_PAGE = 8;

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
                .toList();
    }

    /** The verdict and every check. */
    public Validity validity() {
        var checks = new ArrayList<Check>();
        checks.add(freeCore());
        checks.add(warmUpSettled());
        checks.add(machine());
        checks.add(steal());
        checks.add(scheduleSlip());
        checks.add(offered());
        checks.add(generatorCpu());
        checks.add(failedRequests());
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
        return Validity.of(List.of(failedRequests(), offered(), targetUnchanged(), somethingServed()));
    }

    private Check somethingServed() {
        long served = used.stream().mapToLong(Window::completedCount).sum();
        return served > 0
                ? ok("served", (double) served, 1.0, served + " requests succeeded")
                : new Check("served", Finding.notValid, 0.0, 1.0, Cause.target, "no request succeeded");
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

    private Check freeCore() {
        return record.cores().shared()
                ? new Check(
                        "freeCore",
                        Finding.indicative,
                        null,
                        null,
                        Cause.plan,
                        "generator and system under test share cores (--share-cores)")
                : ok(
                        "freeCore",
                        null,
                        null,
                        "system under test on core " + record.cores().systemUnderTest() + ", generator on core "
                                + record.cores().generator());
    }

    private Check warmUpSettled() {
        return observations.warmedUp()
                ? ok("warmUpSettled", null, null, observations.warmUp())
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
        return limited(
                "steal",
                worst,
                Limits.STEAL_RATIO,
                Cause.machine,
                String.format(Locale.ROOT, "at most %.1f %% steal in a window that counts", worst * 100));
    }

    private Check scheduleSlip() {
        double worst = worst(window -> window.slipP99Seconds() == null ? 0 : window.slipP99Seconds());
        return limited(
                "scheduleSlip",
                worst,
                Limits.SLIP_SECONDS,
                busyMachine() ? Cause.machine : Cause.generator,
                String.format(
                        Locale.ROOT, "requests left at most %.1f ms late (p99 of the worst window)", worst * 1000));
    }

    /**
     * Over all windows that count: in one of them chance alone moves the number of arrivals, more so than with single
     * requests, because a page sends several at once.
     */
    private Check offered() {
        double scheduled = used.stream()
                .mapToDouble(window -> window.scheduledPerSecond() * window.durationSeconds())
                .sum();
        double offered = used.stream()
                .mapToDouble(window -> window.offeredPerSecond() * window.durationSeconds())
                .sum();
        double ratio = scheduled == 0 ? 1 : offered / scheduled;
        double chance = scheduled == 0 ? 0 : 3 * Math.sqrt(REQUESTS_OF_A_PAGE * scheduled) / scheduled;
        boolean enough = ratio >= Limits.OFFERED_RATIO - chance;
        return new Check(
                "offeredRate",
                enough ? Finding.ok : Finding.notValid,
                ratio,
                Limits.OFFERED_RATIO - chance,
                enough ? null : busyMachine() ? Cause.machine : Cause.generator,
                String.format(Locale.ROOT, "the generator offered %.1f %% of what was scheduled", ratio * 100));
    }

    private Check generatorCpu() {
        double worst = worst(window -> window.generator().cpuRatio());
        return limited(
                "generatorCpu",
                worst,
                Limits.GENERATOR_CPU_RATIO,
                Cause.generator,
                String.format(Locale.ROOT, "the generator used at most %.0f %% of its core", worst * 100));
    }

    private Check failedRequests() {
        long failed = used.stream().mapToLong(Window::failedCount).sum();
        long all = failed + used.stream().mapToLong(Window::completedCount).sum();
        double ratio = all == 0 ? 0 : (double) failed / all;
        return limited(
                "failedRequests",
                ratio,
                Limits.FAILED_RATIO,
                Cause.target,
                String.format(Locale.ROOT, "%,d of %,d requests failed%s", failed, all, reasons()));
    }

    private String reasons() {
        var most = observations.failures().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(3)
                .map(reason -> reason.getKey() + " (" + reason.getValue() + ")")
                .collect(Collectors.joining(", "));
        return most.isEmpty() ? "" : "; most often, in all windows: " + most;
    }

    private Check residents() {
        Predicate<Window> tooFew = window ->
                window.residents() < 0.98 * window.scheduledPerSecond() / ratePerUser.applyAsDouble(window.mixName());
        long few = used.stream().filter(tooFew).count();
        return few == 0
                ? ok("residents", null, null, "each window had as many users awake as its rate needs at their own pace")
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
        return limited(
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
        return observations.targetUnchanged()
                ? ok("targetUnchanged", null, null, "the same processes of the same build served the whole run")
                : new Check(
                        "targetUnchanged",
                        Finding.notValid,
                        null,
                        null,
                        Cause.target,
                        "a program of the target was replaced during the run");
    }

    private Check knee() {
        return observations.kneeReached()
                ? ok("kneeReached", null, null, observations.knee())
                : new Check("kneeReached", Finding.indicative, null, null, Cause.plan, observations.knee());
    }

    private Check prediction() {
        return observations.notPredicted().isEmpty()
                ? ok("prediction", null, null, "sealed before the held-out windows were driven")
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
            return ok(
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

    /** A refresh takes longer than a window; only a run of many restarts spans enough of them to measure their cost. */
    private static Check viewRefresh() {
        return new Check(
                "viewRefresh",
                Finding.indicative,
                null,
                null,
                Cause.plan,
                "leaderboard views were not refreshed during the run: their cost is not in the demands");
    }

    private double worst(ToDoubleFunction<Window> figure) {
        return used.stream().mapToDouble(figure).max().orElse(0);
    }

    private long spoiltByMachine() {
        return record.windows().stream()
                .filter(window -> window.excluded() != null && window.excluded().startsWith("machine"))
                .count();
    }

    /** Whether the machine spoilt so much that a late generator is no surprise. */
    private boolean busyMachine() {
        return observations.spoiltByMachine() >= 2;
    }

    static Check ok(String name, @Nullable Double value, @Nullable Double limit, String message) {
        return new Check(name, Finding.ok, value, limit, null, message);
    }

    static Check limited(String name, double value, double limit, Cause cause, String message) {
        boolean within = value <= limit;
        return new Check(name, within ? Finding.ok : Finding.notValid, value, limit, within ? null : cause, message);
    }
}
