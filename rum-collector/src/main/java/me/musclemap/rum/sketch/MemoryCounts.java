package me.musclemap.rum.sketch;

import java.time.Duration;
import me.musclemap.rum.beacon.Vital;
import org.jspecify.annotations.Nullable;

/**
 * Counts in memory: by the minute for the last hours, by the hour before that. Everything is bounded. Safe for use by
 * many threads.
 */
public final class MemoryCounts implements Counts, CellSource {
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final Limits limits;
    private final Intervals<CellKey, Cell> minutes;
    private final Intervals<CellKey, Cell> hours;
    private final Intervals<GroupKey, Cell> groups;
    private final Intervals<CulpritKey, Culprit> culprits;
    private long newest = Long.MIN_VALUE;

    /**
     * What is kept.
     *
     * @param cells of all minutes, and as many of all hours
     * @param groupCells for the comparison of releases
     * @param culprits elements, over all hours
     * @param minutesKept by the minute, before they are added up to hours
     * @param hoursKept by the hour, before they are dropped
     */
    public record Limits(int cells, int groupCells, int culprits, int minutesKept, int hoursKept) {
        /** 20,000 cells, 40,000 by group, 5,000 elements, two hours by the minute, a week by the hour. */
        public static final Limits DEFAULT = new Limits(20_000, 40_000, 5_000, 120, 7 * 24);

        /** For the live view alone, where a database holds the rest. */
        public static final Limits RECENT = new Limits(5_000, 0, 500, 10, 1);
    }

    /** Nothing yet. */
    public MemoryCounts(Limits limits) {
        this.limits = limits;
        minutes = new Intervals<>(limits.cells, Cell::new, CellKey::overflow);
        hours = new Intervals<>(limits.cells, Cell::new, CellKey::overflow);
        groups = new Intervals<>(limits.groupCells, Cell::new, GroupKey::overflow);
        culprits = new Intervals<>(limits.culprits, Culprit::new, CulpritKey::overflow);
    }

    @Override
    public synchronized CellKey put(Change wanted) {
        long minute = wanted.minute();
        Intervals.Sum<CellKey, Cell> sum = minutes.sum(minute, wanted.key());
        sum.value().change(sum.key().vital(), wanted.value(), wanted.sign(), wanted.units());
        putAside(sum.key().equals(wanted.key()) ? wanted : wanted.withKey(sum.key()));
        return sum.key();
    }

    private void putAside(Change change) {
        long hour = change.minute() / 60;
        if (change.isComparable() && limits.groupCells > 0) {
            Cell cell = groups.sum(hour, change.groupKey()).value();
            cell.change(change.key().vital(), change.value(), change.sign(), change.units());
        }
        if (!change.target().isEmpty()) {
            Culprit culprit = culprits.sum(hour, change.culpritKey()).value();
            culprit.add(change.signedUnits(), change.signedPoorUnits());
        }
    }

    @Override
    public synchronized boolean take(Change change) {
        Cell cell = minutes.get(change.minute(), change.key());
        if (cell == null) {
            cell = hours.get(change.minute() / 60, change.key());
        }
        if (cell == null) {
            return false;
        }
        Change out = change.undone();
        cell.change(out.key().vital(), out.value(), out.sign(), out.units());
        takeAside(out);
        return true;
    }

    private void takeAside(Change out) {
        long hour = out.minute() / 60;
        if (out.isComparable() && limits.groupCells > 0) {
            Cell cell = wherePut(groups, hour, out.groupKey(), out.groupKey().overflow());
            if (cell != null) {
                cell.change(out.key().vital(), out.value(), out.sign(), out.units());
            }
        }
        if (!out.target().isEmpty()) {
            Culprit culprit =
                    wherePut(culprits, hour, out.culpritKey(), out.culpritKey().overflow());
            if (culprit != null) {
                culprit.add(out.signedUnits(), out.signedPoorUnits());
            }
        }
    }

    private static <K, V> @Nullable V wherePut(Intervals<K, V> intervals, long hour, K key, K overflow) {
        V sum = intervals.get(hour, key);
        return sum == null ? intervals.get(hour, overflow) : sum;
    }

    /** Adds old minutes up to hours, and drops old hours. */
    @Override
    public synchronized void reach(long minute) {
        if (minute <= newest) {
            return;
        }
        newest = minute;
        minutes.before(minute - limits.minutesKept, (time, key, cell) -> {
            hours.sum(time / 60, key).value().merge(cell);
        });
        long oldest = minute / 60 - limits.hoursKept;
        hours.before(oldest, (time, key, cell) -> {});
        groups.before(oldest, (time, key, cell) -> {});
        culprits.before(oldest, (time, key, culprit) -> {});
    }

    @Override
    public synchronized void cells(Vital vital, long fromMillis, long toMillis, CellVisitor visitor) {
        long last = toMillis - 1;
        hours.forEach(Math.floorDiv(fromMillis, HOUR), Math.floorDiv(last, HOUR), (time, key, cell) -> {
            if (key.vital() == vital) {
                visitor.see(time * HOUR, key, cell);
            }
        });
        minutes.forEach(Math.floorDiv(fromMillis, MINUTE), Math.floorDiv(last, MINUTE), (time, key, cell) -> {
            if (key.vital() == vital) {
                visitor.see(time * MINUTE, key, cell);
            }
        });
    }

    @Override
    public synchronized void groups(Vital vital, String release, long fromMillis, long toMillis, GroupVisitor visitor) {
        groups.forEach(Math.floorDiv(fromMillis, HOUR), Math.floorDiv(toMillis - 1, HOUR), (time, key, cell) -> {
            if (key.vital() == vital && key.release().equals(release)) {
                visitor.see(key, cell);
            }
        });
    }

    @Override
    public synchronized void culprits(Vital vital, long fromMillis, long toMillis, CulpritVisitor visitor) {
        culprits.forEach(Math.floorDiv(fromMillis, HOUR), Math.floorDiv(toMillis - 1, HOUR), (time, key, culprit) -> {
            if (key.vital() == vital) {
                visitor.see(key, culprit);
            }
        });
    }

    /** Cells in memory. */
    public synchronized int size() {
        return minutes.size() + hours.size() + groups.size();
    }

    /** Values that went under another key because there was no room. */
    public synchronized long overflowed() {
        return minutes.overflowed() + hours.overflowed() + groups.overflowed() + culprits.overflowed();
    }
}
