package me.musclemap.rum.intake;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Reason;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.Vitals;
import me.musclemap.rum.spool.KeptBeacon;
import me.musclemap.telemetry.meters.Meters;

/**
 * Accounts for every beacon since the start: received is the sum over the outcomes, and of those that are in the log and
 * wait for the database. Safe for use by many threads.
 */
public final class Ledger {
    private final Meters meters;
    private final Counter received;
    private final AtomicLong spooled = new AtomicLong();
    private final Map<Outcome, Counter> beacons = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Counter> values = new EnumMap<>(Outcome.class);
    private final Counter valuesUpdated;
    private final Map<Reason, Counter> rejections = new EnumMap<>(Reason.class);
    private final Map<Rated, Counter> ratings = new ConcurrentHashMap<>();

    private record Rated(Vital vital, Rating rating, Navigation navigation) {}

    /** Counts into {@code meters}, from zero. */
    public Ledger(Meters meters) {
        this.meters = meters;
        received = meters.counter("rum_beacons_received_total");
        for (Outcome outcome : Outcome.values()) {
            beacons.put(outcome, meters.counter("rum_beacons_total", "outcome", outcome.label()));
            values.put(outcome, meters.counter("rum_measurements_total", "outcome", outcome.label()));
        }
        valuesUpdated = meters.counter("rum_measurements_total", "outcome", "updated");
        for (Reason reason : Reason.values()) {
            rejections.put(reason, meters.counter("rum_rejections_total", "reason", reason.label()));
        }
        meters.gauge("rum_spooled_beacons", spooled, AtomicLong::doubleValue);
    }

    void received() {
        received.increment();
    }

    /** Found in the log at the start: received by this collector before, and not in the database yet. */
    public void recovered(long beaconCount) {
        received.increment((double) beaconCount);
        spooled.addAndGet(beaconCount);
    }

    void spooled() {
        spooled.incrementAndGet();
    }

    /** Has left the log for the database, or was counted in memory. */
    public void unspooled(long beaconCount) {
        spooled.addAndGet(-beaconCount);
    }

    void beacon(Outcome outcome) {
        of(beacons, outcome).increment();
    }

    void values(Outcome outcome, int count) {
        if (count > 0) {
            of(values, outcome).increment(count);
        }
    }

    void rejected(Reason reason) {
        of(rejections, reason).increment();
    }

    /** The outcome of a beacon whose values were counted. */
    public void applied(KeptBeacon beacon, Vitals.Applied applied) {
        Outcome outcome = Outcome.of(beacon, applied);
        beacon(outcome);
        if (outcome == Outcome.SYNTHETIC) {
            values(Outcome.SYNTHETIC, beacon.values().size());
            return;
        }
        values(Outcome.STORED, applied.stored());
        valuesUpdated.increment(applied.updated());
        values(Outcome.DUPLICATE, applied.duplicates());
        values(Outcome.REJECTED, applied.impossible());
        for (int i = 0; i < applied.impossible(); i++) {
            rejected(Reason.IMPOSSIBLE_VALUE);
        }
        if (applied.stored() == beacon.values().size()) {
            beacon.values().forEach(this::rated);
        }
    }

    private void rated(KeptBeacon.Value value) {
        Vital vital = value.vital();
        var rating = vital.rate(value.value());
        var key = new Rated(vital, rating, value.navigation());
        Counter counter = ratings.get(key);
        if (counter == null) {
            counter = ratings.computeIfAbsent(
                    key,
                    k -> meters.counter(
                            "rum_web_vital_rating_total",
                            "metric",
                            vital.label(),
                            "rating",
                            rating.label(),
                            "navigation",
                            value.navigation().label()));
        }
        counter.increment();
    }

    /** Beacons received. */
    public long receivedCount() {
        return (long) received.count();
    }

    /** Beacons in the log that wait for the database. */
    public long spooledCount() {
        return spooled.get();
    }

    /** Beacons with this outcome. */
    public long count(Outcome outcome) {
        return (long) of(beacons, outcome).count();
    }

    /** Rejections with this reason, of beacons and of values. */
    public long count(Reason reason) {
        return (long) of(rejections, reason).count();
    }

    /** Whether every beacon received is accounted for. Only while none is under way. */
    public boolean balances() {
        long sum = spooledCount();
        for (Outcome outcome : Outcome.values()) {
            sum += count(outcome);
        }
        return sum == receivedCount();
    }

    private static <K> Counter of(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return counter;
    }
}
