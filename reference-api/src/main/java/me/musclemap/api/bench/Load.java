package me.musclemap.api.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import me.musclemap.api.Problem;

/** Requests in a closed loop over keep-alive connections, one thread each; says how they went. */
final class Load {
    private Load() {}

    /**
     * How it went.
     *
     * @param good answered with 200 and without {@code "errors"}
     * @param latencyNanos of the good ones, ascending
     */
    @SuppressWarnings("ArrayRecordComponent") // sorted once, read for percentiles
    record Result(long good, long bad, double seconds, long[] latencyNanos, String firstBad) {
        double perSecond() {
            return good / seconds;
        }

        double milliseconds(double quantile) {
            return latencyNanos.length == 0
                    ? Double.NaN
                    : latencyNanos[(int) Math.min(latencyNanos.length - 1, quantile * latencyNanos.length)] / 1e6;
        }
    }

    /** A POST of JSON to {@code path}, as a proxy on this machine hands it on for somebody elsewhere: only those are limited. */
    static byte[] post(String path, String token, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST " + path
                        + " HTTP/1.1\r\nHost: bench\r\nX-Forwarded-For: 192.0.2.1\r\nContent-Type: application/json\r\n"
                        + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "Content-Length: "
                        + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, whole, head.length, content.length);
        return whole;
    }

    /**
     * Sends for {@code lasting}.
     *
     * @param requests the n-th request; n counts over all connections
     */
    static Result run(
            URI server, int connections, Duration lasting, AtomicLong counter, LongFunction<byte[]> requests) {
        long began = System.nanoTime();
        long until = began + lasting.toNanos();
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            var workers = new ArrayList<Future<Worker>>();
            for (int i = 0; i < connections; i++) {
                var worker = new Worker(server, until, counter, requests);
                workers.add(threads.submit(() -> {
                    worker.work();
                    return worker;
                }));
            }
            return merged(workers, began);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Result merged(List<Future<Worker>> workers, long began) {
        long bad = 0;
        String firstBad = "";
        var all = new ArrayList<long[]>();
        try {
            for (Future<Worker> future : workers) {
                Worker worker = future.get();
                bad += worker.bad;
                firstBad = firstBad.isEmpty() ? worker.firstBad : firstBad;
                all.add(Arrays.copyOf(worker.nanos, worker.good));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted");
        } catch (ExecutionException e) {
            throw Problem.failed("the generator failed: " + e.getCause());
        }
        long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(nanos.length, bad, (System.nanoTime() - began) / 1e9, nanos, firstBad);
    }

    /** One connection. */
    private static final class Worker {
        private final URI server;
        private final long until;
        private final AtomicLong counter;
        private final LongFunction<byte[]> requests;
        private long[] nanos = new long[1_024];
        private int good;
        private long bad;
        private String firstBad = "";

        Worker(URI server, long until, AtomicLong counter, LongFunction<byte[]> requests) {
            this.server = server;
            this.until = until;
            this.counter = counter;
            this.requests = requests;
        }

        void work() {
            while (System.nanoTime() < until) {
                try (var connection = new Connection(server)) {
                    while (System.nanoTime() < until) {
                        long sent = System.nanoTime();
                        String wrong = connection.exchange(requests.apply(counter.getAndIncrement()));
                        note(wrong, System.nanoTime() - sent);
                    }
                } catch (IOException e) {
                    note("no answer: " + e.getMessage(), 0);
                }
            }
        }

        private void note(String wrong, long took) {
            if (!wrong.isEmpty()) {
                bad++;
                firstBad = firstBad.isEmpty() ? wrong : firstBad;
                return;
            }
            if (good == nanos.length) {
                nanos = Arrays.copyOf(nanos, nanos.length * 2);
            }
            nanos[good++] = took;
        }
    }

    /** One keep-alive connection. For one thread. */
    static final class Connection implements AutoCloseable {
        private static final byte[] ERRORS = "{\"errors\"".getBytes(StandardCharsets.US_ASCII);

        private final Socket socket;
        private final InputStream in;
        private byte[] body = new byte[64 * 1024];
        private int bodyLength;
        private int status;

        Connection(URI server) throws IOException {
            socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()), 2_000);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
        }

        /** Sends and reads the answer; says what was wrong with it, empty when nothing was. */
        String exchange(byte[] request) throws IOException {
            socket.getOutputStream().write(request);
            status = 0;
            int length = -1;
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (status == 0) {
                    status = Integer.parseInt(line, 9, 12, 10);
                } else if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            if (length < 0) {
                throw new IOException("an answer without a length");
            }
            if (body.length < length) {
                body = new byte[length];
            }
            bodyLength = in.readNBytes(body, 0, length);
            boolean errors = Arrays.equals(body, 0, Math.min(bodyLength, ERRORS.length), ERRORS, 0, ERRORS.length)
                    || contains("\"errors\":[");
            return status == 200 && !errors ? "" : status + " " + text(300);
        }

        private boolean contains(String what) {
            return bodyLength < 2_000 && text(2_000).contains(what);
        }

        String text(int max) {
            return new String(body, 0, Math.min(max, bodyLength), StandardCharsets.UTF_8);
        }

        int status() {
            return status;
        }

        private String line() throws IOException {
            var line = new StringBuilder(40);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("closed");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
