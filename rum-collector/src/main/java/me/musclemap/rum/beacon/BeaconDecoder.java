package me.musclemap.rum.beacon;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a beacon by its content; its content type says nothing, since browsers send JSON as {@code text/plain}. Forms:
 * the metric object of web-vitals 4 to 6 (also a list of them), the real product's payload, and our own batch
 * ({@code contract/beacon.schema.json}). Unknown fields are ignored. Safe for use by many threads.
 */
public final class BeaconDecoder {
    private static final int VALUES_MAX = 64;
    private static final int ID_LENGTH_MAX = 100;

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    /**
     * Reads one body.
     *
     * @throws UnreadableBeaconException if it is not JSON
     */
    public Beacon decode(byte[] body) throws UnreadableBeaconException {
        JsonNode root;
        try {
            root = READER.readTree(body);
        } catch (IOException e) {
            throw new UnreadableBeaconException("the body is not JSON", e);
        }
        if (root == null || root.isMissingNode()) {
            throw new UnreadableBeaconException("the body is empty", new IOException("no content"));
        }
        var reading = new Reading();
        reading.read(root);
        return reading.beacon();
    }

    /** One body while it is read. */
    private static final class Reading {
        private final List<Measurement> measurements = new ArrayList<>();
        private final List<Reason> rejections = new ArrayList<>();
        private String page = "";
        private String release = "";
        private Connection connection = Connection.UNKNOWN;
        private boolean driven;
        private boolean optedOut;

        void read(JsonNode node) {
            if (node.isArray()) {
                if (node.isEmpty()) {
                    rejections.add(Reason.UNKNOWN_FORM);
                }
                node.forEach(this::one);
            } else {
                one(node);
            }
        }

        private void one(JsonNode node) {
            if (node.path("m").isArray() || node.path("c").isArray()) {
                batch(node);
            } else if (node.has("metric") && node.has("value")) {
                product(node);
            } else if (node.has("name") && node.has("value")) {
                webVitals(node);
            } else {
                rejections.add(Reason.UNKNOWN_FORM);
            }
        }

        /** {@code JSON.stringify(metric)}: the value is the whole so far. */
        private void webVitals(JsonNode node) {
            see(node.path("navigationURL").asText(""));
            JsonNode entry = node.path("entries").path(0);
            if (entry.path("entryType").asText("").equals("navigation")) {
                see(entry.path("name").asText(""));
            }
            add(
                    node.path("name").asText(""),
                    node.path("value"),
                    node.path("id").asText(""),
                    false,
                    0,
                    node.path("navigationType").asText(""));
        }

        /** The real product: the value is the change since the last one of this id, of CLS a thousandfold. */
        private void product(JsonNode node) {
            see(node.path("page").asText(""));
            String name = node.path("metric").asText("");
            JsonNode value = node.path("value");
            boolean isShift = name.equals("CLS") && value.isNumber();
            add(
                    name,
                    isShift ? JsonNodeFactory.instance.numberNode(value.asDouble() / 1000) : value,
                    node.path("id").asText(""),
                    true,
                    node.path("timestamp").asLong(0),
                    node.path("navigationType").asText(""));
        }

        /** Ours: one beacon a page view. */
        private void batch(JsonNode node) {
            release = node.path("rel").asText("");
            connection = Connection.of(node.path("ect").asText(""));
            driven |= node.path("wd").asBoolean(false);
            optedOut |= node.path("gpc").asBoolean(false);
            String pageView = node.path("p").asText("");
            see(node.path("u").asText(""));
            int before = measurements.size() + rejections.size();
            for (JsonNode metric : node.path("m")) {
                see(metric.path("u").asText(""));
                add(
                        metric.path("n").asText(""),
                        metric.path("v"),
                        metric.path("id").asText(""),
                        false,
                        0,
                        metric.path("nt").asText(""));
            }
            for (JsonNode custom : node.path("c")) {
                String name = custom.path("n").asText("");
                String id = custom.path("id")
                        .asText(
                                pageView.isEmpty()
                                        ? ""
                                        : pageView + "/" + name + "/"
                                                + node.path("q").asText(""));
                add(name, custom.path("v"), id, false, 0, "");
            }
            if (measurements.size() + rejections.size() == before) {
                rejections.add(Reason.UNKNOWN_FORM);
            }
        }

        private void see(String url) {
            if (page.isEmpty()) {
                page = url;
            }
        }

        private void add(
                String name, JsonNode value, String id, boolean isDelta, long sentAtMillis, String navigationType) {
            Vital vital = Vital.named(name).orElse(null);
            Reason reason = reason(vital, value, id, isDelta);
            if (reason != null || vital == null) {
                rejections.add(reason == null ? Reason.UNKNOWN_METRIC : reason);
                return;
            }
            measurements.add(
                    new Measurement(vital, id, value.asDouble(), isDelta, sentAtMillis, Navigation.of(navigationType)));
        }

        private @Nullable Reason reason(@Nullable Vital vital, JsonNode value, String id, boolean isDelta) {
            if (measurements.size() >= VALUES_MAX) {
                return Reason.TOO_MANY;
            }
            if (vital == null) {
                return Reason.UNKNOWN_METRIC;
            }
            if (!value.isNumber()) {
                return Reason.NOT_A_NUMBER;
            }
            // A change may be downwards; whether the whole is possible is known where the earlier ones are.
            if (!vital.isPossible(isDelta ? Math.abs(value.asDouble()) : value.asDouble())) {
                return Reason.IMPOSSIBLE_VALUE;
            }
            return id.isEmpty() || id.length() > ID_LENGTH_MAX ? Reason.NO_ID : null;
        }

        Beacon beacon() {
            return new Beacon(measurements, rejections, page, release, connection, driven, optedOut);
        }
    }
}
