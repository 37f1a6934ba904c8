package me.musclemap.api.cache;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * GET, asked and answered on the thread that wants to know. The client library hands each command to a thread of its own
 * and wakes the caller with the answer: two changes of thread, which cost more than the question. Everything that is not
 * asked several times a request stays with the library. Safe for use by many threads.
 *
 * <p>Source: the Redis serialization protocol, version 2.
 */
final class RedisWire implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final RedisURI address;
    private final Duration patience;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile long nextTryNanos = System.nanoTime();
    private volatile boolean closed;

    RedisWire(RedisURI address, Duration patience) {
        this.address = address;
        this.patience = patience;
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

    /** The value of {@code key}; null when there is none. @throws RedisException when Redis is away */
    byte @Nullable [] get(String key) {
        byte[] question = question(key);
        Connection kept = idle.pollFirst();
        if (kept != null) {
            try {
                return asked(kept, question);
            } catch (SocketTimeoutException e) {
                throw new RedisCommandTimeoutException("no answer within " + patience.toMillis() + " ms");
            } catch (IOException e) {
                dropIdle(); // they are as old as this one: Redis was away in between
            }
        }
        Connection fresh = connect();
        try {
            return asked(fresh, question);
        } catch (IOException e) {
            throw new RedisException("Redis does not answer", e);
        }
    }

    private byte @Nullable [] asked(Connection connection, byte[] question) throws IOException {
        try {
            byte[] answer = connection.ask(question);
            idle.addFirst(connection);
            if (closed) {
                dropIdle();
            }
            return answer;
        } catch (IOException | RedisException e) {
            drop(connection);
            throw e;
        }
    }

    private static byte[] question(String key) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("*2\r\n$3\r\nGET\r\n$" + name.length + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + name.length + 2);
        System.arraycopy(name, 0, whole, head.length, name.length);
        whole[whole.length - 2] = '\r';
        whole[whole.length - 1] = '\n';
        return whole;
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
        dropIdle();
    }

    /** One connection. For one thread at a time. */
    private static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final byte[] buffer = new byte[4 * 1024];
        private int at;
        private int until;

        Connection(RedisURI address, Duration patience) throws IOException {
            socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) patience.toMillis());
                socket.setSoTimeout((int) patience.toMillis());
                in = socket.getInputStream();
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        byte @Nullable [] ask(byte[] question) throws IOException {
            socket.getOutputStream().write(question);
            String head = line();
            if (head.startsWith("-")) {
                throw new RedisException(head.substring(1));
            }
            int length = head.startsWith("$") ? Integer.parseInt(head, 1, head.length(), 10) : -2;
            if (length == -1) {
                return null;
            }
            if (length < 0) {
                throw new IOException("not an answer to GET: " + head);
            }
            byte[] value = new byte[length];
            int got = Math.min(length, until - at);
            System.arraycopy(buffer, at, value, 0, got);
            at += got;
            if (in.readNBytes(value, got, length - got) < length - got) {
                throw new IOException("closed");
            }
            line();
            return value;
        }

        private String line() throws IOException {
            var line = new StringBuilder(16);
            while (true) {
                if (at == until) {
                    at = 0;
                    until = Math.max(0, in.read(buffer));
                    if (until == 0) {
                        throw new IOException("closed");
                    }
                }
                char c = (char) buffer[at++];
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
