package me.musclemap.telemetry.stations;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The stations that are watched. Not safe for use by many threads. */
public final class Stations {
    private final ProcFs proc;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final CoreSet watched;
    private final Map<String, Station> stations = new LinkedHashMap<>();

    /** Watches {@code cores} by what {@code proc} shows. */
    public Stations(ProcFs proc, Clock clock, LongSupplier nanoClock, CoreSet cores) {
        this.proc = proc;
        this.clock = clock;
        this.nanoClock = nanoClock;
        int count = HostSample.read(proc).cores().size();
        watched = cores.below(count);
        if (watched.size() != cores.size()) {
            throw new IllegalArgumentException(
                    "cores=" + cores.numbers() + ": this host has cores 0 to " + (count - 1));
        }
    }

    /** The cores of the host that are watched. */
    public CoreSet watched() {
        return watched;
    }

    /**
     * Adds a station: all processes descended from one. A second call with the same name replaces its root.
     *
     * @throws IllegalArgumentException if the process does not exist
     */
    public void add(String name, long rootPid) {
        if (proc.process(rootPid).isEmpty()) {
            throw new IllegalArgumentException("station " + name + "=" + rootPid + ": no process has this pid");
        }
        add(name, () -> OptionalLong.of(rootPid));
    }

    /** Adds a station whose root process is asked for again when it is gone. */
    public void add(String name, Supplier<OptionalLong> rootPid) {
        if (!name.matches("[a-z][a-z0-9_-]*") || name.equals("other")) {
            throw new IllegalArgumentException(
                    "station " + name + ": use a name of lower-case letters, digits, - and _, and not 'other'");
        }
        stations.put(name, new Station(name, rootPid));
    }

    /** Looks at everything now: first the cores, then the processes. */
    public Snapshot look() {
        Instant at = clock.instant();
        long nanos = nanoClock.getAsLong();
        HostSample host = HostSample.read(proc);
        update();
        var samples = new LinkedHashMap<String, StationSample>();
        for (Station station : stations.values()) {
            samples.put(station.name(), station.sample(proc, watched));
        }
        return new Snapshot(at, nanos, samples, host);
    }

    /**
     * Looks at processes only, so that the next {@link #look} misses little of those that end in between. Cheaper.
     *
     * @return tasks running or waiting for a core now
     */
    public int glance() {
        update();
        return HostSample.read(proc).runningTasks();
    }

    private void update() {
        List<ProcessStat> all = proc.processes();
        for (Station station : stations.values()) {
            station.update(all, proc);
        }
    }
}
