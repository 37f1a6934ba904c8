package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's end of a WebSocket, and what it hears, in order. */
final class TestSocket implements WebSocket.Listener {
    private final BlockingQueue<String> said = new ArrayBlockingQueue<>(1_000);
    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;

    static TestSocket open(URI http) {
        var client = new TestSocket();
        client.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(http.toString().replaceFirst("http", "ws")), client)
                .join();
        return client;
    }

    void say(String text) {
        if (socket != null) {
            socket.sendText(text, true).join();
        }
    }

    String next() throws InterruptedException {
        String message = said.poll(20, TimeUnit.SECONDS);
        assertThat(message).as("a message within 20 s").isNotNull();
        return String.valueOf(message);
    }

    /** The next message, empty when none comes in time. */
    String poll(long millis) throws InterruptedException {
        String message = said.poll(millis, TimeUnit.MILLISECONDS);
        return message == null ? "" : message;
    }

    /** The next message of this type. */
    String next(String type) throws InterruptedException {
        String message = next();
        while (!message.contains("\"type\":\"" + type + "\"")) {
            message = next();
        }
        return message;
    }

    void abort() {
        if (socket != null) {
            socket.abort();
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            said.add(part.toString());
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        said.add("closed " + code + " " + reason);
        return null;
    }
}
