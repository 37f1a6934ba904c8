package me.musclemap.api.realtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of a client: reads and writes frames on the server's own connection, so that an idle one costs little more
 * than its two channels. Safe for use by many threads.
 *
 * <p>What waits to be written is bounded: when {@value #WAITING_MAX} frames or {@value #WAITING_BYTES_MAX} bytes wait, a
 * replaceable one is left out, and one that must arrive ends the connection; the client comes back and asks for what it
 * missed.
 */
public final class Socket extends AbstractConnection implements Connection.UpgradeTo {
    private static final Logger LOG = LoggerFactory.getLogger(Socket.class);
    private static final int WAITING_MAX = 64;
    private static final int WAITING_BYTES_MAX = 256 * 1024;
    private static final int READ_BYTES = 4 * 1024;

    private final ByteBufferPool buffers;
    private final Hub hub;
    private final Protocol protocol;
    private final boolean compression;
    private final Object lock = new Object();
    private String token;
    private @Nullable Incoming incoming;
    private @Nullable ByteBuffer early;
    private volatile @Nullable String user;
    private volatile int heardSeconds;
    private volatile boolean away;

    // Guarded by the lock:
    private boolean writing;
    private boolean closing;
    private int waitingBytes;
    private @Nullable ArrayDeque<Frame> waiting;

    Socket(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool buffers,
            Hub hub,
            Protocol protocol,
            String token,
            boolean compression) {
        super(endPoint, executor);
        this.buffers = buffers;
        this.hub = hub;
        this.protocol = protocol;
        this.token = token;
        this.compression = compression;
        this.heardSeconds = hub.seconds();
    }

    /** Whose socket it is; null while nobody has said so. */
    public @Nullable String user() {
        return user;
    }

    /** It is the socket of {@code id}. */
    public void user(String id) {
        user = id;
    }

    /** Whether its user has said that he is not here, though his client is. */
    public boolean isAway() {
        return away;
    }

    /** Its user is here, or only his client is. */
    public void away(boolean isAway) {
        away = isAway;
    }

    /** Sends, or leaves out, or disconnects: see the class. */
    public void send(Frame frame) {
        synchronized (lock) {
            if (closing) {
                return;
            }
            if (writing) {
                offer(frame);
                return;
            }
            writing = true;
            closing = frame.isClose();
        }
        write(frame);
    }

    private void offer(Frame frame) {
        ArrayDeque<Frame> queue = waiting;
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            waiting = queue;
        }
        boolean full = queue.size() >= WAITING_MAX || waitingBytes + frame.bytes() > WAITING_BYTES_MAX;
        if (full && frame.isReplaceable()) {
            hub.leftOut();
        } else if (full) {
            closing = true;
            hub.tooSlow();
            getExecutor().execute(getEndPoint()::close); // nothing more can be said: its buffer is full
        } else {
            closing = frame.isClose();
            waitingBytes += frame.bytes();
            queue.add(frame);
        }
    }

    private void write(Frame frame) {
        hub.sent();
        getEndPoint().write(new Written(frame.isClose()), frame.wire(compression));
    }

    /** What comes after a frame was written. */
    private final class Written implements Callback {
        private final boolean last;

        Written(boolean last) {
            this.last = last;
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        public void succeeded() {
            if (last) {
                getEndPoint().close();
                return;
            }
            Frame next;
            synchronized (lock) {
                next = waiting == null ? null : waiting.poll();
                if (next == null) {
                    writing = false;
                    waiting = null;
                    return;
                }
                waitingBytes -= next.bytes();
            }
            write(next);
        }

        @Override
        public void failed(Throwable cause) {
            getEndPoint().close(cause);
        }
    }

    /** Says goodbye and closes. */
    public void close(int code, String reason) {
        send(Frame.close(code, reason));
    }

    /** Closes when nothing was heard for too long. */
    void sweep(int nowSeconds) {
        int silence = nowSeconds - heardSeconds;
        long max = protocol.silenceMax().toSeconds();
        if (silence > 2 * max) {
            getEndPoint().close(); // it did not take the goodbye either
        } else if (silence > max) {
            close(1000, "silent");
        }
    }

    @Override
    public void onUpgradeTo(ByteBuffer prefilled) {
        if (prefilled != null && prefilled.hasRemaining()) {
            ByteBuffer copy = ByteBuffer.allocate(prefilled.remaining());
            copy.put(prefilled).flip();
            early = copy;
        }
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0); // silence is swept by the hub, without a timer for each socket
        if (!hub.add(this)) {
            close(1013, "too many sockets");
            return;
        }
        try {
            protocol.opened(this, token);
        } catch (RuntimeException e) {
            LOG.warn("a socket could not be opened reason={}", e.toString());
            close(1011, "try again");
        }
        token = ""; // it is long, and checked
        ByteBuffer first = early;
        early = null;
        if (first != null && !took(first)) {
            return;
        }
        fillInterested();
    }

    @Override
    public void onFillable() {
        RetainableByteBuffer.Mutable buffer = buffers.acquire(READ_BYTES, true);
        try {
            ByteBuffer bytes = buffer.getByteBuffer();
            while (true) {
                int read = getEndPoint().fill(bytes);
                if (read < 0) {
                    getEndPoint().close();
                    return;
                }
                if (read == 0) {
                    break;
                }
                boolean good = took(bytes);
                bytes.position(0).limit(0);
                if (!good) {
                    return;
                }
            }
        } catch (IOException e) {
            getEndPoint().close(e);
            return;
        } finally {
            buffer.release();
        }
        fillInterested();
    }

    /** False when the connection ends. */
    private boolean took(ByteBuffer bytes) {
        heardSeconds = hub.seconds();
        Incoming parser = incoming == null ? new Incoming() : incoming;
        try {
            parser.take(bytes, compression, new Received());
        } catch (Incoming.Violation e) {
            close(e.code(), String.valueOf(e.getMessage()));
            return false;
        }
        incoming = parser.isEmpty() ? null : parser;
        synchronized (lock) {
            return !closing;
        }
    }

    private final class Received implements Incoming.Sink {
        @Override
        public void text(byte[] utf8) {
            hub.received();
            try {
                protocol.received(Socket.this, utf8);
            } catch (RuntimeException e) {
                LOG.warn("a socket's message failed reason={}", e.toString());
            }
        }

        @Override
        public void ping(byte[] payload) {
            send(Frame.pong(payload));
        }

        @Override
        public void close() {
            Socket.this.close(1000, "");
        }
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false; // the hub sweeps
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        synchronized (lock) {
            closing = true;
            waiting = null;
        }
        if (hub.remove(this)) {
            protocol.closed(this);
        }
    }
}
