package me.musclemap.api.cache;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Commands, several in one message, asked and answered on the thread that wants to know. The client library hands each
 * command to a thread of its own and wakes the caller with the answer: two changes of thread, which cost more than the
 * question. What is not asked with each request stays with the library. Safe for use by many threads.
 *
 * <p>Source: the Redis serialization protocol, version 2.
 */
final class RedisWire implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final Duration AWAY = Duration.ofSeconds(1);
    /** In the place of a moment: nothing is asked, or the watch gave the answer up. */
    private static final long NOTHING = Long.MIN_VALUE;

    private static final long LATE = Long.MIN_VALUE + 1;

    private final RedisURI address;
    private final Duration patience;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Connection> asking = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "redis-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long nextTryNanos = System.nanoTime();
    private volatile boolean closed;

    RedisWire(RedisURI address, Duration patience) {
        this.address = address;
        this.patience = patience;
        // A time-out of the socket's own would cost each question two system calls more.
        long every = patience.toMillis() / 5;
        var unused = watch.scheduleWithFixedDelay(this::closeLate, every, every, TimeUnit.MILLISECONDS);
    }

    private void closeLate() {
        for (Connection connection : asking) {
            long asked = connection.askedNanos.get();
            // Who changes it first, the answer or the watch, decides: a connection with its answer may serve another by
            // now.
            if (asked != NOTHING
                    && asked != LATE
                    && System.nanoTime() - asked > patience.toNanos()
                    && connection.askedNanos.compareAndSet(asked, LATE)) {
                connection.close(); // its thread wakes up with an exception
            }
        }
    }

    /** Whether it can speak to the Redis at this address: without a password, without TLS, in the first database. */
    static boolean knows(RedisURI address) {
        return address.getHost() != null
                && !address.isSsl()
                && address.getDatabase() == 0
                && address.getCredentialsProvider()
                        .resolveCredentials()
                        .map(credentials -> !credentials.hasPassword())
                        .defaultIfEmpty(true)
                        .onErrorReturn(false)
                        .blockOptional()
                        .orElse(false);
    }

    /** Whether there is a connection to spare; the library has no bound. */
    boolean hasRoom() {
        return !idle.isEmpty() || open.get() < CONNECTIONS_MAX;
    }

    /**
     * Sends {@code commands} as one message. The answers, in their order: bytes, a Long, a text, a list of these, null for
     * nothing, or the exception that says what Redis did not like.
     *
     * @throws RedisException when Redis is away
     */
    List<@Nullable Object> ask(List<byte[][]> commands) {
        Connection kept = idle.pollFirst();
        if (kept != null) {
            try {
                return asked(kept, commands);
            } catch (IOException e) {
                dropIdle(); // they are as old as this one: Redis was away in between
            }
        }
        try {
            return asked(connect(), commands);
        } catch (IOException e) {
            throw new RedisException("Redis does not answer", e);
        }
    }

    private List<@Nullable Object> asked(Connection connection, List<byte[][]> commands) throws IOException {
        List<@Nullable Object> answers;
        long began = System.nanoTime();
        connection.askedNanos.set(began);
        asking.add(connection);
        try {
            answers = connection.ask(commands);
        } catch (IOException | RuntimeException e) {
            drop(connection);
            if (connection.askedNanos.get() == LATE) {
                throw new RedisCommandTimeoutException("no answer within " + patience.toMillis() + " ms");
            }
            throw e;
        } finally {
            asking.remove(connection);
        }
        if (!connection.askedNanos.compareAndSet(began, NOTHING)) { // it answered at the last moment, and is closed
            drop(connection);
            return answers;
        }
        idle.addFirst(connection);
        if (closed) {
            dropIdle();
        }
        return answers;
    }

    /** While Redis is away it is tried once a second, not by each request. */
    private Connection connect() {
        if (System.nanoTime() - nextTryNanos < 0) {
            throw new RedisException("Redis was away a moment ago");
        }
        try {
            var connection = new Connection(address, patience);
            open.incrementAndGet();
            return connection;
        } catch (IOException e) {
            nextTryNanos = System.nanoTime() + AWAY.toNanos();
            throw new RedisException("Redis is away", e);
        }
    }

    private void drop(Connection connection) {
        open.decrementAndGet();
        connection.close();
    }

    private void dropIdle() {
        for (Connection one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            drop(one);
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.shutdownNow();
        dropIdle();
    }

    /** One connection. For one thread at a time. */
    private static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final byte[] buffer = new byte[4 * 1024];
        private byte[] message = new byte[512];
        private int length;
        private int at;
        private int until;
        private final AtomicLong askedNanos = new AtomicLong(NOTHING);

        Connection(RedisURI address, Duration patience) throws IOException {
            socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) patience.toMillis());
                in = socket.getInputStream();
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        List<@Nullable Object> ask(List<byte[][]> commands) throws IOException {
            length = 0;
            for (byte[][] command : commands) {
                head('*', command.length);
                for (byte[] part : command) {
                    head('$', part.length);
                    room(part.length + 2);
                    System.arraycopy(part, 0, message, length, part.length);
                    length += part.length;
                    endLine();
                }
            }
            socket.getOutputStream().write(message, 0, length);
            var answers = new ArrayList<@Nullable Object>(commands.size());
            for (int i = 0; i < commands.size(); i++) {
                answers.add(answer());
            }
            return answers;
        }

        private void head(char kind, int number) {
            room(16);
            message[length++] = (byte) kind;
            int divisor = 1;
            while (number / divisor >= 10) {
                divisor *= 10;
            }
            for (int rest = number; divisor > 0; rest %= divisor, divisor /= 10) {
                message[length++] = (byte) ('0' + rest / divisor);
            }
            endLine();
        }

        private void endLine() {
            message[length++] = '\r';
            message[length++] = '\n';
        }

        private void room(int bytes) {
            if (message.length - length < bytes) {
                message = Arrays.copyOf(message, Math.max(2 * message.length, length + bytes));
            }
        }

        private @Nullable Object answer() throws IOException {
            char kind = next();
            return switch (kind) {
                case '$' -> bulk((int) number());
                case ':' -> number();
                case '+' -> line();
                case '-' -> refusal(line());
                case '*' -> list((int) number());
                default -> throw new IOException("not an answer of Redis: " + kind);
            };
        }

        private static RedisException refusal(String line) {
            return line.startsWith("NOSCRIPT")
                    ? new RedisNoScriptException(line)
                    : new RedisCommandExecutionException(line);
        }

        /** The rest of a line that is a whole number. */
        private long number() throws IOException {
            long number = 0;
            boolean negative = false;
            while (true) {
                char c = next();
                if (c >= '0' && c <= '9') {
                    number = 10 * number + c - '0';
                } else if (c == '\n') {
                    return negative ? -number : number;
                } else if (c == '-') {
                    negative = true;
                } else if (c != '\r') {
                    throw new IOException("not a number of Redis: " + c);
                }
            }
        }

        private byte @Nullable [] bulk(int bytes) throws IOException {
            if (bytes < 0) {
                return null;
            }
            byte[] value = new byte[bytes];
            int got = Math.min(bytes, until - at);
            System.arraycopy(buffer, at, value, 0, got);
            at += got;
            if (in.readNBytes(value, got, bytes - got) < bytes - got) {
                throw new IOException("closed");
            }
            if (next() != '\r' || next() != '\n') {
                throw new IOException("a value of Redis did not end where it should");
            }
            return value;
        }

        private @Nullable List<@Nullable Object> list(int elements) throws IOException {
            if (elements < 0) {
                return null;
            }
            var list = new ArrayList<@Nullable Object>(elements);
            for (int i = 0; i < elements; i++) {
                list.add(answer());
            }
            return list;
        }

        private char next() throws IOException {
            if (at == until) {
                at = 0;
                until = Math.max(0, in.read(buffer));
                if (until == 0) {
                    throw new IOException("closed");
                }
            }
            return (char) buffer[at++];
        }

        private String line() throws IOException {
            var line = new StringBuilder(16);
            while (true) {
                char c = next();
                if (c == '\n') {
                    return line.toString();
                }
                if (c != '\r') {
                    line.append(c);
                }
            }
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // it is gone in any case
            }
        }
    }
}
