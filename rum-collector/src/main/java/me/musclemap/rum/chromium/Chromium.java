package me.musclemap.rum.chromium;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium, found on PATH, with one connection to it. Ends with {@link #close}. Safe for use by many threads.
 *
 * <p>Source: the Chrome DevTools Protocol, chromedevtools.github.io.
 */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String LISTENING = "DevTools listening on ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final WebSocket socket;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

    private Chromium(Process process, URI address) throws IOException {
        this.process = process;
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(address, new Answers())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("Chromium cannot be talked to at " + address, e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Where it is; empty if it is not installed. */
    public static Optional<Path> find() {
        String path = System.getenv("PATH");
        for (String name : NAMES) {
            for (String directory : (path == null ? "" : path).split(":", -1)) {
                Path program = Path.of(directory.isEmpty() ? "." : directory, name);
                if (Files.isExecutable(program)) {
                    return Optional.of(program);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Starts one.
     *
     * @param profile an empty directory for what it keeps
     * @throws IOException if it does not start
     */
    public static Chromium start(Path program, Path profile) throws IOException {
        var command = new ArrayList<String>(List.of(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--window-size=1000,800",
                "about:blank"));
        if (Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            command.add(1, "--no-sandbox"); // Chromium refuses to run as root with it
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        var said = new StringBuilder();
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(LISTENING)) {
                drain(errors);
                return new Chromium(
                        process, URI.create(line.substring(LISTENING.length()).strip()));
            }
            said.append(line).append('\n');
        }
        process.destroyForcibly();
        throw new IOException("Chromium did not start: " + said);
    }

    private static void drain(BufferedReader errors) {
        var thread = new Thread(
                () -> {
                    try {
                        while (errors.readLine() != null) {}
                    } catch (IOException e) {
                        return; // it has ended
                    }
                },
                "chromium");
        thread.setDaemon(true);
        thread.start();
    }

    /** A new tab, with nothing in it. */
    public Tab open() throws IOException {
        var create = JSON.createObjectNode().put("url", "about:blank");
        String target = call("Target.createTarget", create, "").path("targetId").asText();
        var attach = JSON.createObjectNode().put("targetId", target).put("flatten", true);
        String session =
                call("Target.attachToTarget", attach, "").path("sessionId").asText();
        var tab = new Tab(this, target, session);
        tab.call("Page.enable", JSON.createObjectNode());
        tab.call("Page.bringToFront", JSON.createObjectNode());
        return tab;
    }

    /** Calls a method of the protocol, of a tab or, with an empty session, of the browser. */
    JsonNode call(String method, ObjectNode parameters, String session) throws IOException {
        long id = lastId.incrementAndGet();
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        var answer = new CompletableFuture<JsonNode>();
        waiting.put(id, answer);
        try {
            synchronized (socket) {
                socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            JsonNode node = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (node.has("error")) {
                throw new IOException(method + " failed: " + node.path("error"));
            }
            return node.path("result");
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(method + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            waiting.remove(id);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
            text.append(data);
            if (isLast) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String message) {
            try {
                JsonNode node = JSON.readTree(message);
                CompletableFuture<JsonNode> answer = waiting.get(node.path("id").asLong(-1));
                if (answer != null) {
                    answer.complete(node);
                }
            } catch (IOException e) {
                waiting.values().forEach(answer -> answer.completeExceptionally(e));
            }
        }
    }
}
