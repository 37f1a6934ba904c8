package me.musclemap.rum.live;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.Change;
import me.musclemap.rum.sketch.Counts;

/**
 * How fast the budgets of the vitals burn. A vital passes when the value at the 75th percentile is good; so a quarter of
 * the page views is the budget that may be worse. A burn of 1 uses it up exactly. Real visitors' loads only. Counts of the
 * last hours in fixed memory; safe for use by many threads.
 *
 * <p>Source: the assessment of Core Web Vitals at p75, web.dev; burn rates: Google, The Site Reliability Workbook, ch. 5.
 */
@SuppressWarnings("EnumOrdinal") // a place in an array of this process
public final class Budgets implements Counts {
    /** The share of page views that may be worse than good. */
    public static final double BUDGET = 0.25;

    /** Hours that are looked back at most. */
    public static final int HOURS_MAX = 6;

    private static final int MINUTES = HOURS_MAX * 60;
    private static final int VITALS = Vital.values().length;

    private final Counts next;
    private final LongSupplier nowMillis;
    private final AtomicLongArray minuteOf = new AtomicLongArray(MINUTES);
    private final AtomicLongArray all = new AtomicLongArray(MINUTES * VITALS);
    private final AtomicLongArray notGood = new AtomicLongArray(MINUTES * VITALS);

    /** Looks at what is counted in {@code next}. */
    public Budgets(Counts next, LongSupplier nowMillis) {
        this.next = next;
        this.nowMillis = nowMillis;
    }

    @Override
    public CellKey put(Change change) {
        count(change);
        return next.put(change);
    }

    @Override
    public boolean take(Change change) {
        boolean taken = next.take(change);
        if (taken) {
            count(change.undone());
        }
        return taken;
    }

    @Override
    public void reach(long minute) {
        next.reach(minute);
    }

    private synchronized void count(Change change) {
        CellKey key = change.key();
        if (key.sender() != Sender.FIELD || key.navigation() != Navigation.LOAD) {
            return;
        }
        int slot = (int) Math.floorMod(change.minute(), (long) MINUTES);
        if (change.minute() < minuteOf.get(slot)) {
            return; // older than all that is kept
        }
        if (change.minute() != minuteOf.get(slot)) {
            minuteOf.set(slot, change.minute());
            for (int vital = 0; vital < VITALS; vital++) {
                all.set(slot * VITALS + vital, 0);
                notGood.set(slot * VITALS + vital, 0);
            }
        }
        int at = slot * VITALS + key.vital().ordinal();
        all.addAndGet(at, change.signedUnits());
        if (key.vital().rate(change.value()) != Rating.GOOD) {
            notGood.addAndGet(at, change.signedUnits());
        }
    }

    /** How fast the budget of a vital burned in the last hours; zero if nobody was there. */
    public double burn(Vital vital, int hours) {
        long last = TimeUnit.MILLISECONDS.toMinutes(nowMillis.getAsLong());
        long views = 0;
        long worse = 0;
        for (int slot = 0; slot < MINUTES; slot++) {
            long minute = minuteOf.get(slot);
            if (minute > last - hours * 60L && minute <= last) {
                views += all.get(slot * VITALS + vital.ordinal());
                worse += notGood.get(slot * VITALS + vital.ordinal());
            }
        }
        return views <= 0 ? 0 : (double) worse / views / BUDGET;
    }
}
