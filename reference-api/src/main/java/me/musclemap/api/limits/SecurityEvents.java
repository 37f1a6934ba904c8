package me.musclemap.api.limits;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody who means harm does, and others seldom: counted each time, and written to the log at most once a second
 * for each kind, because whoever means harm does it often. The log names no address and no user. Safe for use by many threads.
 */
public final class SecurityEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityEvents.class);
    private static final long BETWEEN_LINES_NANOS = 1_000_000_000;

    /** The kinds. */
    public enum Kind {
        /** A query of too many levels. */
        QUERY_DEPTH,
        /** A query that costs too much. */
        QUERY_COST,
        /** A query with too many aliases. */
        QUERY_ALIASES,
        /** A batch of too many operations. */
        BATCH_SIZE,
        /** More requests than a user or an address may send. */
        RATE_LIMIT,
        /** More attempts to log in than an address may make. */
        LOGIN_LIMIT,
        /** More sign-ups than an address may make. */
        SIGNUP_LIMIT,
        /** A refresh token that was used before. */
        TOKEN_REUSED,
        /** A page of an origin that is not ours. */
        FOREIGN_ORIGIN;

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final BusinessTelemetry telemetry;
    private final Map<Kind, Line> lines = new EnumMap<>(Kind.class);

    private static final class Line {
        private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
        private final AtomicLong unwritten = new AtomicLong();
    }

    /** Counts into {@code telemetry}. */
    public SecurityEvents(BusinessTelemetry telemetry) {
        this.telemetry = telemetry;
        for (Kind kind : Kind.values()) {
            lines.put(kind, new Line());
        }
    }

    /** It happened. */
    public void happened(Kind kind) {
        telemetry.securityEvent(kind.label());
        Line line = lines.get(kind);
        if (line == null) {
            return;
        }
        line.unwritten.incrementAndGet();
        long now = System.nanoTime();
        long next = line.nextNanos.get();
        if (now - next >= 0 && line.nextNanos.compareAndSet(next, now + BETWEEN_LINES_NANOS)) {
            LOG.warn("security event={} times={}", kind.label(), line.unwritten.getAndSet(0));
        }
    }
}
