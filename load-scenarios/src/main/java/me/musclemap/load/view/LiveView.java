package me.musclemap.load.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves one page on loopback, and sends it each event as it happens; who opens it later gets everything so far first. A browser that
 * does not keep up loses events and never holds up the run. Thread-safe.
 */
public final class LiveView implements AutoCloseable {
    /** An hour of seconds; before them the oldest go. */
    private static final int KEPT = 3600;

    private static final int WAITING = KEPT + 256;
    private static final long BEAT_SECONDS = 10;
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "live-view");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<BlockingQueue<String>> readers = ConcurrentHashMap.newKeySet();
    private final List<String> past = new ArrayList<>();
    /** What the page is about is told first, however late it is opened. */
    private String about = "";

    private volatile boolean closed;

    private LiveView(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts it on a free port.
     *
     * @throws IOException when no port can be had
     */
    public static LiveView start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        var view = new LiveView(server);
        server.setExecutor(view.threads);
        server.createContext("/", view::answer);
        server.start();
        return view;
    }

    /** Where it is. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** Tells every reader; {@code kind} is about, a second, or an end. Seconds of more than an hour ago are forgotten, the others never. */
    public void tell(String kind, JsonNode event) {
        var text = "event: " + kind + "\ndata: " + event + "\n\n";
        synchronized (past) {
            if (kind.equals("about")) {
                about = text;
            } else {
                past.add(text);
            }
            if (past.size() > KEPT) {
                past.remove(0);
            }
            readers.forEach(reader -> reader.offer(text));
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"))
                    .replaceFirst(":[0-9]+$", "");
            var path = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (!HOSTS.contains(host)) {
                // Another site's page that resolves its own name to this machine must not read it.
                exchange.sendResponseHeaders(403, -1);
            } else if (path.equals("/events")) {
                stream(exchange);
            } else if (path.equals("/")) {
                page(exchange);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static void page(HttpExchange exchange) throws IOException {
        try (var in = LiveView.class.getResourceAsStream("/view/live.html")) {
            if (in == null) {
                throw new IOException("the page is missing in this build");
            }
            var bytes = in.readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders()
                    .set(
                            "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var queue = new ArrayBlockingQueue<String>(WAITING);
        synchronized (past) {
            queue.offer(about);
            past.forEach(queue::offer);
            readers.add(queue);
        }
        try (var body = exchange.getResponseBody()) {
            while (!closed || !queue.isEmpty()) {
                var event = queue.poll(BEAT_SECONDS, TimeUnit.SECONDS);
                send(body, event == null ? ": still there\n\n" : event);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The reader closed the page: there is nobody to tell.
            return;
        } finally {
            readers.remove(queue);
        }
    }

    private static void send(OutputStream body, String event) throws IOException {
        body.write(event.getBytes(StandardCharsets.UTF_8));
        body.flush();
    }

    /** Sends what is left, and stops. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(reader -> reader.offer(": the end\n\n"));
        server.stop(1);
        threads.shutdownNow();
    }
}
