package me.musclemap.rum.beacon;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a beacon by its content; its content type says nothing, since browsers send JSON as {@code text/plain}. Forms:
 * the metric object of web-vitals 2 to 6, with or without attribution (also a list of them, and a list below
 * {@code metrics} or {@code vitals}), the real product's payload, and our own batch
 * ({@code contract/beacon.schema.json}). Unknown fields are ignored. Safe for use by many threads.
 */
public final class BeaconDecoder {
    private static final int VALUES_MAX = 64;
    private static final int ID_LENGTH_MAX = 100;
    /** A beacon may stand for at most a hundred page views, so that a forged one does not outweigh all others. */
    private static final double SAMPLED_SHARE_MIN = 0.01;

    /** Where the library's attribution names the element: of LCP, INP, CLS and FID, in its versions. */
    private static final List<String> TARGETS =
            List.of("target", "interactionTarget", "largestShiftTarget", "element", "eventTarget");

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.*");

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
        private String session = "";
        private String pageView = "";
        private String traceId = "";
        private String testSignature = "";
        private double sampledShare = 1;
        private Connection connection = Connection.UNKNOWN;
        private boolean driven;
        private boolean optedOut;

        void read(JsonNode node) {
            if (node.isArray()) {
                each(node);
            } else if (node.path("metrics").isArray()) {
                each(node.path("metrics"));
            } else if (node.path("vitals").isArray()) {
                each(node.path("vitals"));
            } else {
                one(node);
            }
        }

        private void each(JsonNode list) {
            if (list.isEmpty()) {
                rejections.add(Reason.UNKNOWN_FORM);
            }
            list.forEach(this::one);
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
            String url = node.path("navigationURL").asText("");
            JsonNode entry = node.path("entries").path(0);
            if (url.isEmpty() && entry.path("entryType").asText("").equals("navigation")) {
                url = entry.path("name").asText("");
            }
            traceOf(node.path("entries").path(0).path("serverTiming"));
            add(node, "name", node.path("value"), false, 0, url, target(node.path("attribution")));
        }

        /** The real product: the value is the change since the last one of this id, of CLS a thousandfold. */
        private void product(JsonNode node) {
            JsonNode value = node.path("value");
            boolean isShift = node.path("metric").asText("").equals("CLS") && value.isNumber();
            add(
                    node,
                    "metric",
                    isShift ? JsonNodeFactory.instance.numberNode(value.asDouble() / 1000) : value,
                    true,
                    Math.max(0, node.path("timestamp").asLong(0)),
                    node.path("page").asText(""),
                    target(node.path("attribution")));
        }

        private static String target(JsonNode attribution) {
            for (String name : TARGETS) {
                String target = attribution.path(name).asText("");
                if (!target.isEmpty()) {
                    return target;
                }
            }
            return "";
        }

        private void traceOf(JsonNode serverTiming) {
            for (JsonNode timing : serverTiming) {
                if (timing.path("name").asText("").equals("traceparent")) {
                    trace(timing.path("description").asText(""));
                }
            }
        }

        /** Source: W3C Trace Context, section 3.2. */
        private void trace(String traceparent) {
            if (TRACEPARENT.matcher(traceparent).matches()) {
                traceId = traceparent.substring(3, 35);
            }
        }

        /** Ours: one beacon a page view. */
        private void batch(JsonNode node) {
            release = node.path("rel").asText("");
            connection = node.path("sd").asBoolean(false)
                    ? Connection.SAVE_DATA
                    : Connection.of(node.path("ect").asText(""));
            driven |= node.path("wd").asBoolean(false);
            optedOut |= node.path("gpc").asBoolean(false);
            pageView = node.path("p").asText("");
            session = node.path("s").asText(pageView);
            testSignature = node.path("st").asText("");
            trace(node.path("tp").asText(""));
            page = node.path("u").asText("");
            if (!sampled(node.path("sr"))) {
                rejections.add(Reason.BAD_SAMPLE_RATE);
                return;
            }
            int before = measurements.size() + rejections.size();
            for (JsonNode metric : node.path("m")) {
                String target = metric.path("a").path("target").asText("");
                add(metric, "n", metric.path("v"), false, 0, metric.path("u").asText(""), target);
            }
            for (JsonNode custom : node.path("c")) {
                add(custom, "n", custom.path("v"), false, 0, custom.path("u").asText(""), "");
            }
            if (measurements.size() + rejections.size() == before) {
                rejections.add(Reason.UNKNOWN_FORM);
            }
        }

        private boolean sampled(JsonNode rate) {
            if (rate.isMissingNode() || rate.isNull()) {
                return true;
            }
            sampledShare = rate.asDouble(0);
            return rate.isNumber() && sampledShare >= SAMPLED_SHARE_MIN && sampledShare <= 1;
        }

        private void add(
                JsonNode node,
                String nameField,
                JsonNode value,
                boolean isDelta,
                long sentAtMillis,
                String url,
                String target) {
            String name = node.path(nameField).asText("");
            String navigationType =
                    node.path("navigationType").asText(node.path("nt").asText(""));
            Vital vital = Vital.named(name).orElse(null);
            String id = node.path("id").asText("");
            if (id.isEmpty() && vital != null) {
                id = madeUpId(vital, url);
            }
            Reason reason = reason(vital, value, id, isDelta);
            if (reason != null || vital == null) {
                rejections.add(reason == null ? Reason.UNKNOWN_METRIC : reason);
                return;
            }
            measurements.add(new Measurement(
                    vital, id, value.asDouble(), isDelta, sentAtMillis, Navigation.of(navigationType), url, target));
        }

        /**
         * A vital of the library has one value a page view, so that page view and name tell a repeated one. The plan's own
         * metrics may be measured again and again, and are new each time.
         */
        private String madeUpId(Vital vital, String url) {
            if (!pageView.isEmpty()) {
                long again =
                        measurements.stream().filter(m -> m.vital() == vital).count();
                return short50(pageView) + "/" + vital.name() + "/" + Integer.toHexString(url.hashCode()) + "/" + again;
            }
            return vital.isOfThePlan() ? UUID.randomUUID().toString() : "";
        }

        private static String short50(String text) {
            return text.length() > 50 ? text.substring(0, 50) : text;
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
            return new Beacon(
                    measurements,
                    rejections,
                    page,
                    release,
                    session,
                    pageView,
                    sampledShare,
                    traceId,
                    testSignature,
                    connection,
                    driven,
                    optedOut);
        }
    }
}
