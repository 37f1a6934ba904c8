package me.musclemap.rum.intake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.rum.beacon.Beacon;
import me.musclemap.rum.beacon.BeaconDecoder;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Measurement;
import me.musclemap.rum.beacon.Reason;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.UnreadableBeaconException;
import me.musclemap.rum.privacy.Releases;
import me.musclemap.rum.privacy.RouteTemplates;
import me.musclemap.rum.privacy.Selectors;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.GroupKey;
import me.musclemap.rum.sketch.Sketch;
import me.musclemap.rum.spool.BeaconLog;
import me.musclemap.rum.spool.KeptBeacon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes beacons in: decode, classify, scrub, write to disk, count. Safe for use by many threads. */
public final class Intake {
    /** The longest body that is read. */
    public static final int BODY_BYTES_MAX = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final CompletableFuture<Answer> DONE = CompletableFuture.completedFuture(Answer.DONE);

    /** A full disk would else be filled further by log lines. */
    private static final long NOTE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong lastNoteNanos = new AtomicLong(System.nanoTime() - 2 * NOTE_EVERY_NANOS);
    private final BeaconDecoder decoder = new BeaconDecoder();
    private final RouteTemplates routes;
    private final Selectors selectors = new Selectors();
    private final IntakeConfig config;
    private final BeaconLog log;
    private final Acknowledged acknowledged;
    private final Ledger ledger;
    private final Clock clock;
    /** One that was found good: most beacons are of the same. */
    private volatile String lastRelease = "";

    /** What happens to a beacon when it is on disk. */
    public interface Acknowledged {
        /** Runs in the order of the log. */
        void on(KeptBeacon beacon);
    }

    /** Keeps what comes in {@code log}. */
    public Intake(IntakeConfig config, BeaconLog log, Acknowledged acknowledged, Ledger ledger, Clock clock) {
        this.config = config;
        routes = new RouteTemplates(config.routes());
        this.log = log;
        this.acknowledged = acknowledged;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Answers come from this executor from now on, if it takes them: those of beacons that were written together at once. */
    public void acknowledgeOn(Executor executor) {
        log.acknowledgeOn(executor);
    }

    /** A body that is longer than {@link #BODY_BYTES_MAX}. */
    public Answer tooLarge() {
        ledger.received();
        return refusedAsTooLarge();
    }

    private Answer refusedAsTooLarge() {
        return refused(Reason.TOO_LARGE, 413, "a beacon holds at most " + BODY_BYTES_MAX + " bytes");
    }

    /** A beacon from an address that has sent too many. */
    public Answer tooMany() {
        ledger.received();
        return refused(Reason.RATE_LIMITED, 429, "too many beacons from one address: send them again later");
    }

    /** Takes one beacon in; the answer comes once it is on disk, if it is to be kept. */
    public CompletableFuture<Answer> take(byte[] body, Caller caller) {
        ledger.received();
        Beacon beacon;
        try {
            byte[] open = Packed.open(body, BODY_BYTES_MAX);
            if (open.length > BODY_BYTES_MAX) {
                return CompletableFuture.completedFuture(refusedAsTooLarge());
            }
            beacon = decoder.decode(open);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(
                    refused(Reason.UNREADABLE, 400, "the body is packed and cannot be opened"));
        } catch (UnreadableBeaconException e) {
            return CompletableFuture.completedFuture(refused(Reason.UNREADABLE, 400, String.valueOf(e.getMessage())));
        }
        for (Reason reason : beacon.rejections()) {
            ledger.rejected(reason);
        }
        ledger.values(Outcome.REJECTED, beacon.rejections().size());
        int count = beacon.measurements().size();
        if (caller.optedOut() || beacon.optedOut()) {
            return leave(Outcome.OPTED_OUT, count);
        }
        if (!isSignedRightly(beacon)) {
            ledger.rejected(Reason.BAD_SIGNATURE);
            return leave(Outcome.REJECTED, count);
        }
        boolean isTest = beacon.driven() || !beacon.testSignature().isEmpty();
        Sender sender = Sender.of(caller.userAgent(), isTest);
        return sender == Sender.BOT ? leave(Outcome.BOT, count) : keep(caller, beacon, sender);
    }

    private boolean isSignedRightly(Beacon beacon) {
        return beacon.testSignature().isEmpty()
                || config.testSignature()
                        .map(known -> known.isOf(beacon.pageView(), beacon.testSignature()))
                        .orElse(true);
    }

    private Answer refused(Reason reason, int status, String problem) {
        ledger.rejected(reason);
        ledger.beacon(Outcome.REJECTED);
        return new Answer(status, problem);
    }

    private CompletableFuture<Answer> leave(Outcome outcome, int values) {
        ledger.values(outcome, values);
        ledger.beacon(outcome);
        return DONE;
    }

    private CompletableFuture<Answer> keep(Caller caller, Beacon beacon, Sender sender) {
        var comparable = new ArrayList<Measurement>(beacon.measurements().size());
        for (Measurement measurement : beacon.measurements()) {
            if (measurement.navigation().measures(measurement.vital())) {
                comparable.add(measurement);
            }
        }
        ledger.values(Outcome.NOT_COMPARABLE, beacon.measurements().size() - comparable.size());
        if (comparable.isEmpty()) {
            Outcome outcome = beacon.measurements().isEmpty() ? Outcome.REJECTED : Outcome.NOT_COMPARABLE;
            ledger.beacon(sender == Sender.SYNTHETIC ? Outcome.SYNTHETIC : outcome);
            return DONE;
        }
        if (isLeftOut(beacon, comparable)) {
            return leave(Outcome.SAMPLED_OUT, comparable.size());
        }
        KeptBeacon kept = kept(caller, beacon, sender, comparable);
        return log.append(kept.encode(), () -> {
                    ledger.spooled();
                    acknowledged.on(kept);
                    return Answer.DONE;
                })
                .exceptionally(failure -> notDurable(comparable.size(), failure));
    }

    /** By lot, and the same lot for all beacons of a page view, so that whole page views stay. Never by the value. */
    private boolean isLeftOut(Beacon beacon, List<Measurement> measurements) {
        if (config.keptShare() >= 1) {
            return false;
        }
        String by = beacon.pageView().isEmpty() ? measurements.get(0).id() : beacon.pageView();
        return (hash("sample/" + by) >>> 11) * 0x1p-53 >= config.keptShare();
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
                    measurement.navigation(),
                    routes.template(measurement.page().isEmpty() ? page : measurement.page()),
                    selectors.scrub(measurement.target())));
        }
        return new KeptBeacon(
                clock.millis(),
                sender,
                Device.of(caller.userAgent()),
                beacon.connection(),
                caller.country(),
                release(beacon.release()),
                beacon.session().isEmpty() ? -1 : (int) Math.floorMod(hash(beacon.session()), (long) GroupKey.GROUPS),
                (int) Math.round(Sketch.UNITS / (beacon.sampledShare() * config.keptShare())),
                beacon.traceId(),
                values);
    }

    private String release(String told) {
        if (told.isEmpty() || told.equals(lastRelease)) {
            return told;
        }
        if (!Releases.keeps(told)) {
            ledger.rejected(Reason.RELEASE_NOT_KEPT);
            return CellKey.OTHER;
        }
        lastRelease = told;
        return told;
    }

    private Answer notDurable(int values, Throwable failure) {
        long now = System.nanoTime();
        long last = lastNoteNanos.get();
        if (now - last > NOTE_EVERY_NANOS && lastNoteNanos.compareAndSet(last, now)) {
            LOG.error("beacons are refused: the segment log cannot be written", failure);
        }
        ledger.values(Outcome.REJECTED, values);
        return refused(Reason.NOT_DURABLE, 503, "the beacon could not be kept: send it again later");
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
