package me.musclemap.load.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final int SECONDS = 4000;

    @Test
    void whoOpensThePageLateIsToldFirstWhatItIsAboutThenTheLastHourThenWhatComes() throws IOException {
        try (var view = LiveView.start()) {
            view.tell("about", JsonNodeFactory.instance.objectNode().put("scenario", "soak"));
            for (int i = 0; i < SECONDS; i++) {
                view.tell("second", JsonNodeFactory.instance.objectNode().put("t", i));
            }
            try (var events = reader(view.address().resolve("/events"))) {
                assertThat(event(events)).containsExactly("event: about", "data: {\"scenario\":\"soak\"}");
                assertThat(event(events)).containsExactly("event: second", "data: {\"t\":400}");
                for (int i = 401; i < SECONDS; i++) {
                    event(events);
                }
                view.tell("end", JsonNodeFactory.instance.objectNode().put("met", true));
                assertThat(event(events)).containsExactly("event: end", "data: {\"met\":true}");
            }
        }
    }

    @Test
    void itServesOnePageAndNothingToAnotherSitesName() throws IOException {
        try (var view = LiveView.start()) {
            try (var page = reader(view.address())) {
                assertThat(page.lines()).anyMatch(line -> line.contains("EventSource"));
            }
            assertThat(status(view.address(), "evil.example")).contains(" 403 ");
            assertThat(status(view.address(), "127.0.0.1:" + view.address().getPort()))
                    .contains(" 200 ");
            assertThat(status(view.address().resolve("/else"), "localhost")).contains(" 404 ");
        }
    }

    private static BufferedReader reader(URI url) throws IOException {
        var connection = (HttpURLConnection) url.toURL().openConnection();
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    }

    private static List<String> event(BufferedReader events) throws IOException {
        var lines = new ArrayList<String>();
        for (var line = events.readLine(); line != null && !line.isEmpty(); line = events.readLine()) {
            lines.add(line);
        }
        return lines;
    }

    /** With a name of the host that a browser would not be let to choose. */
    private static String status(URI url, String host) throws IOException {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + url.getPath() + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
