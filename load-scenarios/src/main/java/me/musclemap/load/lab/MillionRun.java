package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import me.musclemap.load.drive.WindowReport;
import me.musclemap.load.record.Window;
import me.musclemap.load.scenario.Figures;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.workload.Workload;

/**
 * As many sessions at once as were asked for, in one JVM, each with its own user, token, place on its journey and pause, at a rate that
 * the target carries: the pauses are as long as that takes. Not thread-safe.
 */
final class MillionRun {

    private final Windows windows;
    private final Workload workload;
    private final ScenarioRun.Plan plan;
    private final double stretch;
    private final Generator generator;
    private final double warmSeconds;
    private final Progress progress;

    /** @param warmSeconds how long the same load runs before anything counts */
    MillionRun(
            Windows windows,
            Workload workload,
            ScenarioRun.Plan plan,
            double stretch,
            Generator generator,
            double warmSeconds,
            Progress progress) {
        this.windows = windows;
        this.workload = workload;
        this.plan = plan;
        this.stretch = stretch;
        this.generator = generator;
        this.warmSeconds = warmSeconds;
        this.progress = progress;
    }

    /** @param reports gives what the generator said of each window */
    Verdict run(java.util.function.Supplier<Map<Integer, WindowReport>> reports) {
        progress.detail("making sessions and tokens");
        long before = generator.heapBytes();
        long baseMemory = ProcFiles.residentBytes(generator.pid());
        var measured = windows.driveInRow(List.of(
                Windows.Plan.of(Window.Role.WARM_UP, Workload.OWN_MIX, plan.perSecond(), warmSeconds),
                Windows.Plan.of(Window.Role.SCENARIO, Workload.OWN_MIX, plan.perSecond(), plan.seconds())));
        var window = measured.get(1).window();
        long memory = ProcFiles.residentBytes(generator.pid());
        long after = generator.heapBytes();
        var said = Objects.requireNonNull(reports.get().get(window.index()), "each window has its report");
        var figured = Figures.of(window, ScenarioRun.headline(workload));
        long faults = said.generatorFaults();
        double perSession = (double) (after - before) / Math.max(1, window.residents());
        var line = String.format(
                Locale.ROOT,
                "%,d sessions at once in one JVM, each with its own user id and token (minted here, labelled so): %.0f bytes of heap each, "
                        + "%,.0f requests/s offered, %,.0f served, slip p99 %s, %,d sockets and files open (%,d of them WebSockets), %,d distinct "
                        + "user ids sent a request in %.0f s, %,d requests failed because of the generator.",
                window.residents(),
                perSession,
                window.offeredPerSecond(),
                window.servedPerSecond(),
                window.slipP99Seconds() == null ? "-" : Progress.millis(window.slipP99Seconds()),
                said.openFiles(),
                window.sockets(),
                said.distinctSenders(),
                window.durationSeconds(),
                faults);
        var sentences = new ArrayList<String>();
        sentences.add(line);
        sentences.add(String.format(
                Locale.ROOT,
                "Each user makes %.6f requests/s, one in %,.0f s: the journeys are the workload's, every pause %.1f times as long. At its own "
                        + "pace the workload would make %,.0f requests/s of so many users.",
                plan.perSecond() / Math.max(1, window.residents()),
                window.residents() / Math.max(1e-9, plan.perSecond()),
                stretch,
                window.residents() * workload.ownMix().requestsPerSecondPerUser()));
        boolean met = plan.slo().met(figured);
        sentences.add(
                met
                        ? "The objective (" + plan.slo() + ") held."
                        : "The objective (" + plan.slo() + ") was missed: "
                                + plan.slo().missed(figured) + ".");
        var figures = JsonNodeFactory.instance.objectNode();
        figures.put("sessions", window.residents())
                .put("heapBytesPerSession", perSession)
                .put("residentBytesOfGenerator", memory)
                .put("residentBytesOfGeneratorBefore", baseMemory)
                .put("offeredPerSecond", window.offeredPerSecond())
                .put("servedPerSecond", window.servedPerSecond())
                .put("slipP99Seconds", window.slipP99Seconds())
                .put("openFiles", said.openFiles())
                .put("webSockets", window.sockets())
                .put("distinctSenders", said.distinctSenders())
                .put("generatorFaults", faults)
                .put("stretch", stretch)
                .put("requestsPerSecondPerUser", plan.perSecond() / Math.max(1, window.residents()));
        return new Verdict(plan.scenario(), plan.slo(), met, sentences, figures);
    }
}
