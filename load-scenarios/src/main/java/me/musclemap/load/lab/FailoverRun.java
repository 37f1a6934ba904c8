package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import me.musclemap.load.drive.WrittenSets;
import me.musclemap.load.scenario.Figures;
import me.musclemap.load.scenario.Recovery;
import me.musclemap.load.scenario.Stages;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.workload.Workload;

/**
 * Kills a component while users are there, starts it again after a while, and says how long it hurt and whether anything is gone that the
 * server had acknowledged. Not thread-safe.
 */
final class FailoverRun {
    /** How long the last writes before the kill reach back that are looked for. */
    private static final long LOOK_BACK_MILLIS = 30_000;

    /** The component falls this far into the stage named for it. */
    private static final double FALLS_AFTER_SECONDS = 2;

    /** After the outage itself, this much time to come back. */
    private static final double ALLOWED_SECONDS = 30;

    private final ScenarioRun scenario;
    private final Workload workload;
    private final ScenarioRun.Plan plan;
    private final Asked asked;
    private final Breaker breaker;
    private final Place place;
    private final Progress progress;

    /** Where what was written is looked for. */
    record Place(URI api, Path signingKey, long datasetSeed, Path writes, Runnable settled) {}

    /** What happened, on the clock. */
    private record Broken(long killedEpochMillis, long upEpochMillis, long pid) {}

    FailoverRun(
            ScenarioRun scenario,
            Workload workload,
            ScenarioRun.Plan plan,
            Asked asked,
            Breaker breaker,
            Place place,
            Progress progress) {
        this.scenario = scenario;
        this.workload = workload;
        this.plan = plan;
        this.asked = asked;
        this.breaker = breaker;
        this.place = place;
        this.progress = progress;
    }

    Verdict run() {
        var stages = Stages.failover(plan.perSecond(), plan.seconds());
        long began = System.currentTimeMillis();
        var breaking = Executors.newSingleThreadExecutor();
        List<ScenarioRun.Step> steps;
        Broken when;
        try {
            var broken = breaking.submit(() -> breakIt(stages.get(0).seconds() + FALLS_AFTER_SECONDS));
            steps = scenario.drive(stages);
            when = await(broken);
        } finally {
            // Of a run that ended early nothing more is killed or started again.
            end(breaking);
        }
        var recovery = Recovery.after(scenario.secondsSince(began), when.killedEpochMillis(), plan.slo());
        progress.detail("looking for what was written");
        place.settled().run();
        var writes = WrittenSets.look(
                place.api(),
                place.signingKey(),
                place.datasetSeed(),
                place.writes(),
                when.killedEpochMillis() - LOOK_BACK_MILLIS);
        var before = Figures.of(steps.get(0).window(), ScenarioRun.headline(workload));
        return verdict(before, when, recovery, writes);
    }

    private Broken breakIt(double afterSeconds) {
        try {
            // One second of lead-in comes before the first stage.
            TimeUnit.MILLISECONDS.sleep(Math.round((afterSeconds + 1) * 1000));
            progress.detail(asked.kill() + " is down");
            long killed = System.currentTimeMillis();
            breaker.kill(asked.kill());
            TimeUnit.MILLISECONDS.sleep(Math.round(asked.outageSeconds() * 1000));
            progress.detail(asked.kill() + " starts again");
            long pid = breaker.restart(asked.kill());
            progress.detail(asked.kill() + " is up again");
            return new Broken(killed, System.currentTimeMillis(), pid);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted in the middle of a failover");
        }
    }

    private static Broken await(Future<Broken> broken) {
        try {
            return broken.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LabException lab ? lab : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted in the middle of a failover");
        }
    }

    private static void end(ExecutorService breaking) {
        breaking.shutdownNow();
        try {
            breaking.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Verdict verdict(Figures before, Broken when, Recovery recovery, WrittenSets.Found writes) {
        var sentences = new ArrayList<String>();
        double down = (when.upEpochMillis() - when.killedEpochMillis()) / 1000.0;
        boolean good = plan.slo().met(before);
        sentences.add(String.format(
                Locale.ROOT,
                "%s was killed at %s and was up again after %.1f s (%.0f s of them the outage that was asked for).",
                asked.kill(),
                ScenarioRun.rate(plan.perSecond(), plan.usersPerRequestPerSecond()),
                down,
                asked.outageSeconds()));
        sentences.add(String.format(
                Locale.ROOT,
                "From the kill on, %s; requests failed in %d seconds.",
                recovery.words(),
                recovery.failedSeconds()));
        sentences.add(writes.words());
        if (!good) {
            sentences.add("The objective was missed before anything was killed: "
                    + plan.slo().missed(before) + ".");
        }
        double allowed = asked.outageSeconds() + ALLOWED_SECONDS;
        boolean soon = recovery.recovered() && recovery.recoveredAfterSeconds() <= allowed;
        if (recovery.recovered() && !soon) {
            sentences.add(String.format(
                    Locale.ROOT, "That is later than the %.0f s after the outage that are allowed.", ALLOWED_SECONDS));
        }
        var figures = JsonNodeFactory.instance.objectNode();
        figures.put("component", asked.kill())
                .put("killedEpochMillis", when.killedEpochMillis())
                .put("downSeconds", down)
                .put("badSeconds", recovery.badSeconds())
                .put("secondsWithFailures", recovery.failedSeconds())
                .put("failedRequests", recovery.failed())
                .put("recoveredAfterSeconds", recovery.recovered() ? recovery.recoveredAfterSeconds() : null)
                .put("writesLookedFor", writes.lookedFor())
                .put("writesLost", writes.lost())
                .put("writesOver", writes.over())
                .put("writesNotAsked", writes.notAsked());
        boolean met = good && soon && writes.lost() == 0;
        return new Verdict(plan.scenario(), plan.slo(), met, List.copyOf(sentences), figures);
    }
}
