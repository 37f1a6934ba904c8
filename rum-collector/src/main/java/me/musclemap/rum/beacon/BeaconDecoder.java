package me.musclemap.rum.beacon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
    private static final int TRACEPARENT_LENGTH = 55;
    /** A beacon may stand for at most a hundred page views, so that a forged one does not outweigh all others. */
    private static final double SAMPLED_SHARE_MIN = 0.01;

    /** Where the library's attribution names the element: of LCP, INP, CLS and FID, in its versions. */
    private static final List<String> TARGETS =
            List.of("target", "interactionTarget", "largestShiftTarget", "element", "eventTarget");

    /**
     * Reads one body.
     *
     * @throws UnreadableBeaconException if it is not JSON
     */
    public Beacon decode(byte[] body) throws UnreadableBeaconException {
        Object root;
        try {
            root = Fields.read(body);
        } catch (IOException e) {
            throw new UnreadableBeaconException(body.length == 0 ? "the body is empty" : "the body is not JSON", e);
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
        private long sequence;
        private long sentAtMillis;
        private String traceId = "";
        private String testSignature = "";
        private double sampledShare = 1;
        private Connection connection = Connection.UNKNOWN;
        private boolean driven;
        private boolean optedOut;

        void read(Object root) {
            List<?> list = root instanceof List<?> all ? all : null;
            if (root instanceof Fields fields) {
                list = fields.list("metrics");
                list = list == null ? fields.list("vitals") : list;
            }
            if (list == null) {
                one(root);
            } else if (list.isEmpty()) {
                rejections.add(Reason.UNKNOWN_FORM);
            } else {
                list.forEach(this::one);
            }
        }

        private void one(Object value) {
            Fields node = value instanceof Fields fields ? fields : Fields.NONE;
            if (node.list("m") != null || node.list("c") != null) {
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
        private void webVitals(Fields node) {
            List<Fields> entries = node.objects("entries");
            Fields entry = entries.isEmpty() ? Fields.NONE : entries.get(0);
            String url = node.text("navigationURL");
            if (url.isEmpty() && entry.text("entryType").equals("navigation")) {
                url = entry.text("name");
            }
            traceOf(entry.objects("serverTiming"));
            add(node, "name", node.number("value"), false, 0, url, target(node.object("attribution")));
        }

        /** The real product: the value is the change since the last one of this id, of CLS a thousandfold. */
        private void product(Fields node) {
            Number value = node.number("value");
            Number sentAt = node.number("timestamp");
            if (value != null && node.text("metric").equals("CLS")) {
                value = value.doubleValue() / 1000;
            }
            add(
                    node,
                    "metric",
                    value,
                    true,
                    sentAt == null ? 0 : Math.max(0, sentAt.longValue()),
                    node.text("page"),
                    target(node.object("attribution")));
        }

        private static String target(Fields attribution) {
            for (String name : TARGETS) {
                String target = attribution.text(name);
                if (!target.isEmpty()) {
                    return target;
                }
            }
            return "";
        }

        private void traceOf(List<Fields> serverTiming) {
            for (Fields timing : serverTiming) {
                if (timing.text("name").equals("traceparent")) {
                    trace(timing.text("description"));
                }
            }
        }

        /** Source: W3C Trace Context, section 3.2. */
        private void trace(String traceparent) {
            if (isTraceparent(traceparent)) {
                traceId = traceparent.substring(3, 35);
            }
        }

        private static boolean isTraceparent(String text) {
            if (text.length() < TRACEPARENT_LENGTH) {
                return false;
            }
            for (int i = 0; i < TRACEPARENT_LENGTH; i++) {
                char c = text.charAt(i);
                boolean isDash = i == 2 || i == 35 || i == 52;
                if (isDash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                    return false;
                }
            }
            return true;
        }

        /** Ours: one beacon a page view. */
        private void batch(Fields node) {
            release = node.text("rel");
            connection = node.flag("sd") ? Connection.SAVE_DATA : Connection.of(node.text("ect"));
            driven |= node.flag("wd");
            optedOut |= node.flag("gpc");
            pageView = node.text("p");
            Number q = node.number("q");
            sequence = q == null ? 0 : q.longValue();
            Number t = node.number("t");
            sentAtMillis = t == null ? 0 : Math.max(0, t.longValue());
            session = node.text("s", pageView);
            testSignature = node.text("st");
            trace(node.text("tp"));
            page = node.text("u");
            if (!sampled(node)) {
                rejections.add(Reason.BAD_SAMPLE_RATE);
                return;
            }
            int before = measurements.size() + rejections.size();
            for (Fields metric : node.objects("m")) {
                String target = metric.object("a").text("target");
                add(metric, "n", metric.number("v"), false, sentAtMillis, metric.text("u"), target);
            }
            for (Fields custom : node.objects("c")) {
                add(custom, "n", custom.number("v"), false, 0, custom.text("u"), "");
            }
            if (measurements.size() + rejections.size() == before) {
                rejections.add(Reason.UNKNOWN_FORM);
            }
        }

        /** Whether the rate of sampling is one; none told is all. */
        private boolean sampled(Fields node) {
            Number rate = node.number("sr");
            if (rate == null) {
                return node.isNone("sr");
            }
            sampledShare = rate.doubleValue();
            return sampledShare >= SAMPLED_SHARE_MIN && sampledShare <= 1;
        }

        private void add(
                Fields node,
                String nameField,
                @Nullable Number value,
                boolean isDelta,
                long sentAtMillis,
                String url,
                String target) {
            String navigationType = node.text("navigationType", node.text("nt"));
            Vital vital = Vital.named(node.text(nameField)).orElse(null);
            String id = node.text("id");
            if (id.isEmpty() && vital != null) {
                id = madeUpId(vital, url);
            }
            Reason reason = reason(vital, value, id, isDelta);
            if (reason != null || vital == null || value == null) {
                rejections.add(reason == null ? Reason.UNKNOWN_METRIC : reason);
                return;
            }
            measurements.add(new Measurement(
                    vital, id, value.doubleValue(), isDelta, sentAtMillis, Navigation.of(navigationType), url, target));
        }

        /**
         * A vital of the library has one value a page view, so that page view and name tell a repeated one. The plan's own
         * metrics may be measured again and again: the beacon's place in the page view and the value's place in the beacon tell
         * them apart, and a beacon that was sent twice is known again.
         */
        private String madeUpId(Vital vital, String url) {
            if (!pageView.isEmpty()) {
                long again =
                        measurements.stream().filter(m -> m.vital() == vital).count();
                String beacon = vital.isOfThePlan() ? sequence + "." : "";
                return short50(pageView) + "/" + vital.name() + "/" + Integer.toHexString(url.hashCode()) + "/" + beacon
                        + again;
            }
            return vital.isOfThePlan() ? UUID.randomUUID().toString() : "";
        }

        private static String short50(String text) {
            return text.length() > 50 ? text.substring(0, 50) : text;
        }

        private @Nullable Reason reason(@Nullable Vital vital, @Nullable Number value, String id, boolean isDelta) {
            if (measurements.size() >= VALUES_MAX) {
                return Reason.TOO_MANY;
            }
            if (vital == null) {
                return Reason.UNKNOWN_METRIC;
            }
            if (value == null) {
                return Reason.NOT_A_NUMBER;
            }
            // A change may be downwards; whether the whole is possible is known where the earlier ones are.
            if (!vital.isPossible(isDelta ? Math.abs(value.doubleValue()) : value.doubleValue())) {
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
