package me.musclemap.alerts.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.alerts.Json;
import me.musclemap.alerts.promql.Fact;
import me.musclemap.alerts.promql.Facts;
import me.musclemap.alerts.promql.Span;

/** Every series that rules may name: what the catalogue exposes and what Prometheus itself adds. Immutable. */
public final class Catalogue implements Facts {
    private static final String REMEDY = "it must have the form of telemetry-agent/contract/metrics.json";

    /** Prometheus writes these on every sample it scrapes. */
    private static final List<String> SCRAPE_LABELS = List.of("job", "instance");

    private record Document(List<Metric> metrics) {}

    private final Map<String, Fact> series = new TreeMap<>();

    private Catalogue(List<Metric> metrics) {
        metrics.forEach(this::add);
        addGauge("up", Set.of(), Span.SHARE);
        addGauge("scrape_duration_seconds", Set.of(), Span.NOT_NEGATIVE);
        series.put("ALERTS", new Fact(Fact.Kind.GAUGE, Set.of(), true, Span.of(1), Double.POSITIVE_INFINITY));
        series.put("ALERTS_FOR_STATE", new Fact(Fact.Kind.GAUGE, Set.of(), true, Span.ANY, Double.POSITIVE_INFINITY));
    }

    /** The catalogue in a file. */
    public static Catalogue read(Path file) {
        return new Catalogue(Json.read(file, Document.class, REMEDY).metrics());
    }

    /** The catalogue this program was built with. */
    public static Catalogue shipped() {
        try (InputStream in = Catalogue.class.getResourceAsStream("/contract/metrics.json")) {
            if (in == null) {
                throw new IllegalStateException("metrics.json is not on the class path");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the shipped metrics.json", e);
        }
    }

    /** The catalogue in a text. */
    public static Catalogue parse(String json) {
        return new Catalogue(
                Json.parse("metrics.json", json, Document.class, REMEDY).metrics());
    }

    @Override
    public Optional<Fact> of(String seriesName) {
        return Optional.ofNullable(series.get(seriesName));
    }

    private void add(Metric metric) {
        var labels = new HashSet<>(metric.labels());
        labels.addAll(SCRAPE_LABELS);
        var span = "ratio".equals(metric.unit()) ? Span.SHARE : Span.NOT_NEGATIVE;
        switch (metric.type()) {
            case "counter" -> put(metric.name(), Fact.Kind.COUNTER, labels, Span.NOT_NEGATIVE);
            case "histogram", "summary" -> {
                put(metric.name() + "_count", Fact.Kind.COUNTER, labels, Span.NOT_NEGATIVE);
                put(metric.name() + "_sum", Fact.Kind.COUNTER, labels, Span.NOT_NEGATIVE);
                if (metric.type().equals("histogram")) {
                    var withBound = new HashSet<>(labels);
                    withBound.add("le");
                    put(metric.name() + "_bucket", Fact.Kind.BUCKET, withBound, Span.NOT_NEGATIVE);
                }
            }
            default -> put(metric.name(), Fact.Kind.GAUGE, labels, span);
        }
    }

    private void addGauge(String name, Set<String> labels, Span span) {
        var all = new HashSet<>(labels);
        all.addAll(SCRAPE_LABELS);
        put(name, Fact.Kind.GAUGE, all, span);
    }

    private void put(String name, Fact.Kind kind, Set<String> labels, Span span) {
        series.put(name, new Fact(kind, labels, false, span, Double.POSITIVE_INFINITY));
    }
}
