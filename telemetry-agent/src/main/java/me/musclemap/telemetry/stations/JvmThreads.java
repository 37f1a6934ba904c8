package me.musclemap.telemetry.stations;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CPU seconds of a process's JIT compiler and garbage collector threads, told by the names that HotSpot gives its
 * threads. What a thread used between the last sample and its end is missed. Not safe for use by many threads.
 */
final class JvmThreads {
    private enum Kind {
        JIT,
        GC,
        OTHER
    }

    private static final List<String> GC_NAMES =
            List.of("GC Thread", "G1 ", "VM Thread", "ZWorker", "ZDriver", "ZDirector", "Shenandoah", "ParGC");

    private final Map<ProcessKey, Map<String, Kind>> kinds = new HashMap<>();
    private final Map<String, Double> jit = new HashMap<>();
    private final Map<String, Double> gc = new HashMap<>();
    private double endedJitSeconds;
    private double endedGcSeconds;

    /** Takes in the threads of these processes as they are now. */
    void update(List<ProcessStat> processes, ProcFs proc) {
        var seen = new HashSet<String>();
        for (ProcessStat process : processes) {
            if (process.threads() > 1) {
                update(process, proc, seen);
            }
        }
        kinds.keySet().retainAll(processes.stream().map(ProcessStat::key).toList());
        endedJitSeconds += dropEnded(jit, seen);
        endedGcSeconds += dropEnded(gc, seen);
    }

    private void update(ProcessStat process, ProcFs proc, Set<String> seen) {
        Map<String, Kind> known = kinds.computeIfAbsent(process.key(), key -> new HashMap<>());
        for (String tid : proc.names(process.pid() + "/task")) {
            String path = process.pid() + "/task/" + tid;
            Kind kind = known.get(tid);
            if (kind == null) {
                String name = proc.text(path, "comm").orElse("").strip();
                kind = kindOf(name);
                // A thread bears its parent's name until it has set its own: such a name is asked for again.
                if (!name.equals("java")) {
                    known.put(tid, kind);
                }
            }
            if (kind != Kind.OTHER) {
                String thread = path + "@" + process.startTicks();
                seen.add(thread);
                (kind == Kind.JIT ? jit : gc).merge(thread, proc.scheduledSeconds(path), Math::max);
            }
        }
    }

    private static Kind kindOf(String threadName) {
        if (threadName.startsWith("C1 CompilerThre") || threadName.startsWith("C2 CompilerThre")) {
            return Kind.JIT;
        }
        return GC_NAMES.stream().anyMatch(threadName::startsWith) ? Kind.GC : Kind.OTHER;
    }

    private static double dropEnded(Map<String, Double> threads, Set<String> seen) {
        double ended = 0;
        for (var entries = threads.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            if (!seen.contains(entry.getKey())) {
                ended += entry.getValue();
                entries.remove();
            }
        }
        return ended;
    }

    double jitSeconds() {
        return endedJitSeconds + jit.values().stream().mapToDouble(d -> d).sum();
    }

    double gcSeconds() {
        return endedGcSeconds + gc.values().stream().mapToDouble(d -> d).sum();
    }
}
