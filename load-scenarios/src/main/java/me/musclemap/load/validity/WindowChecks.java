package me.musclemap.load.validity;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity.Cause;
import me.musclemap.load.record.Validity.Check;
import me.musclemap.load.record.Validity.Finding;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/** What the windows that count say of any run, whatever it was for. Immutable. */
public final class WindowChecks {
    /** The dashboard, the largest page of the day, sends this many at once. */
    private static final double REQUESTS_OF_A_PAGE = 8;

    /** A pause this long makes the requests behind it late by as much. */
    private static final double PAUSE_SECONDS = 0.2;

    private static final double FAULT_RATIO = 0.001;
    private static final double FILES_RATIO = 0.9;

    private final List<Window> windows;

    /** @param windows those that count */
    public WindowChecks(List<Window> windows) {
        this.windows = List.copyOf(windows);
    }

    /** How late the generator was; {@code cause} is whose fault it is when that is too much. */
    public Check scheduleSlip(Cause cause) {
        double worst = worst(window -> window.slipP99Seconds() == null ? 0 : window.slipP99Seconds());
        return limited(
                "scheduleSlip",
                worst,
                Limits.SLIP_SECONDS,
                cause,
                String.format(
                        Locale.ROOT,
                        "requests left at most %.1f ms after they could (p99 of the worst window)",
                        worst * 1000));
    }

    /** Whether the generator's cores were enough for it. */
    public Check generatorCpu() {
        double worst = worst(window -> window.generator().cpuRatio());
        return limited(
                "generatorCpu",
                worst,
                Limits.GENERATOR_CPU_RATIO,
                Cause.generator,
                String.format(Locale.ROOT, "the generator used at most %.0f %% of its core", worst * 100));
    }

    /** Whether the generator stood still for garbage; {@code generator} is what it said of itself, by window. */
    Check generatorPauses(Map<Integer, OfGenerator> generator) {
        double worst = of(generator)
                .mapToDouble(OfGenerator::longestPauseSeconds)
                .max()
                .orElse(0);
        return limited(
                "generatorPauses",
                worst,
                PAUSE_SECONDS,
                Cause.generator,
                String.format(Locale.ROOT, "the generator's longest pause for garbage was %.0f ms", worst * 1000));
    }

    /** Whether it had the files and ports that its requests need. */
    Check socketsAndPorts(Map<Integer, OfGenerator> generator) {
        long faults = of(generator).mapToLong(OfGenerator::faults).sum();
        long answered = windows.stream()
                .mapToLong(window -> window.completedCount() + window.failedCount())
                .sum();
        double ratio = faults + answered == 0 ? 0 : (double) faults / (faults + answered);
        double files = of(generator)
                .mapToDouble(own -> own.mostFiles() <= 0 ? 0 : (double) own.openFiles() / own.mostFiles())
                .max()
                .orElse(0);
        boolean enough = ratio <= FAULT_RATIO && files <= FILES_RATIO;
        return new Check(
                "socketsAndPorts",
                enough ? Finding.ok : Finding.notValid,
                ratio,
                FAULT_RATIO,
                enough ? null : Cause.generator,
                String.format(
                        Locale.ROOT,
                        "%,d requests could not be sent for want of a file or port; at most %.0f %% of the files allowed were open",
                        faults,
                        files * 100));
    }

    private Stream<OfGenerator> of(Map<Integer, OfGenerator> generator) {
        return windows.stream().map(window -> generator.get(window.index())).flatMap(Stream::ofNullable);
    }

    /** How many requests failed; {@code failures} are the reasons in all windows, with how often. */
    public Check failedRequests(Map<String, Long> failures) {
        long failed = windows.stream().mapToLong(Window::failedCount).sum();
        long all = failed + completed();
        double ratio = all == 0 ? 0 : (double) failed / all;
        return limited(
                "failedRequests",
                ratio,
                Limits.FAILED_RATIO,
                Cause.target,
                String.format(Locale.ROOT, "%,d of %,d requests failed%s", failed, all, reasons(failures)));
    }

    private static String reasons(Map<String, Long> failures) {
        var most = failures.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(3)
                .map(reason -> reason.getKey() + " (" + reason.getValue() + ")")
                .collect(Collectors.joining(", "));
        return most.isEmpty() ? "" : "; most often, in all windows: " + most;
    }

    /**
     * Over all windows together: in one of them chance alone moves the number of arrivals, more so than with single requests, because a
     * page sends several at once.
     */
    Check offered(Cause cause) {
        double scheduled = requests(Window::scheduledPerSecond);
        double ratio = scheduled == 0 ? 1 : requests(Window::offeredPerSecond) / scheduled;
        double chance = scheduled == 0 ? 0 : 3 * Math.sqrt(REQUESTS_OF_A_PAGE * scheduled) / scheduled;
        double limit = Limits.OFFERED_RATIO - chance;
        boolean enough = ratio >= limit;
        return new Check(
                "offeredRate",
                enough ? Finding.ok : Finding.notValid,
                ratio,
                limit,
                enough ? null : cause,
                String.format(
                        Locale.ROOT,
                        "in %d windows the generator offered %.1f %% of what was scheduled",
                        windows.size(),
                        ratio * 100));
    }

    private double requests(ToDoubleFunction<Window> perSecond) {
        return windows.stream()
                .mapToDouble(window -> perSecond.applyAsDouble(window) * window.durationSeconds())
                .sum();
    }

    /** Whether anything at all was answered. */
    public Check served() {
        long completed = completed();
        return completed > 0
                ? ok("served", (double) completed, 1.0, completed + " requests succeeded")
                : new Check("served", Finding.notValid, 0.0, 1.0, Cause.target, "no request succeeded");
    }

    private long completed() {
        return windows.stream().mapToLong(Window::completedCount).sum();
    }

    private double worst(ToDoubleFunction<Window> figure) {
        return windows.stream().mapToDouble(figure).max().orElse(0);
    }

    /** Whether the generator was out of the target's way. */
    static Check freeCore(RunRecord record) {
        var cores = record.cores();
        return cores.shared()
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
                        "system under test on core " + cores.systemUnderTest() + ", generator on core "
                                + cores.generator());
    }

    /** Whether nothing was replaced meanwhile; {@code words} say it where all is well. */
    static Check targetUnchanged(boolean unchanged, String words) {
        return unchanged
                ? ok("targetUnchanged", null, null, words)
                : new Check(
                        "targetUnchanged",
                        Finding.notValid,
                        null,
                        null,
                        Cause.target,
                        "a program of the target was replaced during the run");
    }

    static Check ok(String name, @Nullable Double value, @Nullable Double limit, String message) {
        return new Check(name, Finding.ok, value, limit, null, message);
    }

    static Check limited(String name, double value, double limit, Cause cause, String message) {
        boolean within = value <= limit;
        return new Check(name, within ? Finding.ok : Finding.notValid, value, limit, within ? null : cause, message);
    }
}
