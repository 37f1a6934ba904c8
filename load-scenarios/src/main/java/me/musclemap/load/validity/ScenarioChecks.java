package me.musclemap.load.validity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Validity.Cause;
import me.musclemap.load.record.Validity.Check;
import me.musclemap.load.record.Validity.Finding;
import me.musclemap.load.record.Window;

/**
 * Judges a scenario: whether what it says is of the target, or of the generator or the machine that were in its way. How the target did
 * is not judged here; that is what the objective is for.
 */
public final class ScenarioChecks {
    /**
     * What the windows do not say.
     *
     * @param warmedUp empty when it settled; else why not, as the person has to read it
     * @param generator by window
     * @param unchanged whether the target was the same all the time; true where it is broken on purpose
     */
    public record Observations(Optional<String> warmedUp, Map<Integer, OfGenerator> generator, boolean unchanged) {
        public Observations {
            generator = Map.copyOf(generator);
        }
    }

    /** A window whose p99 is longer than this is not calm: its users wait for the target, and offer less because of it. */
    private static final double CALM_P99_SECONDS = 0.5;

    private final RunRecord record;
    private final Observations observations;
    private final ToDoubleFunction<String> ratePerUser;
    private final List<Window> used;

    /** Judges this record; {@code ratePerUser} is the requests per second of one user in session, by mix. */
    public ScenarioChecks(RunRecord record, Observations observations, ToDoubleFunction<String> ratePerUser) {
        this.record = record;
        this.observations = observations;
        this.ratePerUser = ratePerUser;
        used = record.windows().stream()
                .filter(window -> window.role() == Window.Role.SCENARIO && window.excluded() == null)
                .toList();
    }

    /** The verdict and every check, those of the generator first. */
    public Validity validity() {
        var seen = new WindowChecks(used);
        var checks = new ArrayList<Check>();
        checks.add(seen.scheduleSlip(steal(used) > Limits.STEAL_RATIO ? Cause.machine : Cause.generator));
        checks.add(seen.generatorCpu());
        checks.add(seen.generatorPauses(observations.generator()));
        checks.add(seen.socketsAndPorts(observations.generator()));
        checks.add(offered());
        checks.add(steal());
        checks.add(WindowChecks.freeCore(record));
        checks.add(residents());
        checks.add(warmUp());
        checks.add(WindowChecks.targetUnchanged(
                observations.unchanged(), "nothing was replaced but what the scenario replaces"));
        checks.add(seen.served());
        return Validity.of(checks);
    }

    /** Where the target is slow its users ask less: only calm windows show whether the generator offered what it should. */
    private Check offered() {
        return new WindowChecks(used.stream().filter(ScenarioChecks::isCalm).toList()).offered(Cause.generator);
    }

    private static boolean isCalm(Window window) {
        var latency = window.latencySeconds().corrected();
        return latency != null
                && latency.p99() < CALM_P99_SECONDS
                && window.failedCount() <= 0.01 * window.completedCount();
    }

    private Check steal() {
        double ratio = steal(used);
        return WindowChecks.limited(
                "steal",
                ratio,
                Limits.STEAL_RATIO,
                Cause.machine,
                String.format(Locale.ROOT, "the hypervisor took %.1f %% of the watched cores", ratio * 100));
    }

    private static double steal(List<Window> windows) {
        double seconds = windows.stream().mapToDouble(Window::durationSeconds).sum();
        return seconds == 0
                ? 0
                : windows.stream()
                                .mapToDouble(window -> window.stealRatio() * window.durationSeconds())
                                .sum()
                        / seconds;
    }

    private Check residents() {
        long few = used.stream()
                .filter(window -> window.residents()
                        < 0.98 * window.scheduledPerSecond() / ratePerUser.applyAsDouble(window.mixName()) - 1)
                .count();
        return new Check(
                "residents",
                few == 0 ? Finding.ok : Finding.notValid,
                (double) few,
                0.0,
                few == 0 ? null : Cause.plan,
                few == 0
                        ? "each window had as many users awake as its rate needs"
                        : few + " windows had fewer users awake than their rate needs; use more users");
    }

    private Check warmUp() {
        return observations
                .warmedUp()
                .map(why -> new Check("warmUpSettled", Finding.indicative, null, null, Cause.target, why))
                .orElseGet(() -> WindowChecks.ok("warmUpSettled", null, null, "settled before anything counted"));
    }
}
