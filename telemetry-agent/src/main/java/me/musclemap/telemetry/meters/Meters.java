package me.musclemap.telemetry.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import me.musclemap.telemetry.catalogue.Catalogue;
import me.musclemap.telemetry.catalogue.Metric;

/**
 * Makes meters by their catalogue name, so that what is exposed is what the catalogue says. Safe for use by many
 * threads; a lookup allocates, so callers on a hot path keep the meter.
 */
public final class Meters {
    /**
     * Upper bounds of the latency buckets of a route. Source: OpenTelemetry semantic conventions for HTTP metrics, with 1
     * and 2 ms added for answers from a cache.
     */
    private static final Duration[] ROUTE_BUCKETS =
            buckets(.001, .002, .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10);

    /**
     * Of what has a series for each statement or operation: fewer, because every one of them is scraped each second in a
     * load run, and that costs the stack under test. The plan's limits, 0.1 s and 1 s, are among them.
     */
    private static final Duration[] PART_BUCKETS = buckets(.001, .005, .025, .1, .25, 1, 5);

    private final MeterRegistry registry;
    private final Catalogue catalogue;

    /** Makes meters in {@code registry} that {@code catalogue} describes. */
    public Meters(MeterRegistry registry, Catalogue catalogue) {
        this.registry = registry;
        this.catalogue = catalogue;
    }

    /** The registry the meters are made in. */
    public MeterRegistry registry() {
        return registry;
    }

    /**
     * The timer with this catalogue name and these labels: key, value, key, value. A histogram in the catalogue gets
     * the explicit latency buckets.
     *
     * @throws IllegalArgumentException if the catalogue has no such timer, or other labels
     */
    public Timer timer(String name, String... labels) {
        Metric metric = metric(name, labels, Metric.Type.HISTOGRAM, Metric.Type.SUMMARY);
        var builder =
                Timer.builder(meterName(metric)).description(metric.help()).tags(labels);
        if (metric.type() == Metric.Type.HISTOGRAM) {
            builder.serviceLevelObjectives(
                    metric.name().equals("http_server_request_duration_seconds") ? ROUTE_BUCKETS : PART_BUCKETS);
        }
        return builder.register(registry);
    }

    /**
     * The counter with this catalogue name and these labels: key, value, key, value.
     *
     * @throws IllegalArgumentException if the catalogue has no such counter, or other labels
     */
    public Counter counter(String name, String... labels) {
        Metric metric = metric(name, labels, Metric.Type.COUNTER);
        return Counter.builder(meterName(metric))
                .description(metric.help())
                .tags(labels)
                .register(registry);
    }

    /**
     * Exposes a number that only rises and is kept elsewhere. The registry holds {@code state} strongly.
     *
     * @throws IllegalArgumentException if the catalogue has no such counter, or other labels
     */
    public <T> void counted(String name, T state, ToDoubleFunction<T> value, String... labels) {
        Metric metric = metric(name, labels, Metric.Type.COUNTER);
        // The lambda captures the state, because the registry alone would hold it weakly and lose it.
        FunctionCounter.builder(meterName(metric), this, self -> value.applyAsDouble(state))
                .description(metric.help())
                .tags(labels)
                .register(registry);
    }

    /**
     * Exposes a number that rises and falls. The registry holds {@code state} strongly.
     *
     * @throws IllegalArgumentException if the catalogue has no such gauge, or other labels
     */
    public <T> void gauge(String name, T state, ToDoubleFunction<T> value, String... labels) {
        Metric metric = metric(name, labels, Metric.Type.GAUGE);
        Gauge.builder(metric.name().replace('_', '.'), state, value)
                .description(metric.help())
                .tags(labels)
                .strongReference(true)
                .register(registry);
    }

    private static Duration[] buckets(double... seconds) {
        return DoubleStream.of(seconds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }

    private Metric metric(String name, String[] labels, Metric.Type... allowed) {
        Metric metric = catalogue.metric(name);
        if (!List.of(allowed).contains(metric.type())) {
            throw new IllegalArgumentException("metric " + name + ": the catalogue says it is a "
                    + metric.type().word());
        }
        var keys = new ArrayList<String>();
        for (Tag tag : Tags.of(labels)) {
            keys.add(tag.getKey());
        }
        Set<String> known = new HashSet<>(metric.labels());
        if (keys.size() != known.size() || !known.containsAll(keys)) {
            throw new IllegalArgumentException(
                    "metric " + name + ": labels " + keys + ", the catalogue says " + metric.labels());
        }
        return metric;
    }

    /** The registry's naming convention puts {@code _seconds} and {@code _total} back. */
    private static String meterName(Metric metric) {
        String name = metric.name().replaceFirst("_total$", "");
        if (metric.type() != Metric.Type.COUNTER) {
            name = name.replaceFirst("_seconds$", "");
        }
        return name.replace('_', '.');
    }
}
