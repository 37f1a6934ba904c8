package me.musclemap.telemetry.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
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
        var counters = new TreeMap<String, Double>();
        var gauges = new TreeMap<String, Double>();
        urls.forEach((name, url) -> {
            try {
                String text = fetch(url);
                for (Sample sample : Exposition.parse(text).samples()) {
                    keep(name, sample, counters, gauges);
                }
                gauges.put(name + ":up", 1.0);
            } catch (IOException | IllegalArgumentException e) {
                gauges.put(name + ":up", 0.0);
            }
        });
        return new Reading(counters, gauges);
    }

    private void keep(String station, Sample sample, Map<String, Double> counters, Map<String, Double> gauges) {
        String name = sample.name();
        String family = name.replaceFirst("_(count|sum)$", "");
        Metric metric = catalogue.find(name).or(() -> catalogue.find(family)).orElse(null);
        if (metric == null || !metric.perWindow() || Double.isNaN(sample.value())) {
            return;
        }
        (metric.type() == Metric.Type.GAUGE ? gauges : counters).put(station + ":" + sample.series(), sample.value());
    }

    private static String fetch(URI url) throws IOException {
        var connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Series by {@code station:series}. */
    record Reading(Map<String, Double> counters, Map<String, Double> gauges) {}
}
