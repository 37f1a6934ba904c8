package me.musclemap.load.drive;

import java.util.Map;
import java.util.TreeMap;
import me.musclemap.load.record.LatencyLog;
import me.musclemap.load.workload.Operation;
import org.HdrHistogram.Histogram;

/**
 * What was offered, served and failed over a stretch of time, and how long it took. Belongs to one thread at a time; it is handed over
 * whole. Latencies in nanoseconds.
 */
final class Tally {
    /** Half a microsecond is the finest step; buckets of different lowest values still add up. */
    private static final long LOWEST_NANOS = 1000;

    private static final long HIGHEST_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    final boolean byOperation;
    final Map<String, Histogram> byTag = new TreeMap<>();
    final Map<String, Long> completed = new TreeMap<>();
    final Map<String, Long> failed = new TreeMap<>();
    final Map<String, Long> failures = new TreeMap<>();
    /** Answers that refused what was asked, where that is expected: operation and how, with how often. */
    final Map<String, Long> refusals = new TreeMap<>();

    final Map<String, Histogram> byRegion = new TreeMap<>();
    /** Users of whom at least one request was sent. */
    final java.util.BitSet senders = new java.util.BitSet();

    final Histogram corrected = histogram();
    final Histogram service = histogram();
    final Histogram slip = histogram();
    long startNanos;
    long offered;
    long served;
    long failedHeadline;
    long telemetry;
    long carriersExhausted;
    long generatorFaults;

    Tally(boolean byOperation) {
        this.byOperation = byOperation;
    }

    private static Histogram histogram() {
        var histogram = new Histogram(LOWEST_NANOS, 2 * LOWEST_NANOS * 1024, DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /**
     * An answer, or the lack of one. Abuse has no latency that anybody waits for: refusing it quickly must not flatter the others, nor
     * its failures harm them.
     *
     * @param ok answered as it may be, a refusal of abuse among it
     */
    void answered(Operation operation, boolean ok, boolean refused, long due, long sent, long ended) {
        var honest = !operation.abusive();
        if (operation.headline()) {
            served += ok && !refused ? 1 : 0;
            failedHeadline += ok || !honest ? 0 : 1;
        }
        answered(operation.name(), operation.headline(), honest, ok, due, sent, ended);
    }

    /** An event on a socket. */
    void onSocket(String operation, boolean ok, long due, long sent, long ended) {
        answered(operation, false, true, ok, due, sent, ended);
    }

    private void answered(
            String operation, boolean headline, boolean honest, boolean ok, long due, long sent, long ended) {
        var serviceNanos = bounded(ended - sent);
        var correctedNanos = bounded(ended - due);
        (ok ? completed : failed).merge(operation, 1L, Long::sum);
        if (headline && honest) {
            corrected.recordValue(correctedNanos);
            service.recordValue(serviceNanos);
        } else if (!headline && ok) {
            telemetry++;
        }
        if (byOperation) {
            of(LatencyLog.tag(operation, false, ok)).recordValue(serviceNanos);
            of(LatencyLog.tag(operation, true, ok)).recordValue(correctedNanos);
        }
    }

    /** A request left; {@code ready} is when the generator could have sent it. */
    void sent(long ready, long sentNanos) {
        slip.recordValue(bounded(sentNanos - ready));
    }

    void inRegion(String region, long due, long ended) {
        byRegion.computeIfAbsent(region, name -> histogram()).recordValue(bounded(ended - due));
    }

    private Histogram of(String tag) {
        var histogram = byTag.get(tag);
        if (histogram == null) {
            histogram = histogram();
            byTag.put(tag, histogram);
        }
        return histogram;
    }

    private static long bounded(long nanos) {
        return Math.max(0, Math.min(nanos, HIGHEST_NANOS));
    }

    void clear(long nowNanos) {
        byTag.values().forEach(Histogram::reset);
        completed.clear();
        failed.clear();
        failures.clear();
        refusals.clear();
        byRegion.values().forEach(Histogram::reset);
        senders.clear();
        corrected.reset();
        service.reset();
        slip.reset();
        startNanos = nowNanos;
        offered = 0;
        served = 0;
        failedHeadline = 0;
        telemetry = 0;
        carriersExhausted = 0;
        generatorFaults = 0;
    }
}
