package me.musclemap.telemetry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.telemetry.catalogue.Catalogue;
import me.musclemap.telemetry.catalogue.Exposition;
import me.musclemap.telemetry.catalogue.Metric;
import me.musclemap.telemetry.catalogue.Sample;

/** The stations' own metrics pages, of which the series are kept that the catalogue wants with every window. */
final class Pages {
    private static final int TIMEOUT_MILLIS = 2000;

    private final Map<String, URI> urls;
    private final Catalogue catalogue = Catalogue.shipped();

    Pages(Map<String, URI> urls) {
        this.urls = new LinkedHashMap<>(urls);
    }

    boolean isEmpty() {
        return urls.isEmpty();
    }

    /** One reading of all pages. A page that does not answer gives {@code NAME:up} 0 and nothing else. */
    Reading read() {
        var counters = new LinkedHashMap<String, Map<String, Double>>();
        var gauges = new TreeMap<String, Double>();
        urls.forEach((name, url) -> {
            try {
                var samples = Exposition.parse(fetch(url)).samples();
                var own = new TreeMap<String, Double>();
                samples.forEach(sample -> keep(name, sample, own, gauges));
                counters.put(name, own);
                gauges.put(name + ":up", 1.0);
            } catch (IOException | IllegalArgumentException e) {
                gauges.put(name + ":up", 0.0);
            }
        });
        return new Reading(urls.keySet(), counters, gauges);
    }

    private void keep(String station, Sample sample, Map<String, Double> counters, Map<String, Double> gauges) {
        String name = sample.name();
        String family = name.replaceFirst("_(count|sum)$", "");
        Metric metric = catalogue.find(name).or(() -> catalogue.find(family)).orElse(null);
        if (metric == null || !metric.perWindow() || Double.isNaN(sample.value())) {
            return;
        }
        if (metric.type() == Metric.Type.GAUGE) {
            gauges.put(station + ":" + sample.series(), sample.value());
        } else {
            counters.put(sample.series(), sample.value());
        }
    }

    private static String fetch(URI url) throws IOException {
        var connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /**
     * What the pages say at one moment.
     *
     * @param stations all that were asked
     * @param counters those of every station that answered, by its name and by series
     * @param gauges by {@code station:series}
     */
    record Reading(Set<String> stations, Map<String, Map<String, Double>> counters, Map<String, Double> gauges) {}
}
