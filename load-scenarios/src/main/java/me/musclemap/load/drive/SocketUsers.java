package me.musclemap.load.drive;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forever;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.core.action.Action;
import io.gatling.javaapi.core.CoreDsl;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import me.musclemap.load.schedule.Draws;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Users with an open WebSocket: each connects, waits for the first message, pings, and leaves after a while; another takes its place. As
 * many are open as {@link #open(int)} says. Real connections, one each.
 */
final class SocketUsers {
    /** One event on a socket, for the recorder. */
    record Event(
            String operation,
            long dueNanos,
            long sentNanos,
            long endedNanos,
            @Nullable String failure) {}

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration RECONNECT = Duration.ofSeconds(3);
    private static final String VISIT = "visit";

    /** One connection from its opening to its end. */
    private static final class Visit {
        private final long connectNanos;
        private final long endNanos;
        private long dueNanos;
        private long sentNanos;

        Visit(long connectNanos, long endNanos) {
            this.connectNanos = connectNanos;
            this.endNanos = endNanos;
        }
    }

    private final Workload.Sockets sockets;
    private final double meanSeconds;
    private final int most;
    private final Consumer<Event> events;
    private final Draws draws;
    private final AtomicInteger openNow = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int wanted;
    private int started;

    /** @param meanSeconds how long a socket stays open on average */
    SocketUsers(Workload.Sockets sockets, double meanSeconds, int most, long seed, Consumer<Event> events) {
        this.sockets = sockets;
        this.meanSeconds = meanSeconds;
        this.most = most;
        this.events = events;
        this.draws = new Draws(Draws.start(seed, "sockets".hashCode()));
    }

    int most() {
        return most;
    }

    /** How many are connected now. */
    int openNow() {
        return openNow.get();
    }

    /** Lets {@code count} be open from now on; those that are too many leave when their visit ends. */
    synchronized void open(int count) {
        wanted = Math.min(count, most);
        startWaiting();
    }

    private synchronized void startWaiting() {
        while (started < wanted && !waiting.isEmpty()) {
            started++;
            waiting.remove().run();
        }
    }

    private synchronized void parked(io.gatling.core.session.Session session, Action next) {
        if (session.attributes().get(VISIT).isDefined()) {
            started--;
        }
        var fresh = session.remove(VISIT);
        waiting.add(() -> fresh.eventLoop().execute(() -> next.execute(fresh)));
        startWaiting();
    }

    private synchronized Visit visit() {
        var now = System.nanoTime();
        var seconds = -meanSeconds * Math.log(1 - draws.nextDouble());
        return new Visit(now, now + (long) (seconds * 1e9));
    }

    ScenarioBuilder scenario() {
        var connect = exec(session -> session.set(VISIT, visit()))
                .exec(ws(sockets.operation())
                        .connect(sockets.path())
                        .header("X-Forwarded-For", session -> address())
                        .await(ANSWER)
                        .on(ws.checkTextMessage("snapshot").check(substring("snapshot"))))
                .exec(this::connected);
        var ping = pause(session -> untilPing(visitOf(session)))
                .exec(session -> {
                    visitOf(session).sentNanos = System.nanoTime();
                    return session;
                })
                .exec(ws(sockets.operation())
                        .sendText(sockets.send())
                        .await(ANSWER)
                        .on(ws.checkTextMessage("pong").check(substring("pong"))))
                .exec(this::pinged);
        return CoreDsl.scenario("sockets")
                .exec(forever()
                        .on(exec(new Park("socket", this::parked))
                                .exec(connect)
                                .exec(asLongAs(this::goesOn).on(ping))
                                .exec(doIf(session -> !session.isFailed())
                                        .then(pause(session -> untilEnd(visitOf(session)))
                                                .exec(ws(sockets.operation()).close())))
                                .exec(doIf(Session::isFailed).then(pause(RECONNECT)))
                                .exec(this::left)));
    }

    private String address() {
        var number = 0x800000 + (numbers.getAndIncrement() & 0x7fffff);
        return "10." + (number >> 16) + "." + ((number >> 8) & 255) + "." + (number & 255);
    }

    private static Visit visitOf(Session session) {
        Visit visit = session.get(VISIT);
        if (visit == null) {
            throw new IllegalStateException("a socket without a visit");
        }
        return visit;
    }

    private Session connected(Session session) {
        var visit = visitOf(session);
        var now = System.nanoTime();
        var failed = session.isFailed();
        events.accept(new Event(
                "CommunitySocketConnect", visit.connectNanos, visit.connectNanos, now, failed ? "socket" : null));
        if (!failed) {
            openNow.incrementAndGet();
        }
        visit.dueNanos = now + (long) (sockets.pingSeconds() * 1e9);
        return session.set("open", !failed);
    }

    private boolean goesOn(Session session) {
        var visit = visitOf(session);
        return !session.isFailed() && visit.dueNanos < visit.endNanos;
    }

    private static Duration untilPing(Visit visit) {
        return Duration.ofNanos(Math.max(0, visit.dueNanos - System.nanoTime()));
    }

    private static Duration untilEnd(Visit visit) {
        return Duration.ofNanos(Math.max(0, visit.endNanos - System.nanoTime()));
    }

    private Session pinged(Session session) {
        var visit = visitOf(session);
        events.accept(new Event(
                sockets.operation(),
                visit.dueNanos,
                visit.sentNanos,
                System.nanoTime(),
                session.isFailed() ? "socket" : null));
        visit.dueNanos += (long) (sockets.pingSeconds() * 1e9);
        return session;
    }

    private Session left(Session session) {
        if (session.getBoolean("open")) {
            openNow.decrementAndGet();
        }
        return session.markAsSucceeded();
    }

    void unanswered(String message) {
        events.accept(new Event("", 0, 0, 0, Failures.transport(message)));
    }
}
