package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.load.drive.WindowReport;
import me.musclemap.load.record.Changed;
import me.musclemap.load.record.PeriodicWork;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Window;
import me.musclemap.load.validity.Limits;
import me.musclemap.load.validity.OfGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Drives one window after the other: the generator and the host agent begin and end each at the same moment, and the
 * record is written after each. Not thread-safe.
 */
final class Conductor implements Windows {
    /** The load runs this long before a window counts, so that queues and caches are those of the new rate. */
    private static final double SETTLE_SECONDS = 1.0;

    /** Added to a window's index for the stretch before it that settles and does not count. */
    static final int LEAD_IN = 1_000_000;

    /** How the reason of a window begins whose requests left late. */
    static final String SLIP = "generator: slip";

    /** What a piece of work leaves to be done, such as writing to the disk, mostly comes within this time of its end. */
    private static final double AFTER_SECONDS = 1.0;

    private static final long LATE_START_MILLIS = 150;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final double END_PATIENCE_SECONDS = 90;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lab lab;
    private final Generator generator;
    private final @Nullable Agent agent;
    private final CoreWatch generatorCores;
    private final Cores cores;
    private final Recorder recorder;
    private final Restart restart;
    private final Set<String> operations;
    private final Runnable alive;
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<Integer, WindowReport> reports = new TreeMap<>();
    /** Cores busy by station in the last idle window; empty before one. */
    private Map<String, Double> idleCores = Map.of();

    private int spoiltByMachine;

    /** @param alive throws when the target is gone; asked while windows run */
    Conductor(
            Lab lab,
            Generator generator,
            @Nullable Agent agent,
            CoreWatch generatorCores,
            Cores cores,
            Recorder recorder,
            Restart restart,
            Set<String> operations,
            Runnable alive) {
        this.lab = lab;
        this.generator = generator;
        this.agent = agent;
        this.generatorCores = generatorCores;
        this.cores = cores;
        this.recorder = recorder;
        this.restart = restart;
        this.operations = operations;
        this.alive = alive;
    }

    /** Why requests failed in all windows so far, with how often. */
    Map<String, Long> failures() {
        return Map.copyOf(failures);
    }

    /** How many windows the machine spoilt so far. */
    int spoiltByMachine() {
        return spoiltByMachine;
    }

    /** How long a window of this length takes, its settling included. */
    static double wallSeconds(double windowSeconds) {
        return windowSeconds + SETTLE_SECONDS + 0.3;
    }

    @Override
    public int coreCount() {
        return cores.systemUnderTest().size();
    }

    @Override
    public Measured drive(Plan plan) {
        var place = plan.index();
        int index = place == null ? recorder.record().nextIndex() : place;
        // The lead-in also makes the users that the rate needs, so the window after it begins on time.
        generator.begin(LEAD_IN + index, plan.role(), 0, SETTLE_SECONDS, plan.mixName(), plan.perSecond());
        long start = System.currentTimeMillis() + Math.round(SETTLE_SECONDS * 1000);
        generator.begin(index, plan.role(), start, plan.seconds(), plan.mixName(), plan.perSecond());
        sleepUntil(start);
        generatorCores.begin();
        if (agent != null) {
            agent.begin(index);
        }
        sleepUntil(start + Math.round(plan.seconds() * 1000));
        JsonNode used = agent == null ? JSON.createObjectNode() : agent.end(index);
        double foreignAtGenerator = cores.shared() ? 0 : generatorCores.foreignRatio();
        var said = awaitMeasured(index, plan.seconds());
        var measured = measured(plan, index, start, said, used, foreignAtGenerator);
        recorder.add(measured.window());
        return measured;
    }

    /** What the generator said of each window, by index: more than the record keeps. */
    Map<Integer, WindowReport> reports() {
        return Map.copyOf(reports);
    }

    /** What the generator said of itself in each window, by index. */
    Map<Integer, OfGenerator> ofGenerator() {
        var all = new TreeMap<Integer, OfGenerator>();
        reports.forEach((index, said) -> all.put(
                index,
                new OfGenerator(
                        said.longestPauseSeconds(), said.generatorFaults(), said.openFiles(), said.mostFiles())));
        return all;
    }

    /**
     * The next window is told to the generator while the one before it runs, so that it begins the moment that one ends: what a spike
     * does in its first second is seen.
     */
    @Override
    public List<Measured> driveInRow(List<Plan> plans) {
        int first = recorder.record().nextIndex();
        var begins = plans.get(0);
        generator.begin(LEAD_IN + first, begins.role(), 0, SETTLE_SECONDS, begins.mixName(), begins.perSecond());
        long start = System.currentTimeMillis() + Math.round(SETTLE_SECONDS * 1000);
        announce(first, start, begins);
        sleepUntil(start);
        generatorCores.begin();
        markBegin(first);
        var all = new ArrayList<Measured>();
        for (int i = 0; i < plans.size(); i++) {
            var plan = plans.get(i);
            int index = first + i;
            long end = start + Math.round(plan.seconds() * 1000);
            boolean last = i + 1 == plans.size();
            if (!last) {
                announce(index + 1, end, plans.get(i + 1));
            }
            sleepUntil(end);
            JsonNode used = agent == null ? JSON.createObjectNode() : agent.end(index);
            double foreign = cores.shared() ? 0 : generatorCores.foreignRatio();
            if (!last) {
                generatorCores.begin();
                markBegin(index + 1);
            }
            var said = awaitMeasured(index, plan.seconds());
            var measured = measured(plan, index, start, said, used, foreign);
            recorder.add(measured.window());
            all.add(measured);
            start = end;
        }
        return all;
    }

    @Override
    public PeriodicWork once(Chore chore) {
        int index = RunRecord.PERIODIC_INDEX + recorder.record().periodicWork().size();
        long start = System.currentTimeMillis();
        long began = System.nanoTime();
        generatorCores.begin();
        markBegin(index);
        var refusal = chore.done().get();
        double seconds = (System.nanoTime() - began) / 1e9;
        rest(AFTER_SECONDS);
        JsonNode used = agent == null ? JSON.createObjectNode() : agent.end(index);
        double watched = (System.nanoTime() - began) / 1e9;
        double coreSeconds = cores.systemUnderTest().size() * watched;
        double steal = ofSystemUnderTest(used, "stealSeconds") / coreSeconds;
        double other = used.at("/stations/other/cpuSeconds").asDouble(0) / coreSeconds;
        double foreign = cores.shared() ? 0 : Math.max(generatorCores.foreignRatio(), other);
        var work = new PeriodicWork(
                chore.name(),
                chore.everySeconds(),
                restart.number(),
                index,
                start,
                seconds,
                restart.dataset(),
                aboveIdle(steadyCpuSeconds(used), idleCores, watched),
                steal,
                refusal.map(why -> "target: " + why).orElse(spoiltByMachine(steal, foreign)));
        recorder.update(record -> {
            var all = new ArrayList<>(record.periodicWork());
            all.add(work);
            return Changed.of(record).periodic(all).record();
        });
        return work;
    }

    /** What stations used more than an idle machine does in as long. */
    static Map<String, Double> aboveIdle(
            Map<String, Double> cpuSeconds, Map<String, Double> idleCores, double watched) {
        var above = new LinkedHashMap<String, Double>();
        cpuSeconds.forEach((station, cpu) ->
                above.put(station, Math.max(0, cpu - idleCores.getOrDefault(station, 0.0) * watched)));
        return above;
    }

    /**
     * By station of the system under test, and for the rest of its cores where nobody else runs on them, without what compilers
     * took.
     */
    private Map<String, Double> steadyCpuSeconds(JsonNode used) {
        var seconds = new LinkedHashMap<String, Double>();
        for (var resource : recorder.record().resources()) {
            for (var station : resource.stations()) {
                if (station.equals("generator") || (station.equals("other") && cores.shared())) {
                    continue;
                }
                var use = used.path("stations").path(station);
                double steady = use.path("cpuSeconds").asDouble(0)
                        - use.path("jitSeconds").asDouble(0);
                seconds.put(station, Math.max(0, steady));
            }
        }
        return seconds;
    }

    private void announce(int index, long start, Plan plan) {
        generator.begin(index, plan.role(), start, plan.seconds(), plan.mixName(), plan.perSecond());
    }

    private void markBegin(int index) {
        if (agent != null) {
            agent.begin(index);
        }
    }

    @Override
    public void exclude(int index, String why) {
        exclude(recorder, index, why);
    }

    static void exclude(Recorder recorder, int index, String why) {
        recorder.update(record -> Changed.of(record)
                .windows(record.windows().stream()
                        .map(window -> window.index() == index ? window.without(why) : window)
                        .toList())
                .record());
    }

    @Override
    public void rest(double seconds) {
        sleepUntil(System.currentTimeMillis() + Math.round(seconds * 1000));
    }

    private WindowReport awaitMeasured(int index, double seconds) {
        long patient = System.nanoTime() + Math.round((seconds + END_PATIENCE_SECONDS) * 1e9);
        while (System.nanoTime() < patient) {
            var said = generator.measured(index, LOOK);
            if (said.isPresent()) {
                return said.get();
            }
            lab.check();
            alive.run();
        }
        throw LabException.failed("generator: window " + index + " was to end, and it has not said what it measured");
    }

    private Measured measured(
            Plan plan, int index, long start, WindowReport said, JsonNode used, double foreignAtGenerator) {
        reports.put(index, said);
        double seconds = said.durationSeconds();
        double coreSeconds = cores.systemUnderTest().size() * seconds;
        double steal = ofSystemUnderTest(used, "stealSeconds") / coreSeconds;
        double busy = ofStations(used, "cpuSeconds") / coreSeconds;
        double jit = ofStations(used, "jitSeconds") / coreSeconds;
        double other = used.at("/stations/other/cpuSeconds").asDouble(0) / coreSeconds;
        if (plan.role() == Window.Role.IDLE) {
            var idle = new LinkedHashMap<String, Double>();
            steadyCpuSeconds(used).forEach((station, cpu) -> idle.put(station, cpu / seconds));
            idleCores = idle;
        }
        said.failures().forEach((reason, count) -> failures.merge(reason, count, Long::sum));
        double foreign = Math.max(foreignAtGenerator, other);
        var window = said.window(
                index,
                new WindowReport.Place(
                        restart.number(),
                        cores.systemUnderTest().size(),
                        restart.dataset(),
                        operations,
                        steal,
                        plan.repeatOf(),
                        plan.answers()));
        var spoiltBy = spoiltBy(window, start, steal, foreign);
        // In the warm-up our own processes use the generator's core too: what is foreign there cannot be told.
        if (plan.role() != Window.Role.WARM_UP && spoiltBy != null && spoiltBy.startsWith("machine")) {
            spoiltByMachine++;
        }
        return new Measured(window, busy, jit, foreign, spoiltBy);
    }

    /** What the stations that share the system's cores used: what else ran there is not their load. */
    private double ofStations(JsonNode used, String figure) {
        double seconds = 0;
        for (var resource : recorder.record().resources()) {
            for (var station : resource.stations()) {
                if (!station.equals("other")) {
                    seconds += used.path("stations").path(station).path(figure).asDouble(0);
                }
            }
        }
        return seconds;
    }

    /** The agent tells every core of the host; those of the system under test count. */
    private double ofSystemUnderTest(JsonNode used, String figure) {
        double seconds = 0;
        for (var core : used.at("/host/byCore")) {
            if (cores.systemUnderTest().contains(core.path("core").asInt(-1))) {
                seconds += core.path(figure).asDouble(0);
            }
        }
        return seconds;
    }

    private @Nullable String spoiltBy(Window window, long start, double steal, double foreign) {
        var machine = spoiltByMachine(steal, foreign);
        if (machine != null) {
            return machine;
        }
        if (window.startEpochMillis() - start > LATE_START_MILLIS) {
            return "generator: began " + (window.startEpochMillis() - start) + " ms after the host agent";
        }
        var slip = window.slipP99Seconds();
        if (slip != null && slip > Limits.SLIP_SECONDS) {
            return String.format(Locale.ROOT, SLIP + " p99 %.0f ms", slip * 1000);
        }
        return null;
    }

    private @Nullable String spoiltByMachine(double steal, double foreign) {
        if (steal > Limits.STEAL_RATIO) {
            return String.format(Locale.ROOT, "machine: %.1f %% steal", steal * 100);
        }
        return foreign > Limits.FOREIGN_RATIO && !cores.shared()
                ? String.format(Locale.ROOT, "machine: other processes took %.0f %% of a core", foreign * 100)
                : null;
    }

    /** Looks after the children while it waits. */
    private void sleepUntil(long epochMillis) {
        // Also where there is nothing left to wait for.
        alive.run();
        try {
            for (long left = epochMillis - System.currentTimeMillis();
                    left > 0;
                    left = epochMillis - System.currentTimeMillis()) {
                Thread.sleep(Math.min(left, LOOK.toMillis()));
                if (left > LOOK.toMillis()) {
                    lab.check();
                    alive.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted in the middle of a window");
        }
    }
}
