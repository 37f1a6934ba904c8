package me.musclemap.rum.sketch;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import me.musclemap.rum.spool.KeptBeacon;

/**
 * Turns beacons into counts: tells a repeated value from a new one, lets a later value of an id take the place of the
 * earlier, and bounds the names that are kept apart. Applying the same beacons in the same order gives the same counts.
 * Safe for use by many threads.
 */
public final class Vitals {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Counts counts;
    private final Names routes;
    private final Names releases;
    private final KnownValues known;
    private long overflowed;

    /**
     * What is told apart; values beyond it go under {@value CellKey#OTHER}.
     *
     * @param ids that a repeated value is told by
     */
    public record Limits(int routes, int releases, int ids) {
        /** 200 routes, 20 releases, 131,072 ids. */
        public static final Limits DEFAULT = new Limits(200, 20, 1 << 17);
    }

    /**
     * What became of the values of a beacon.
     *
     * @param impossible changes that would have made a value no page can have measured
     */
    public record Applied(int stored, int updated, int duplicates, int impossible) {}

    /** Counts into {@code counts}. */
    public Vitals(Limits limits, Counts counts) {
        this.counts = counts;
        routes = new Names(limits.routes);
        releases = new Names(limits.releases);
        known = new KnownValues(limits.ids);
    }

    /** Takes in the values of one beacon. */
    public synchronized Applied apply(KeptBeacon beacon) {
        int stored = 0;
        int updated = 0;
        int duplicates = 0;
        int impossible = 0;
        long minute = Math.floorDiv(beacon.receivedMillis(), MINUTE);
        for (KeptBeacon.Value value : beacon.values()) {
            long id = value.idHash() * 31 + value.vital().name().hashCode();
            int at = known.find(id);
            if (at >= 0 && (isRepeated(at, value) || isOlder(at, value))) {
                duplicates++;
                continue;
            }
            double whole = value.isDelta() && at >= 0 ? known.value(at) + value.value() : value.value();
            if (!value.vital().isPossible(whole)) {
                impossible++;
                continue;
            }
            Change before = at < 0 ? null : known.put(at);
            if (before != null && counts.take(before)) {
                known.set(at, value.sentAtMillis(), put(beacon, value, whole, before.minute(), before.key()));
                updated++;
            } else {
                Change put = put(beacon, value, whole, minute, key(beacon, value, minute));
                known.set(at < 0 ? known.add(id) : at, value.sentAtMillis(), put);
                stored++;
            }
        }
        counts.reach(minute);
        return new Applied(stored, updated, duplicates, impossible);
    }

    private Change put(KeptBeacon beacon, KeptBeacon.Value value, double whole, long minute, CellKey key) {
        var change = new Change(minute, key, whole, 1, beacon.weightUnits(), beacon.group(), value.target());
        return change.withKey(counts.put(change));
    }

    private boolean isRepeated(int at, KeptBeacon.Value value) {
        return value.isDelta()
                ? value.sentAtMillis() != 0 && value.sentAtMillis() == known.sentAtMillis(at)
                : value.value() == known.value(at);
    }

    /** A whole value that was sent before the one that is counted, and waited somewhere. */
    private boolean isOlder(int at, KeptBeacon.Value value) {
        return !value.isDelta() && value.sentAtMillis() != 0 && value.sentAtMillis() < known.sentAtMillis(at);
    }

    private CellKey key(KeptBeacon beacon, KeptBeacon.Value value, long minute) {
        return new CellKey(
                beacon.sender(),
                bounded(routes, value.route(), minute),
                value.vital(),
                value.navigation(),
                beacon.device(),
                beacon.connection(),
                beacon.country(),
                bounded(releases, beacon.release(), minute));
    }

    private String bounded(Names names, String name, long minute) {
        if (names.admits(name, minute)) {
            return name;
        }
        overflowed++;
        return CellKey.OTHER;
    }

    /** Names that are kept apart: so many, and one that nobody has used for a week makes room for another. */
    private static final class Names {
        private static final long FORGOTTEN_AFTER_MINUTES = Duration.ofDays(7).toMinutes();

        private final int max;
        private final Map<String, Long> lastSeenMinute = new HashMap<>();
        private long sweptMinute = Long.MIN_VALUE;

        Names(int max) {
            this.max = max;
        }

        boolean admits(String name, long minute) {
            Long seen = lastSeenMinute.get(name);
            if (seen != null && seen == minute) {
                return true;
            }
            if (lastSeenMinute.size() >= max && seen == null) {
                if (sweptMinute == minute) {
                    return false;
                }
                sweptMinute = minute;
                lastSeenMinute.values().removeIf(last -> last < minute - FORGOTTEN_AFTER_MINUTES);
                if (lastSeenMinute.size() >= max) {
                    return false;
                }
            }
            lastSeenMinute.put(name, minute);
            return true;
        }
    }

    /** Values under another route or release because there were too many. */
    public synchronized long overflowed() {
        return overflowed;
    }
}
