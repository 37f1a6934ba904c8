package me.musclemap.telemetry.business;

import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.telemetry.meters.Meters;

/** Counts of what people do, and of what is refused to them. Safe for use by many threads. */
public final class BusinessTelemetry {
    private static final List<String> SECURITY_EVENTS = List.of(
            "query_depth",
            "query_cost",
            "query_aliases",
            "batch_size",
            "rate_limit",
            "login_limit",
            "signup_limit",
            "token_reused",
            "foreign_origin");

    private final Counter registrations;
    private final Counter loginsOk;
    private final Counter loginsRefused;
    private final Counter refreshes;
    private final Counter sessionsStarted;
    private final Counter sessionsCompleted;
    private final Counter workoutsOfSessions;
    private final Counter workoutsRecorded;
    private final Counter setsLogged;
    private final Map<String, Counter> securityEvents = new HashMap<>();
    private final AtomicLong activeSessions = new AtomicLong();
    private final Counter rateLimited;
    private final Counter messagesSent;
    private final Counter messagesReceived;
    private final AtomicLong openSockets = new AtomicLong();

    /** Counts into {@code meters}. */
    public BusinessTelemetry(Meters meters) {
        registrations = meters.counter("musclemap_registrations_total");
        loginsOk = meters.counter("musclemap_logins_total", "outcome", "ok");
        loginsRefused = meters.counter("musclemap_logins_total", "outcome", "refused");
        refreshes = meters.counter("musclemap_token_refreshes_total");
        sessionsStarted = meters.counter("musclemap_workout_sessions_started_total");
        sessionsCompleted = meters.counter("musclemap_workout_sessions_completed_total");
        workoutsOfSessions = meters.counter("musclemap_workouts_total", "source", "session");
        workoutsRecorded = meters.counter("musclemap_workouts_total", "source", "recorded");
        meters.gauge("musclemap_workout_sessions_active", activeSessions, AtomicLong::doubleValue);
        for (String event : SECURITY_EVENTS) {
            securityEvents.put(event, meters.counter("musclemap_security_events_total", "event", event));
        }
        setsLogged = meters.counter("musclemap_sets_logged_total");
        rateLimited = meters.counter("musclemap_rate_limited_total");
        messagesSent = meters.counter("websocket_messages_total", "direction", "sent");
        messagesReceived = meters.counter("websocket_messages_total", "direction", "received");
        meters.gauge("websocket_connections", openSockets, AtomicLong::doubleValue);
    }

    /** Somebody registered. */
    public void registered() {
        registrations.increment();
    }

    /** Somebody logged in. */
    public void loggedIn() {
        loginsOk.increment();
    }

    /** A login was refused: wrong name or password. */
    public void loginRefused() {
        loginsRefused.increment();
    }

    /** Somebody exchanged a refresh token for a new access token. */
    public void tokenRefreshed() {
        refreshes.increment();
    }

    /** A workout session began. */
    public void workoutStarted() {
        sessionsStarted.increment();
    }

    /** A workout session was completed. */
    public void workoutCompleted() {
        sessionsCompleted.increment();
        workoutsOfSessions.increment();
    }

    /** A workout was written down that was no session. */
    public void workoutRecorded() {
        workoutsRecorded.increment();
    }

    /** So many workout sessions are active now. */
    public void sessionsActive(long count) {
        activeSessions.set(count);
    }

    /** Something that looks like an attack, or is one, was refused. {@code event} is a value of the catalogue. */
    public void securityEvent(String event) {
        Counter counter = securityEvents.get(event);
        if (counter == null) {
            throw new IllegalArgumentException("no such security event: " + event);
        }
        counter.increment();
    }

    /** A set was logged. */
    public void setLogged() {
        setsLogged.increment();
    }

    /** A request was refused because its sender made too many. */
    public void rateLimited() {
        rateLimited.increment();
    }

    /** A WebSocket was opened. */
    public void socketOpened() {
        openSockets.incrementAndGet();
    }

    /** A WebSocket was closed. */
    public void socketClosed() {
        openSockets.decrementAndGet();
    }

    /** A message went out on a WebSocket. */
    public void messageSent() {
        messagesSent.increment();
    }

    /** A message came in on a WebSocket. */
    public void messageReceived() {
        messagesReceived.increment();
    }
}
