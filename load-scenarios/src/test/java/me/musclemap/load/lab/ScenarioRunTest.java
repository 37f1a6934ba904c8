package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.Window;
import me.musclemap.load.scenario.Second;
import me.musclemap.load.scenario.Slo;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole scenarios on a made-up target: a queue that carries 200 requests/s. */
class ScenarioRunTest {
    private static final Workload DAY =
            Workload.load(Path.of(System.getProperty("repo.root"), "load-scenarios/workloads/musclemap-day.yaml"));
    private static final double CARRIES = 200;

    @TempDir
    private Path directory;

    private final Progress progress =
            new Progress(new PrintStream(PrintStream.nullOutputStream()), Progress.Style.QUIET, 4);
    private final SecondsLog seconds = new SecondsLog(progress);
    private @Nullable Queue queue;

    @BeforeEach
    void aTarget() {
        queue = new Queue(new Recorder(directory, TestRecords.first(DAY)), seconds);
    }

    @Test
    void stressGoesUpUntilItCollapsesAndSaysWhatItCarried() {
        var verdict = run("stress", 60, 96, "p99<1s,errors<1%").stress();
        assertThat(verdict.met()).as("it held at first, and again at the end").isTrue();
        assertThat(verdict.figures().path("metUpToPerSecond").asDouble()).isCloseTo(183, within(1.0));
        assertThat(verdict.figures().path("collapsedAtPerSecond").asDouble()).isCloseTo(286, within(1.0));
        assertThat(verdict.sentences()).anyMatch(text -> text.contains("never more than 196 requests/s"));
    }

    @Test
    void stressThatTheUsersOfTheDataSetCannotMakeSaysSo() {
        queue().carries = 1e6;
        var verdict = run("stress", 600, 96, "p99<1s").stress();
        assertThat(verdict.figures().has("collapsedAtPerSecond")).isFalse();
        assertThat(verdict.sentences()).anyMatch(text -> text.contains("more need a larger one"));
    }

    @Test
    void aSoakTellsADriftFromNone() {
        var steady = run("soak", 100, 600, "p99<1s").soak();
        assertThat(steady.met()).isTrue();
        assertThat(steady.sentences()).anyMatch(text -> text.contains("No drift of p99"));
        queue().slower = 0.97;
        var leaking = run("soak", 100, 600, "p99<1s").soak();
        assertThat(leaking.sentences()).anyMatch(text -> text.contains("CPU per request drifts"));
    }

    @Test
    void aSpikeThatIsSurvivedIsMetThoughTheObjectiveWasMissedInIt() {
        var verdict = run("spike", 80, 60, "p99<1s").spike();
        assertThat(verdict.met()).isTrue();
        assertThat(verdict.sentences()).anyMatch(text -> text.contains("During the spike it was missed"));
    }

    @Test
    void theKneeIsFoundWithItsIntervalAndWhatComesBeyondIt() {
        var verdict = knee(0, "p99<1s,errors<1%");
        double knee = verdict.figures().path("kneePerSecond").asDouble();
        assertThat(knee).isCloseTo(196, within(12.0));
        assertThat(verdict.figures().path("kneeLowPerSecond").asDouble()).isBetween(170.0, knee);
        assertThat(verdict.figures().path("kneeHighPerSecond").asDouble()).isBetween(knee, 215.0);
        assertThat(verdict.figures().path("collapseServedPerSecond").asDouble()).isCloseTo(196, within(1.0));
        assertThat(verdict.met()).isTrue();
        assertThat(knee(300, "p99<1s").met()).as("300/s lie above it").isFalse();
    }

    @Test
    void aTargetThatStarvesAFewRequestsForTheOthersSakeIsNotFast() {
        queue().carries = 1e6;
        queue().starvesAbove = 150;
        var verdict = knee(0, "p99<1s,errors<1%");
        assertThat(verdict.figures().path("kneePerSecond").asDouble()).isCloseTo(150, within(12.0));
    }

    @Test
    void anObjectiveThatNoLoadMeetsIsMissedInWords() {
        var verdict = knee(0, "p99<1ms");
        assertThat(verdict.met()).isFalse();
        assertThat(verdict.sentences()).anyMatch(text -> text.contains("holds at no load"));
    }

    @Test
    void aMachineThatSpoilsEveryLevelEndsTheSearch() {
        queue().spoilt = "machine: 9.0 % steal";
        assertThatThrownBy(() -> knee(0, "p99<1s"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("run again when it is quiet");
    }

    @Test
    void aTargetThatFallsSilentHasMissedTheObjective() {
        queue().silent = true;
        var verdict = run("ramp", 100, 30, "p99<1s,errors<1%").ramp();
        assertThat(verdict.met()).isFalse();
        assertThat(verdict.sentences()).anyMatch(text -> text.contains("missed at the first step"));
    }

    private Queue queue() {
        return java.util.Objects.requireNonNull(queue);
    }

    private ScenarioRun run(String name, double perSecond, double lasting, String slo) {
        var plan = new ScenarioRun.Plan(name, perSecond, lasting, Slo.parse(slo), 35);
        return new ScenarioRun(queue(), DAY, plan, queue().recorder, seconds, () -> {}, progress);
    }

    private Verdict knee(double asked, String slo) {
        var plan = new ScenarioRun.Plan("knee", asked, 180, Slo.parse(slo), 35);
        return new KneeRun(queue(), DAY, plan, 7, queue().recorder, seconds, () -> {}, progress).run(100);
    }

    /** Answers in 20 ms when nothing else is there, in more the busier it is, and never serves more than 98 % of what it carries. */
    private static final class Queue implements Windows {
        private final Recorder recorder;
        private final SecondsLog seconds;
        private double carries = CARRIES;
        private double slower = 1;
        private boolean silent;
        private double starvesAbove = Double.POSITIVE_INFINITY;
        private @Nullable String spoilt;
        private long clock = System.currentTimeMillis();

        Queue(Recorder recorder, SecondsLog seconds) {
            this.recorder = recorder;
            this.seconds = seconds;
        }

        @Override
        public Measured drive(Plan plan) {
            carries *= slower;
            double rate = plan.perSecond();
            double busy = Math.min(0.998, rate / carries);
            double starved = rate > starvesAbove ? 0.015 * rate : 0;
            double served = silent ? 0 : Math.min(rate, 0.98 * carries) - starved;
            double p99 = rate > carries ? 5 : 0.02 / (1 - busy);
            long count = Math.round(served * plan.seconds());
            var latency = silent ? null : new Window.Latency(count, p99 / 4, p99 / 5, p99 / 2, p99, p99);
            clock = Math.max(clock, System.currentTimeMillis());
            var window = new Window(
                    recorder.record().nextIndex(),
                    0,
                    plan.role(),
                    clock,
                    plan.seconds(),
                    plan.mixName(),
                    1,
                    new Window.Size(100_000, 200_000),
                    rate,
                    rate,
                    served,
                    rate,
                    50_000,
                    0,
                    Map.of("MyStats", count),
                    Map.of(),
                    new Window.Latencies(latency, latency),
                    0.001,
                    new Window.GeneratorHealth(0.2, 0),
                    0,
                    plan.repeatOf(),
                    null,
                    null);
            for (int i = 0; i < plan.seconds(); i++, clock += 1000) {
                seconds.accept(
                        new Second(clock, window.index(), rate, served, 0, p99 / 5, p99 / 2, p99, 0.001, 0.2, 0, 0));
            }
            // What was starved ends two seconds later, when nothing else is there.
            for (clock += 2000; starved > 0; starved = 0, clock += 1000) {
                seconds.accept(new Second(clock, -1, 0, starved * plan.seconds(), 0, 4, 5, 5, Double.NaN, 0.2, 0, 0));
            }
            recorder.add(window);
            return new Measured(window, busy, 0, 0, spoilt);
        }

        @Override
        public me.musclemap.load.record.PeriodicWork once(Chore chore) {
            throw new AssertionError("a scenario does nothing that comes at intervals");
        }

        @Override
        public void exclude(int index, String why) {
            Conductor.exclude(recorder, index, why);
        }

        @Override
        public void rest(double howLong) {}

        @Override
        public int coreCount() {
            return 1;
        }
    }
}
