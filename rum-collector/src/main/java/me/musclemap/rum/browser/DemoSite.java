package me.musclemap.rum.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The demo page of MuscleMap as one site: its files, {@code /api/vitals} and {@code /rum} from the collector, the rest of
 * {@code /api} from the API. It stands in for the edge that a real site has in front. On the loopback.
 */
public final class DemoSite implements AutoCloseable {
    private static final int BODY_MAX = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, String> FILES = Map.of(
            "/", "index.html",
            "/app.css", "app.css",
            "/app.mjs", "app.mjs",
            "/model.mjs", "model.mjs",
            "/sw.js", "sw.js",
            "/offline.html", "offline.html",
            "/manifest.json", "manifest.json");

    private final HttpServer server;
    private final URI api;
    private final URI collector;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ExecutorService threads = Executors.newFixedThreadPool(16, task -> {
        var thread = new Thread(task, "site");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Listens.
     *
     * @param port 0 for any free one
     * @throws IOException if the port is taken
     */
    public DemoSite(int port, URI api, URI collector) throws IOException {
        this.api = api;
        this.collector = collector;
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 64);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/api/vitals") || path.startsWith("/rum/")) {
                pass(exchange, collector);
            } else if (path.startsWith("/api/")) {
                pass(exchange, api);
            } else if (FILES.containsKey(path)) {
                file(exchange, FILES.getOrDefault(path, ""));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static void file(HttpExchange exchange, String name) throws IOException {
        byte[] plain = BrowserScript.bytes("demo/" + name);
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        boolean packs = accepted != null && accepted.contains("gzip");
        byte[] body = packs ? BrowserFiles.gzip(plain) : plain;
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type(name));
        headers.set("Cache-Control", "no-cache");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set(
                "Content-Security-Policy",
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
        if (packs) {
            headers.set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String type(String name) {
        String kind = name.substring(name.lastIndexOf('.') + 1);
        return switch (kind) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "json" -> "application/manifest+json";
            default -> "text/javascript; charset=utf-8";
        };
    }

    private void pass(HttpExchange exchange, URI to) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX);
        var request = HttpRequest.newBuilder(to.resolve(exchange.getRequestURI().getRawPath()))
                .timeout(PATIENCE)
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : new String[] {
            "Content-Type",
            "Authorization",
            "User-Agent",
            "Referer",
            "Origin",
            "Sec-GPC",
            "DNT",
            "Accept",
            "Accept-Encoding"
        }) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                request.setHeader(name, value);
            }
        }
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            exchange.sendResponseHeaders(502, -1);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.sendResponseHeaders(503, -1);
            return;
        }
        for (String name : new String[] {"Content-Type", "Content-Encoding", "Server-Timing", "Cache-Control"}) {
            answer.headers()
                    .firstValue(name)
                    .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        boolean isEmpty = answer.body().length == 0;
        exchange.sendResponseHeaders(answer.statusCode(), isEmpty ? -1 : answer.body().length);
        if (!isEmpty) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
