package me.musclemap.api.hostile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Sends hostile requests over plain sockets and counts what comes back. Used once. */
public final class Attack {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int FAILURES_KEPT = 20;

    private final URI target;
    private final Requests requests;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Kind, Map<String, Integer>> outcomes = new EnumMap<>(Kind.class);
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    /** @param tokens gives a good token of a user by his number, 0 to 99 */
    public Attack(URI target, long seed, IntFunction<String> tokens) {
        this.target = target;
        this.requests = new Requests(seed, tokens);
    }

    /**
     * What came back.
     *
     * @param outcomes kind → outcome → count; an outcome is a status, {@code closed} for a connection that was closed without
     *     an answer, or {@code no answer} for none within 15 s
     * @param failures the first requests that were answered with 5xx or not at all, by their numbers
     */
    public record Result(Map<Kind, Map<String, Integer>> outcomes, List<String> failures) {
        public Result {
            outcomes = Map.copyOf(outcomes);
            failures = List.copyOf(failures);
        }

        /** How many answers said that the service failed, and how many requests got none in time. */
        public int failed() {
            return outcomes.values().stream()
                    .flatMap(of -> of.entrySet().stream())
                    .filter(outcome -> isFailure(outcome.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }
    }

    /** 505 is what a protocol that nobody speaks has to be answered with, and blames its sender. */
    private static boolean isFailure(String outcome) {
        return (outcome.startsWith("5") && !outcome.equals("505")) || outcome.equals("no answer");
    }

    /** Sends requests 0 to {@code count} - 1 from {@code senders} threads. */
    public Result run(int count, int senders) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < senders; i++) {
            var thread = new Thread(() -> send(count), "hostile-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Result(outcomes, List.copyOf(failures));
    }

    private void send(int count) {
        Connection connection = null;
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            Requests.Hostile request = requests.request(i);
            String outcome;
            try {
                if (connection == null) {
                    connection = new Connection(target);
                }
                outcome = connection.exchange(request);
            } catch (SocketTimeoutException e) {
                outcome = "no answer";
            } catch (IOException e) {
                outcome = "closed";
            }
            if (connection != null && !connection.usable) {
                connection.close();
                connection = null;
            }
            count(i, request.kind(), outcome);
        }
        if (connection != null) {
            connection.close();
        }
    }

    private void count(int number, Kind kind, String outcome) {
        synchronized (outcomes) {
            outcomes.computeIfAbsent(kind, k -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        }
        if (isFailure(outcome) && failures.size() < FAILURES_KEPT) {
            failures.add(kind.label() + " number " + number + ": " + outcome);
        }
    }

    /** One connection to the service. */
    private static final class Connection {
        private final Socket socket = new Socket();
        private final InputStream in;
        private final OutputStream out;
        private boolean usable;

        Connection(URI target) throws IOException {
            socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), CONNECT_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        String exchange(Requests.Hostile request) throws IOException {
            usable = false;
            if (request.slowly()) {
                return slowly(request.bytes());
            }
            try {
                out.write(request.bytes());
                out.flush();
            } catch (IOException e) {
                return status(); // refused while we still wrote: the answer may be there
            }
            return status();
        }

        /** In pieces with pauses; what has no end is then given up. */
        private String slowly(byte[] bytes) throws IOException {
            int pieces = 4;
            for (int i = 0; i < pieces; i++) {
                int from = bytes.length * i / pieces;
                out.write(bytes, from, bytes.length * (i + 1) / pieces - from);
                out.flush();
                pause();
            }
            socket.shutdownOutput();
            String status = status();
            usable = false;
            return status;
        }

        private static void pause() throws IOException {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        private String status() throws IOException {
            String line = line();
            if (!line.startsWith("HTTP/1.") || line.length() < 12) {
                return "closed";
            }
            String status = line.substring(9, 12);
            long length = -1;
            boolean chunked = false;
            boolean keeps = true;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Long.parseLong(
                            lower.substring("content-length:".length()).strip());
                } else if (lower.startsWith("transfer-encoding:")) {
                    chunked = true;
                } else if (lower.startsWith("connection:") && lower.contains("close")) {
                    keeps = false;
                }
            }
            boolean empty = status.equals("204") || status.equals("304");
            if (length > 0) {
                in.skipNBytes(length);
            }
            usable = keeps && !chunked && (length >= 0 || empty) && !status.startsWith("1");
            return status;
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    if (line.length() == 0) {
                        throw new java.io.EOFException("closed");
                    }
                    break;
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                return; // it is of no use any more
            }
        }
    }

    /** The table of a result, for a person. */
    public static String table(Result result) {
        var text = new StringBuilder("| kind | requests | outcomes |\n|---|---|---|\n");
        result.outcomes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(kind -> text.append("| ")
                        .append(kind.getKey().label())
                        .append(" | ")
                        .append(kind.getValue().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                        .append(" | ")
                        .append(kind.getValue().entrySet().stream()
                                .map(one -> one.getKey() + ": " + one.getValue())
                                .reduce((one, other) -> one + ", " + other)
                                .orElse(""))
                        .append(" |\n"));
        return text.toString();
    }
}
