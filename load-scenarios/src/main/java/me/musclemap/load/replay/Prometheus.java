package me.musclemap.load.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The HTTP API of a Prometheus server, as far as it is asked here. Thread-safe. */
final class Prometheus {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    Prometheus(URI server) {
        if (server.getHost() == null
                || server.getScheme() == null
                || !server.getScheme().startsWith("http")) {
            throw ReplayException.wrong("--prometheus=" + server + ": write an address such as http://127.0.0.1:9090");
        }
        this.server = server;
    }

    /** One series: its labels, and its values by time in epoch seconds. */
    record Series(Map<String, String> labels, Map<Long, Double> values) {
        Series {
            labels = Map.copyOf(labels);
            values = new TreeMap<>(values);
        }

        String label(String name) {
            return labels.getOrDefault(name, "");
        }

        /** The value at this time, 0 when there is none. */
        double at(long epochSeconds) {
            return values.getOrDefault(epochSeconds, 0.0);
        }
    }

    /** The query at {@code from}, {@code from + step} … {@code to}, in epoch seconds. */
    List<Series> range(String query, long from, long to, long step) {
        var form = "query=" + encoded(query) + "&start=" + from + "&end=" + to + "&step=" + step;
        var request = HttpRequest.newBuilder(server.resolve(path()))
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        var answer = answer(request, query);
        var series = new ArrayList<Series>();
        for (var result : answer.at("/data/result")) {
            series.add(series(result));
        }
        return series;
    }

    private String path() {
        var base = server.getPath() == null || server.getPath().isEmpty() ? "/" : server.getPath();
        return (base.endsWith("/") ? base : base + "/") + "api/v1/query_range";
    }

    private static Series series(JsonNode result) {
        var labels = new TreeMap<String, String>();
        result.path("metric")
                .fields()
                .forEachRemaining(
                        label -> labels.put(label.getKey(), label.getValue().asText()));
        var values = new TreeMap<Long, Double>();
        for (var sample : result.path("values")) {
            double value = number(sample.path(1).asText());
            if (Double.isFinite(value)) {
                values.put(Math.round(sample.path(0).asDouble()), value);
            }
        }
        return new Series(labels, values);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.toUpperCase(Locale.ROOT).equals("+INF") ? "Infinity" : text);
        } catch (NumberFormatException e) {
            return Double.NaN; // Prometheus writes NaN and infinities in words of its own
        }
    }

    private JsonNode answer(HttpRequest request, String query) {
        String body;
        try {
            body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw ReplayException.failed(
                    "--prometheus=" + server + ": no answer (" + why + "): start it, or give its address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ReplayException.failed("interrupted");
        }
        try {
            var answer = JSON.readTree(body);
            if (!answer.path("status").asText().equals("success")) {
                throw ReplayException.failed("--prometheus=" + server + ": refused '" + query + "': "
                        + answer.path("error").asText("no reason given"));
            }
            return answer;
        } catch (JsonProcessingException e) {
            throw ReplayException.failed(
                    "--prometheus=" + server + ": its answer is not JSON: is this the address of a Prometheus?");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
