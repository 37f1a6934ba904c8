package me.musclemap.api.realtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import me.musclemap.telemetry.business.BusinessTelemetry;

/**
 * The sockets of this instance: all of them, those that listen to a feed, and those of a person. Delivering is done by two
 * threads, so that a feed with many listeners does not hold up what is said to one person. Safe for use by many threads.
 */
public final class Hub implements AutoCloseable {
    private static final int EVENTS_WAITING_MAX = 1_000;
    private static final int SWEEP_SECONDS = 5;

    private final int socketsMax;
    private final BusinessTelemetry telemetry;
    private final SocketTelemetry sockets;
    private final Set<Socket> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentHashMap<String, Set<Socket>> feeds = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Socket[]> people = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor toFeeds = delivery("socket-feeds");
    private final ThreadPoolExecutor toPeople = delivery("socket-people");
    private final LongSupplier nanos;
    private final long beganNanos;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "socket-sweep");
        thread.setDaemon(true);
        return thread;
    });

    /** Takes {@code socketsMax} sockets at most. */
    public Hub(int socketsMax, BusinessTelemetry telemetry, SocketTelemetry sockets) {
        this(socketsMax, telemetry, sockets, System::nanoTime);
    }

    /** With a clock of its own for the silence of sockets. */
    Hub(int socketsMax, BusinessTelemetry telemetry, SocketTelemetry sockets, LongSupplier nanos) {
        this.socketsMax = socketsMax;
        this.nanos = nanos;
        this.beganNanos = nanos.getAsLong();
        this.telemetry = telemetry;
        this.sockets = sockets;
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private static ThreadPoolExecutor delivery(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(EVENTS_WAITING_MAX), task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Seconds since it began, for the silence of sockets. */
    int seconds() {
        return (int) ((nanos.getAsLong() - beganNanos) / 1_000_000_000);
    }

    /** Whether there is room for one more. */
    boolean hasRoom() {
        return count.get() < socketsMax;
    }

    /** False when there are too many. */
    boolean add(Socket socket) {
        if (count.incrementAndGet() > socketsMax) {
            count.decrementAndGet();
            return false;
        }
        all.add(socket);
        telemetry.socketOpened();
        return true;
    }

    /** False when it was not in. */
    boolean remove(Socket socket) {
        if (!all.remove(socket)) {
            return false;
        }
        count.decrementAndGet();
        telemetry.socketClosed();
        feeds.values().forEach(listeners -> listeners.remove(socket));
        return true;
    }

    /** The socket listens to {@code feed} until it closes. */
    public void listen(String feed, Socket socket) {
        feeds.computeIfAbsent(feed, name -> ConcurrentHashMap.newKeySet()).add(socket);
        if (!all.contains(socket)) {
            feeds.getOrDefault(feed, Set.of()).remove(socket); // it closed in the meantime
        }
    }

    /** Whether anybody listens to {@code feed} here. */
    public boolean hasListeners(String feed) {
        return !feeds.getOrDefault(feed, Set.of()).isEmpty();
    }

    /** The socket is one of {@code userId}'s. True when it is the first. */
    boolean join(String userId, Socket socket) {
        return people.merge(userId, new Socket[] {socket}, Hub::joined).length == 1;
    }

    private static Socket[] joined(Socket[] before, Socket[] more) {
        Socket[] both = Arrays.copyOf(before, before.length + more.length);
        System.arraycopy(more, 0, both, before.length, more.length);
        return both;
    }

    /** The socket is no longer {@code userId}'s. True when it was the last. */
    boolean leave(String userId, Socket socket) {
        return people.computeIfPresent(userId, (id, before) -> {
                    Socket[] left = Arrays.stream(before)
                            .filter(one -> !one.equals(socket))
                            .toArray(Socket[]::new);
                    return left.length == 0 ? null : left;
                })
                == null;
    }

    boolean isPresent(String userId) {
        return people.containsKey(userId);
    }

    /** Everybody who has a socket here. */
    List<String> present() {
        return new ArrayList<>(people.keySet());
    }

    /** Sends to all who listen to {@code feed} here. */
    public void tell(String feed, Frame frame) {
        Set<Socket> listeners = feeds.get(feed);
        if (listeners == null || listeners.isEmpty()) {
            return;
        }
        deliver(toFeeds, () -> listeners.forEach(one -> one.send(frame)));
    }

    /** Sends to all sockets of {@code userId} here. */
    void tellPerson(String userId, Frame frame) {
        deliver(toPeople, () -> {
            for (Socket one : people.getOrDefault(userId, new Socket[0])) {
                one.send(frame);
            }
        });
    }

    private void deliver(ThreadPoolExecutor threads, Runnable delivery) {
        try {
            threads.execute(delivery);
        } catch (RejectedExecutionException e) {
            sockets.eventLost();
        }
    }

    /** Ends those who were silent for too long. */
    void sweep() {
        int now = seconds();
        all.forEach(socket -> socket.sweep(now));
    }

    void sent() {
        telemetry.messageSent();
    }

    void received() {
        telemetry.messageReceived();
    }

    void leftOut() {
        sockets.frameLeftOut();
    }

    void tooSlow() {
        sockets.disconnectedAsTooSlow();
    }

    /** How many listen to each feed, for tests and reports. */
    public Map<String, Integer> listeners() {
        var counts = new java.util.TreeMap<String, Integer>();
        feeds.forEach((feed, listeners) -> counts.put(feed, listeners.size()));
        return counts;
    }

    /** Tells everybody to come back later, then lets go. */
    @Override
    public void close() {
        sweeper.shutdownNow();
        all.forEach(socket -> socket.close(1001, "the server is stopping"));
        toFeeds.shutdownNow();
        toPeople.shutdownNow();
    }
}
