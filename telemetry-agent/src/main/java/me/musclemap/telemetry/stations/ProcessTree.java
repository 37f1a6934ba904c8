package me.musclemap.telemetry.stations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All processes descended from one root, and the CPU they have used, ended ones included. Not safe for use by many
 * threads.
 *
 * <p>The kernel moves the CPU time of an ended child to the parent that waits for it, so the sum over the living of own
 * and children's time is kept. Where nobody in the tree waits (the parent ended first, or ignores its children's end),
 * the last value seen is kept instead, and only what was used after that sample is missed. A descendant is followed by
 * its pid and start, whatever group or session it joins; one that is started and loses its parent between two samples is
 * not found.
 */
final class ProcessTree {
    /** Parents' counts are in whole ticks: a difference this small per ended child says nothing. */
    private static final double ROUNDING_SECONDS = 1.1 * ProcessStat.SECONDS_PER_TICK;

    private final ProcessKey root;
    private final Map<ProcessKey, Member> members = new LinkedHashMap<>();
    private double keptSeconds;
    private double cpuSeconds;
    private boolean rootAlive = true;

    ProcessTree(ProcessStat root) {
        this.root = root.key();
        members.put(root.key(), new Member(root, root.ownCpuSeconds(), null));
    }

    /** Takes in what {@code /proc} shows now. */
    void update(List<ProcessStat> all, ProcFs proc) {
        var byPid = new HashMap<Long, ProcessStat>(all.size() * 2);
        all.forEach(stat -> byPid.put(stat.pid(), stat));
        Set<ProcessKey> living = living(all, byPid);
        var before = Map.copyOf(members);
        members.clear();
        for (ProcessStat stat : all) {
            if (living.contains(stat.key())) {
                ProcessStat parent = byPid.get(stat.parentPid());
                members.put(
                        stat.key(),
                        new Member(
                                stat,
                                ownSeconds(stat, before.get(stat.key()), proc),
                                parent != null && living.contains(parent.key()) ? parent.key() : null));
            }
        }
        keep(before);
        rootAlive = members.containsKey(root) && living(root);
        double sum = keptSeconds;
        for (Member member : members.values()) {
            sum += member.ownSeconds + member.childSeconds();
        }
        cpuSeconds = Math.max(cpuSeconds, sum);
    }

    /** Members that still exist, and every process whose parent is one. */
    private Set<ProcessKey> living(List<ProcessStat> all, Map<Long, ProcessStat> byPid) {
        var living = new HashSet<ProcessKey>();
        var rest = new ArrayList<ProcessStat>();
        for (ProcessStat stat : all) {
            if (members.containsKey(stat.key())) {
                living.add(stat.key());
            } else {
                rest.add(stat);
            }
        }
        boolean found = !living.isEmpty();
        while (found) {
            found = rest.removeIf(stat -> {
                ProcessStat parent = byPid.get(stat.parentPid());
                return parent != null && living.contains(parent.key()) && living.add(stat.key());
            });
        }
        return living;
    }

    /**
     * A single-threaded process shows its time in nanoseconds beside the ticks, which matters where a database has a
     * process for each connection. A value never falls.
     */
    private static double ownSeconds(ProcessStat stat, @Nullable Member before, ProcFs proc) {
        double seconds = stat.ownCpuSeconds();
        if (stat.threads() == 1 && stat.state() != 'Z') {
            seconds = Math.max(seconds, proc.scheduledSeconds(Long.toString(stat.pid())));
        }
        return before == null ? seconds : Math.max(seconds, before.ownSeconds);
    }

    /** Keeps the time of members that ended and that no member took over. */
    private void keep(Map<ProcessKey, Member> before) {
        var expected = new HashMap<ProcessKey, Double>();
        var count = new HashMap<ProcessKey, Integer>();
        for (var entry : before.entrySet()) {
            if (members.containsKey(entry.getKey())) {
                continue;
            }
            Member ended = entry.getValue();
            double seconds = ended.ownSeconds + ended.childSeconds();
            ProcessKey heir = nearestLiving(ended.parent, before);
            if (heir == null) {
                keptSeconds += seconds;
            } else {
                expected.merge(heir, seconds, Double::sum);
                count.merge(heir, 1, Integer::sum);
            }
        }
        expected.forEach((heir, seconds) -> {
            Member now = members.get(heir);
            Member then = before.get(heir);
            if (now == null || then == null) {
                return;
            }
            double missing = seconds - (now.childSeconds() - then.childSeconds());
            if (missing > ROUNDING_SECONDS * count.getOrDefault(heir, 0)) {
                keptSeconds += missing;
            }
        });
    }

    private @Nullable ProcessKey nearestLiving(@Nullable ProcessKey from, Map<ProcessKey, Member> before) {
        ProcessKey key = from;
        while (key != null && !members.containsKey(key)) {
            Member member = before.get(key);
            key = member == null ? null : member.parent;
        }
        return key;
    }

    private boolean living(ProcessKey key) {
        Member member = members.get(key);
        return member != null && member.stat.state() != 'Z';
    }

    /** CPU seconds of all that ever belonged to the tree, since each started. Never falls. */
    double cpuSeconds() {
        return cpuSeconds;
    }

    /** Whether this very process is the root, not another that was given its pid. */
    boolean isRoot(ProcessStat stat) {
        return stat.key().equals(root);
    }

    /** Whether the root process exists. */
    boolean rootAlive() {
        return rootAlive;
    }

    /** The members as last seen. */
    List<ProcessStat> members() {
        return members.values().stream().map(Member::stat).toList();
    }

    private record Member(
            ProcessStat stat, double ownSeconds, @Nullable ProcessKey parent) {
        double childSeconds() {
            return stat.childTicks() * ProcessStat.SECONDS_PER_TICK;
        }
    }
}
