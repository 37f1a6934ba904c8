package me.musclemap.rum.intake;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.rum.beacon.Measurement;
import me.musclemap.rum.beacon.Reason;
import me.musclemap.telemetry.meters.Meters;

/**
 * Accounts for every beacon since the start: received is the sum over the outcomes. Safe for use by many threads.
 */
public final class Ledger {
    private final Meters meters;
    private final Counter received;
    private final Map<Outcome, Counter> beacons = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Counter> values = new EnumMap<>(Outcome.class);
    private final Counter valuesUpdated;
    private final Map<Reason, Counter> rejections = new EnumMap<>(Reason.class);
    private final Map<String, Counter> ratings = new ConcurrentHashMap<>();

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
    }

    void received() {
        received.increment();
    }

    void beacon(Outcome outcome) {
        of(beacons, outcome).increment();
    }

    void values(Outcome outcome, int count) {
        of(values, outcome).increment(count);
    }

    void updated(int count) {
        valuesUpdated.increment(count);
    }

    void rejected(Reason reason) {
        Counter counter = rejections.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void rated(Measurement measurement) {
        String metric = measurement.vital().label();
        String rating = measurement.vital().rate(measurement.value()).label();
        String navigation = measurement.navigation().label();
        ratings.computeIfAbsent(
                        metric + '/' + rating + '/' + navigation,
                        key -> meters.counter(
                                "rum_web_vital_rating_total",
                                "metric",
                                metric,
                                "rating",
                                rating,
                                "navigation",
                                navigation))
                .increment();
    }

    /** Beacons received. */
    public long receivedCount() {
        return (long) received.count();
    }

    /** Beacons with this outcome. */
    public long count(Outcome outcome) {
        return (long) of(beacons, outcome).count();
    }

    /** Rejections with this reason, of beacons and of values. */
    public long count(Reason reason) {
        Counter counter = rejections.get(reason);
        return counter == null ? 0 : (long) counter.count();
    }

    /** Whether every beacon received is accounted for. Only while none is under way. */
    public boolean balances() {
        long sum = 0;
        for (Outcome outcome : Outcome.values()) {
            sum += count(outcome);
        }
        return sum == receivedCount();
    }

    private static Counter of(Map<Outcome, Counter> counters, Outcome outcome) {
        Counter counter = counters.get(outcome);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + outcome);
        }
        return counter;
    }
}
