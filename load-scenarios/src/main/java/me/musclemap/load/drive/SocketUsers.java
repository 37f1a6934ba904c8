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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import me.musclemap.load.schedule.Draws;
import me.musclemap.load.schedule.Shard;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Users with an open WebSocket: each connects, waits for the first message, pings, and leaves after a while; then it comes again. The
 * first so many are there as {@link #open(int)} says. Real connections, one each. How long each stays follows from the seed and its
 * number alone, so that shards together play what one generator would.
 */
final class SocketUsers {
    /** One event on a socket, for the recorder. */
    record Event(
            String operation,
            long dueNanos,
            long sentNanos,
            long endedNanos,
            @Nullable String failure) {}

    /** Is told of each visit when it begins. */
    interface Listener {
        void began(long socket, long visit, long stayNanos);
    }

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration RECONNECT = Duration.ofSeconds(3);
    private static final String SOCKET = "socket";
    private static final String VISIT = "visit";

    /** One user with a socket: who it is, and when it comes next. Belongs to whoever holds the lock, then to its visit. */
    private static final class Socket {
        private final long number;
        private final Draws draws;
        private long visits;
        private long dueNanos;
        private @Nullable Runnable waiting;

        Socket(long number, Draws draws) {
            this.number = number;
            this.draws = draws;
        }

        String address() {
            long place = 0x800000 + (number & 0x7fffff);
            return "10." + (place >> 16) + "." + ((place >> 8) & 255) + "." + (place & 255);
        }
    }

    /** One connection from its opening to its end. */
    private static final class Visit {
        private final long connectDueNanos;
        private final long connectSentNanos;
        private final long endNanos;
        private long dueNanos;
        private long sentNanos;

        Visit(long connectDueNanos, long connectSentNanos, long endNanos) {
            this.connectDueNanos = connectDueNanos;
            this.connectSentNanos = connectSentNanos;
            this.endNanos = endNanos;
        }
    }

    private final Workload.Sockets sockets;
    private final double meanSeconds;
    private final int most;
    private final boolean clientAddresses;
    private final long seed;
    private final Shard shard;
    private final Consumer<Event> events;
    private final Listener listener;
    private final AtomicInteger openNow = new AtomicInteger();
    private final List<Socket> all = new ArrayList<>();
    private long wanted;

    /**
     * Those of this shard.
     *
     * @param meanSeconds how long a socket stays open on average
     * @param most how many this shard can have open
     * @param clientAddresses whether each shows an address of its own
     */
    SocketUsers(
            Workload.Sockets sockets,
            double meanSeconds,
            int most,
            boolean clientAddresses,
            long seed,
            Shard shard,
            Consumer<Event> events,
            Listener listener) {
        this.sockets = sockets;
        this.meanSeconds = meanSeconds;
        this.most = most;
        this.clientAddresses = clientAddresses;
        this.seed = Draws.start(seed, "sockets".hashCode());
        this.shard = shard;
        this.events = events;
        this.listener = listener;
    }

    int most() {
        return most;
    }

    /** How many are connected now. */
    int openNow() {
        return openNow.get();
    }

    /** Lets the first {@code count} of all shards be there from now on; those that are too many leave when their visit ends. */
    synchronized void open(int count) {
        wanted = count;
        var now = System.nanoTime();
        all.forEach(socket -> begin(socket, now));
    }

    private void begin(Socket socket, long dueNanos) {
        var waiting = socket.waiting;
        if (waiting != null && socket.number < wanted) {
            socket.waiting = null;
            socket.dueNanos = dueNanos;
            waiting.run();
        }
    }

    /** It waits until it is due again; the first time it gets its number. */
    private synchronized void parked(io.gatling.core.session.Session session, Action next) {
        var known = session.attributes().get(SOCKET);
        var socket = known.isDefined() ? (Socket) known.get() : fresh();
        var ready = session.set(SOCKET, socket);
        socket.waiting = () -> ready.eventLoop().execute(() -> next.execute(ready));
        begin(socket, known.isDefined() ? socket.dueNanos : System.nanoTime());
    }

    private Socket fresh() {
        long number = shard.index() + (long) all.size() * shard.count();
        var socket = new Socket(number, new Draws(Draws.start(seed, number)));
        all.add(socket);
        return socket;
    }

    private Session visit(Session session) {
        var socket = socketOf(session);
        var stay = (long) (-meanSeconds * Math.log(1 - socket.draws.nextDouble()) * 1e9);
        listener.began(socket.number, socket.visits++, stay);
        return session.set(VISIT, new Visit(socket.dueNanos, System.nanoTime(), socket.dueNanos + stay));
    }

    ScenarioBuilder scenario() {
        var open = ws(sockets.operation()).connect(sockets.path());
        if (clientAddresses) {
            open = open.header("X-Forwarded-For", session -> socketOf(session).address());
        }
        var connect = exec(this::visit)
                .exec(open.await(ANSWER).on(ws.checkTextMessage("snapshot").check(substring("snapshot"))))
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
                                .exec(this::comesAgain)
                                .exec(doIf(Session::isFailed).then(pause(RECONNECT)))
                                .exec(this::left)));
    }

    private static Socket socketOf(Session session) {
        Socket socket = session.get(SOCKET);
        if (socket == null) {
            throw new IllegalStateException("a socket without a number");
        }
        return socket;
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
                "CommunitySocketConnect",
                visit.connectDueNanos,
                visit.connectSentNanos,
                now,
                failed ? "socket" : null));
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

    /** The next visit is due when this one was to end; after a failure a client waits a little first. */
    private Session comesAgain(Session session) {
        socketOf(session).dueNanos =
                session.isFailed() ? System.nanoTime() + RECONNECT.toNanos() : visitOf(session).endNanos;
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
