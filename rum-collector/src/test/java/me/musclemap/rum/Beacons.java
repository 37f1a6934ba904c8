package me.musclemap.rum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Beacons for tests: real ones, and ones made up in each form. */
public final class Beacons {
    /** What an ordinary phone calls itself. */
    public static final String PHONE =
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36";

    private Beacons() {}

    /** Requests that Chromium really sent: method, headers, body. */
    public static List<JsonNode> real() {
        try (InputStream in = Objects.requireNonNull(Beacons.class.getResourceAsStream("real-beacons.jsonl"))) {
            var json = new ObjectMapper();
            var requests = new ArrayList<JsonNode>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                requests.add(json.readTree(line));
            }
            return requests;
        } catch (IOException e) {
            throw new IllegalStateException("the fixture cannot be read", e);
        }
    }

    /** The real product's payload; {@code value} is a change, of CLS a thousandfold. */
    public static String product(String metric, double value, String id, String page, long timestamp) {
        return "{\"metric\":\"%s\",\"value\":%s,\"rating\":\"good\",\"id\":\"%s\",\"navigationType\":\"navigate\",\"page\":\"%s\",\"timestamp\":%d}"
                .formatted(metric, value, id, page, timestamp);
    }

    /** A metric object of web-vitals 6. */
    public static String webVitals(String name, String value, String id, String navigationType, String url) {
        return "{\"name\":\"%s\",\"value\":%s,\"rating\":\"good\",\"delta\":%s,\"entries\":[],\"id\":\"%s\",\"navigationType\":\"%s\",\"navigationURL\":\"%s\"}"
                .formatted(name, value, value, id, navigationType, url);
    }
}
