package me.musclemap.telemetry.stations;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One part of the system whose use is counted by itself. Not safe for use by many threads. */
final class Station {
    private final String name;
    private final Supplier<OptionalLong> rootPid;
    private @Nullable ProcessTree tree;
    private JvmThreads threads = new JvmThreads();
    private double earlierCpuSeconds;
    private double earlierJitSeconds;
    private double earlierGcSeconds;
    private StationSample.Place place = StationSample.Place.OUTSIDE;

    /** {@code rootPid} is asked again whenever the root process is gone. */
    Station(String name, Supplier<OptionalLong> rootPid) {
        this.name = name;
        this.rootPid = rootPid;
    }

    String name() {
        return name;
    }

    void update(List<ProcessStat> all, ProcFs proc) {
        ProcessTree current = tree;
        if (current == null || !current.rootAlive()) {
            current = restarted(current, all);
            tree = current;
        }
        if (current == null) {
            return;
        }
        current.update(all, proc);
        threads.update(current.members(), proc);
    }

    /** The tree of the process that took the place of an ended root, or the old one if there is none. */
    private @Nullable ProcessTree restarted(@Nullable ProcessTree old, List<ProcessStat> all) {
        OptionalLong pid = rootPid.get();
        for (ProcessStat stat : all) {
            boolean isNew = old == null || !old.isRoot(stat);
            if (pid.isPresent() && stat.pid() == pid.getAsLong() && stat.state() != 'Z' && isNew) {
                if (old != null) {
                    earlierCpuSeconds += old.cpuSeconds();
                    earlierJitSeconds += threads.jitSeconds();
                    earlierGcSeconds += threads.gcSeconds();
                    threads = new JvmThreads();
                }
                return new ProcessTree(stat);
            }
        }
        return old;
    }

    /** Where it may run now; where it ran last once nothing of it is left. */
    private StationSample.Place place(ProcessTree current, ProcFs proc, CoreSet watched) {
        if (current.members().isEmpty()) {
            return place;
        }
        boolean inside = false;
        boolean outside = false;
        for (ProcessStat member : current.members()) {
            CoreSet allowed = proc.allowedCores(member.pid()).orElse(watched);
            int common = allowed.common(watched);
            inside |= common > 0;
            outside |= common < allowed.size();
        }
        if (inside && outside) {
            return StationSample.Place.ACROSS;
        }
        return inside ? StationSample.Place.INSIDE : StationSample.Place.OUTSIDE;
    }

    /** What was used so far. */
    StationSample sample(ProcFs proc, CoreSet watched) {
        ProcessTree current = tree;
        if (current == null) {
            return new StationSample(earlierCpuSeconds, earlierJitSeconds, earlierGcSeconds, 0, 0, 0, true, place);
        }
        place = place(current, proc, watched);
        long residentBytes = 0;
        int processes = 0;
        int openFiles = 0;
        for (ProcessStat member : current.members()) {
            residentBytes += member.residentBytes();
            processes += member.state() == 'Z' ? 0 : 1;
            openFiles += proc.openFiles(member.pid());
        }
        return new StationSample(
                earlierCpuSeconds + current.cpuSeconds(),
                earlierJitSeconds + threads.jitSeconds(),
                earlierGcSeconds + threads.gcSeconds(),
                residentBytes,
                processes,
                openFiles,
                !current.rootAlive(),
                place);
    }
}
