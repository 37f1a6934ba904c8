package me.musclemap.rum;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** A collector elsewhere, asked over HTTP. */
record RunningCollector(URI url) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * Its answer.
     *
     * @throws IllegalArgumentException if it says that the question is wrong
     * @throws IOException if it does not answer, or something else does
     */
    JsonNode ask(String path, Map<String, String> parameters) throws IOException, InterruptedException {
        var query = new ArrayList<String>();
        parameters.forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value)));
        URI asked;
        HttpRequest request;
        try {
            asked = URI.create(url.toString().replaceFirst("/+$", "") + path + "?" + String.join("&", query));
            request = HttpRequest.newBuilder(asked).timeout(TIMEOUT).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--url=" + url + ": write it like http://127.0.0.1:8090", e);
        }
        HttpResponse<String> response;
        try {
            response = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IOException("--url=" + url + ": no collector answers there: " + e, e);
        }
        JsonNode answer;
        try {
            answer = JsonMapper.builder().build().readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "--url=" + url + ": answered " + response.statusCode() + " with no JSON: is this a collector?", e);
        }
        if (response.statusCode() == 400) {
            throw new IllegalArgumentException(answer.path("error").asText());
        }
        if (response.statusCode() != 200) {
            throw new IOException("--url=" + url + ": answered " + response.statusCode() + ": "
                    + answer.path("error").asText());
        }
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
