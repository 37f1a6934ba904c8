package me.musclemap.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import me.musclemap.dashboards.catalogue.Catalogue;
import me.musclemap.dashboards.catalogue.Catalogue.Metric;

/** Made-up samples of every series of the catalogue, as OpenMetrics: what a system under load gives. */
final class CatalogueSamples {
    static final long START_EPOCH_SECONDS = 1_795_348_800;
    static final long END_EPOCH_SECONDS = START_EPOCH_SECONDS + 600;
    private static final int STEP_SECONDS = 15;
    private static final Map<String, String> JOBS =
            Map.of("reference-api", "api", "rum-collector", "rum", "telemetry-agent", "agent");
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("http_route", List.of("/api/graphql", "/api/vitals")),
            Map.entry("http_request_method", List.of("POST")),
            Map.entry("http_response_status_code", List.of("200", "404", "503")),
            Map.entry("error_type", List.of("")),
            Map.entry("graphql_operation_name", List.of("LogSet", "Login")),
            Map.entry("db_system_name", List.of("postgresql", "redis")),
            Map.entry("station", List.of("api", "postgres", "redis", "rum", "other", "generator")),
            Map.entry("mountpoint", List.of("/")),
            Map.entry("metric", List.of("LCP", "INP", "CLS")));
    private static final List<String> BOUNDS = List.of("0.01", "0.1", "1", "+Inf");

    private final StringBuilder text = new StringBuilder();

    private CatalogueSamples() {}

    static String openMetrics(Catalogue catalogue) {
        var samples = new CatalogueSamples();
        catalogue.metrics().forEach(samples::family);
        samples.text.append("# TYPE up gauge\n");
        JOBS.values().stream().sorted().forEach(job -> samples.series("up{job=\"" + job + "\"}", false, 1));
        return samples.text.append("# EOF\n").toString();
    }

    private void family(Metric metric) {
        boolean counter = metric.type().equals("counter");
        String family = counter ? metric.name().replaceFirst("_total$", "") : metric.name();
        text.append("# TYPE ").append(family).append(' ').append(metric.type()).append('\n');
        for (String labels : labelSets(metric)) {
            switch (metric.type()) {
                case "histogram" -> {
                    for (int i = 0; i < BOUNDS.size(); i++) {
                        series(metric.name() + "_bucket{" + labels + ",le=\"" + BOUNDS.get(i) + "\"}", true, i + 1);
                    }
                    series(metric.name() + "_count{" + labels + "}", true, BOUNDS.size());
                    series(metric.name() + "_sum{" + labels + "}", true, 0.5);
                }
                case "summary" -> {
                    series(metric.name() + "_count{" + labels + "}", true, 2);
                    series(metric.name() + "_sum{" + labels + "}", true, 0.1);
                }
                default -> series(metric.name() + "{" + labels + "}", counter, 2);
            }
        }
    }

    private static List<String> labelSets(Metric metric) {
        var sets = new ArrayList<String>();
        for (String program : metric.exposedBy()) {
            sets.add("job=\"" + JOBS.getOrDefault(program, program) + "\"");
        }
        List<String> all = sets.stream().sorted().toList();
        var known = metric.labelValues() == null ? Map.<String, List<String>>of() : metric.labelValues();
        for (String label : metric.labels()) {
            var values = known.getOrDefault(label, VALUES.getOrDefault(label, List.of("some")));
            all = all.stream()
                    .flatMap(set -> values.stream().map(value -> set + "," + label + "=\"" + value + "\""))
                    .toList();
        }
        return all;
    }

    private void series(String name, boolean rising, double value) {
        double sample = value;
        for (long at = START_EPOCH_SECONDS; at <= END_EPOCH_SECONDS; at += STEP_SECONDS) {
            text.append(name).append(' ').append(sample).append(' ').append(at).append(".000\n");
            sample += rising ? value * STEP_SECONDS : 0;
        }
    }

    /** The names of the samples in an OpenMetrics file. */
    static Set<String> names(String openMetrics) {
        return openMetrics
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toSet());
    }
}
