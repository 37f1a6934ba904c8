package me.musclemap.rum.intake;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.rum.beacon.Beacon;
import me.musclemap.rum.beacon.BeaconDecoder;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Measurement;
import me.musclemap.rum.beacon.Reason;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.UnreadableBeaconException;
import me.musclemap.rum.privacy.RouteTemplates;
import me.musclemap.rum.sketch.Vitals;
import me.musclemap.rum.spool.KeptBeacon;
import me.musclemap.rum.spool.SegmentLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes beacons in: decode, classify, scrub, write to disk, count. Safe for use by many threads. */
public final class Intake {
    /** The longest body that is read. */
    public static final int BODY_BYTES_MAX = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long DURABLE_WITHIN_SECONDS = 10;
    private static final int RELEASE_LENGTH_MAX = 40;

    /** A full disk would else be filled further by log lines. */
    private static final long NOTE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong lastNoteNanos = new AtomicLong(System.nanoTime() - 2 * NOTE_EVERY_NANOS);
    private final BeaconDecoder decoder = new BeaconDecoder();
    private final RouteTemplates routes = new RouteTemplates();
    private final SegmentLog spool;
    private final Vitals vitals;
    private final Ledger ledger;
    private final Clock clock;

    /** Keeps what comes in {@code spool} and {@code vitals}. */
    public Intake(SegmentLog spool, Vitals vitals, Ledger ledger, Clock clock) {
        this.spool = spool;
        this.vitals = vitals;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A body that is longer than {@link #BODY_BYTES_MAX}. */
    public Answer tooLarge() {
        ledger.received();
        return unreadable(Reason.TOO_LARGE, 413, "a beacon holds at most " + BODY_BYTES_MAX + " bytes");
    }

    /** Takes one beacon in; returns once it is on disk, if it is to be kept. */
    public Answer take(byte[] body, Caller caller) {
        ledger.received();
        Beacon beacon;
        try {
            beacon = decoder.decode(body);
        } catch (UnreadableBeaconException e) {
            return unreadable(Reason.UNREADABLE, 400, String.valueOf(e.getMessage()));
        }
        beacon.rejections().forEach(ledger::rejected);
        ledger.values(Outcome.REJECTED, beacon.rejections().size());
        int count = beacon.measurements().size();
        if (caller.optedOut() || beacon.optedOut()) {
            return leave(Outcome.OPTED_OUT, count);
        }
        Sender sender = Sender.of(caller.userAgent(), beacon.driven());
        if (sender == Sender.BOT) {
            return leave(Outcome.BOT, count);
        }
        return keep(caller, beacon, sender);
    }

    private Answer unreadable(Reason reason, int status, String problem) {
        ledger.rejected(reason);
        ledger.beacon(Outcome.REJECTED);
        return new Answer(status, problem);
    }

    private Answer leave(Outcome outcome, int values) {
        ledger.values(outcome, values);
        ledger.beacon(outcome);
        return Answer.DONE;
    }

    private Answer keep(Caller caller, Beacon beacon, Sender sender) {
        var comparable = new ArrayList<Measurement>();
        for (Measurement measurement : beacon.measurements()) {
            if (measurement.navigation().measures(measurement.vital())) {
                comparable.add(measurement);
            }
        }
        ledger.values(Outcome.NOT_COMPARABLE, beacon.measurements().size() - comparable.size());
        if (comparable.isEmpty()) {
            Outcome outcome = beacon.measurements().isEmpty() ? Outcome.REJECTED : Outcome.NOT_COMPARABLE;
            ledger.beacon(sender == Sender.SYNTHETIC ? Outcome.SYNTHETIC : outcome);
            return Answer.DONE;
        }
        KeptBeacon kept = kept(caller, beacon, sender, comparable);
        try {
            Vitals.Applied applied =
                    spool.append(kept.encode(), () -> vitals.apply(kept)).get(DURABLE_WITHIN_SECONDS, TimeUnit.SECONDS);
            count(sender, applied, comparable);
            return Answer.DONE;
        } catch (ExecutionException | TimeoutException e) {
            return notDurable(comparable.size(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return notDurable(comparable.size(), e);
        }
    }

    private KeptBeacon kept(Caller caller, Beacon beacon, Sender sender, List<Measurement> measurements) {
        String page = beacon.page().isEmpty() ? caller.referer() : beacon.page();
        var values = new ArrayList<KeptBeacon.Value>(measurements.size());
        for (Measurement measurement : measurements) {
            values.add(new KeptBeacon.Value(
                    measurement.vital(),
                    hash(measurement.id()),
                    measurement.value(),
                    measurement.isDelta(),
                    measurement.sentAtMillis(),
                    measurement.navigation()));
        }
        return new KeptBeacon(
                clock.millis(),
                sender,
                routes.template(page),
                Device.of(caller.userAgent()),
                beacon.connection(),
                release(beacon.release()),
                values);
    }

    private void count(Sender sender, Vitals.Applied applied, List<Measurement> measurements) {
        if (sender == Sender.SYNTHETIC) {
            ledger.values(Outcome.SYNTHETIC, measurements.size());
            ledger.beacon(Outcome.SYNTHETIC);
            return;
        }
        ledger.values(Outcome.STORED, applied.stored());
        ledger.updated(applied.updated());
        ledger.values(Outcome.DUPLICATE, applied.duplicates());
        ledger.values(Outcome.REJECTED, applied.impossible());
        for (int i = 0; i < applied.impossible(); i++) {
            ledger.rejected(Reason.IMPOSSIBLE_VALUE);
        }
        if (applied.stored() + applied.updated() > 0) {
            ledger.beacon(Outcome.STORED);
        } else {
            ledger.beacon(applied.duplicates() > 0 ? Outcome.DUPLICATE : Outcome.REJECTED);
        }
        if (applied.stored() == measurements.size()) {
            measurements.forEach(ledger::rated);
        }
    }

    private Answer notDurable(int values, Exception failure) {
        long now = System.nanoTime();
        long last = lastNoteNanos.get();
        if (now - last > NOTE_EVERY_NANOS && lastNoteNanos.compareAndSet(last, now)) {
            LOG.error("beacons are refused: the segment log cannot be written", failure);
        }
        ledger.rejected(Reason.NOT_DURABLE);
        ledger.values(Outcome.REJECTED, values);
        ledger.beacon(Outcome.REJECTED);
        return new Answer(503, "the beacon could not be kept: send it again later");
    }

    /** A release that is written like one; anything else could be a person's name. */
    private static String release(String release) {
        boolean isPlain =
                release.length() <= RELEASE_LENGTH_MAX && release.matches("v?[0-9][A-Za-z0-9._+-]*|[0-9a-f]{7,40}");
        return isPlain ? release : "";
    }

    /** FNV-1a over the id, mixed: ids differ in few digits. Source: Fowler, Noll, Vo; mixer of Stafford, variant 13. */
    private static long hash(String id) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
