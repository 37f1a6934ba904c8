package me.musclemap.dashboards.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import me.musclemap.alerts.Json;
import org.jspecify.annotations.Nullable;

/** The labels of every series that a panel may name: the catalogue's and those of Prometheus itself. Immutable. */
public final class Catalogue {
    private static final String REMEDY = "it must have the form of telemetry-agent/contract/metrics.json";

    private record Document(List<Metric> metrics) {}

    /**
     * One metric family.
     *
     * @param type counter, gauge, histogram or summary
     * @param labelValues the only values of a label, where they are known
     */
    public record Metric(
            String name,
            String type,
            List<String> labels,
            @Nullable Map<String, List<String>> labelValues,
            Set<String> exposedBy) {}

    private final List<Metric> metrics;
    private final Map<String, Set<String>> labels = new TreeMap<>();

    private Catalogue(List<Metric> metrics) {
        this.metrics = List.copyOf(metrics);
        metrics.forEach(this::add);
        put("up", Set.of());
        put("ALERTS", Set.of("alertname", "alertstate", "severity", "slo", "station", "mountpoint", "metric"));
    }

    /** The catalogue this program was built with. */
    public static Catalogue shipped() {
        try (InputStream in = Catalogue.class.getResourceAsStream("/contract/metrics.json")) {
            if (in == null) {
                throw new IllegalStateException("metrics.json is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Catalogue(
                    Json.parse("metrics.json", text, Document.class, REMEDY).metrics());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped metrics.json", e);
        }
    }

    /** The catalogue in a file. */
    public static Catalogue read(Path file) {
        return new Catalogue(Json.read(file, Document.class, REMEDY).metrics());
    }

    /** The families of the catalogue. */
    public Collection<Metric> metrics() {
        return metrics;
    }

    /** Every label that the series may carry, or empty when there is no such series. */
    public Optional<Set<String>> labels(String series) {
        return Optional.ofNullable(labels.get(series));
    }

    private void add(Metric metric) {
        switch (metric.type()) {
            case "histogram", "summary" -> {
                put(metric.name() + "_count", metric.labels());
                put(metric.name() + "_sum", metric.labels());
                if (metric.type().equals("histogram")) {
                    var withBound = new TreeSet<>(metric.labels());
                    withBound.add("le");
                    put(metric.name() + "_bucket", withBound);
                }
            }
            default -> put(metric.name(), metric.labels());
        }
    }

    private void put(String series, Collection<String> known) {
        var all = new TreeSet<>(known);
        all.add("job");
        all.add("instance");
        labels.put(series, all);
    }
}
