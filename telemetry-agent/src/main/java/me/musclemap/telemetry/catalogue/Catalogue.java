package me.musclemap.telemetry.catalogue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every metric that Headroom exposes, read from {@code contract/metrics.json}. Immutable. */
public final class Catalogue {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .reader();

    private static final Set<String> KEYS =
            Set.of("name", "type", "unit", "labels", "labelValues", "help", "seriesLimit", "exposedBy", "perWindow");

    private final Map<String, Metric> metrics;

    private Catalogue(Map<String, Metric> metrics) {
        this.metrics = Collections.unmodifiableMap(metrics);
    }

    /** The catalogue this library was built with. */
    public static Catalogue shipped() {
        try (InputStream in = Catalogue.class.getResourceAsStream("metrics.json")) {
            if (in == null) {
                throw new IllegalStateException("metrics.json is not on the class path beside " + Catalogue.class);
            }
            return parse(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped metrics.json", e);
        }
    }

    /**
     * Reads a catalogue.
     *
     * @throws IllegalArgumentException if it is not JSON, lacks a key, has an unknown one, or names a metric twice
     */
    public static Catalogue parse(String json) {
        JsonNode root;
        try {
            root = READER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("metric catalogue: not readable as JSON: " + e.getMessage(), e);
        }
        var metrics = new LinkedHashMap<String, Metric>();
        for (JsonNode node : root.path("metrics")) {
            var metric = metric(node);
            if (metrics.put(metric.name(), metric) != null) {
                throw new IllegalArgumentException("metric " + metric.name() + ": is in the catalogue twice");
            }
        }
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("metric catalogue: holds no metrics");
        }
        return new Catalogue(metrics);
    }

    private static Metric metric(JsonNode node) {
        String name = node.path("name").asText();
        node.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("metric " + name + ": unknown key " + key + ", use one of " + KEYS);
            }
        });
        for (String key : List.of("name", "type", "unit", "labels", "help", "seriesLimit", "exposedBy")) {
            if (!node.has(key)) {
                throw new IllegalArgumentException("metric " + name + ": key " + key + " is missing");
            }
        }
        return new Metric(
                name,
                Metric.Type.valueOf(node.path("type").asText().toUpperCase(Locale.ROOT)),
                node.path("unit").asText(),
                texts(node.path("labels")),
                node.path("help").asText(),
                node.path("seriesLimit").asInt(),
                Set.copyOf(texts(node.path("exposedBy"))),
                node.path("perWindow").asBoolean(false));
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    /** All metrics, in the order of the file. */
    public Collection<Metric> metrics() {
        return metrics.values();
    }

    /** The metric with this full family name, if the catalogue holds it. */
    public Optional<Metric> find(String name) {
        return Optional.ofNullable(metrics.get(name));
    }

    /**
     * The metric with this full family name.
     *
     * @throws IllegalArgumentException if the catalogue does not hold it
     */
    public Metric metric(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "metric " + name + ": not in the catalogue, add it to telemetry-agent/contract/metrics.json"));
    }

    /**
     * Compares a scraped page, in the OpenMetrics or the Prometheus text format, with this catalogue: unknown
     * families, other types, other labels, too many series. Empty when all is well.
     *
     * @throws IllegalArgumentException if a line is in neither format
     */
    public List<Finding> check(String exposition) {
        var findings = new ArrayList<Finding>();
        for (ExposedFamily family : Exposition.parse(exposition).families()) {
            check(family, findings);
        }
        return findings;
    }

    private void check(ExposedFamily family, List<Finding> findings) {
        Metric metric = metrics.get(family.name());
        if (metric == null) {
            findings.add(new Finding(family.name(), "is not in the catalogue"));
            return;
        }
        if (!family.type().equals(metric.type().word())) {
            findings.add(new Finding(
                    family.name(),
                    "is a " + family.type() + ", the catalogue says "
                            + metric.type().word()));
        }
        var unknown = new TreeSet<>(family.labels());
        unknown.removeAll(metric.labels());
        if (!unknown.isEmpty()) {
            findings.add(
                    new Finding(family.name(), "has labels " + unknown + ", the catalogue has " + metric.labels()));
        }
        if (family.seriesCount() > metric.seriesLimit()) {
            findings.add(new Finding(
                    family.name(), family.seriesCount() + " series, the catalogue allows " + metric.seriesLimit()));
        }
    }

    /** How many series each family of a scraped page has; for budgets. */
    public static Map<String, Integer> seriesByFamily(String exposition) {
        var counts = new TreeMap<String, Integer>();
        Exposition.parse(exposition).families().forEach(family -> counts.put(family.name(), family.seriesCount()));
        return counts;
    }
}
