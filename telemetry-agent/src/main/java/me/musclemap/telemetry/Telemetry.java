package me.musclemap.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Properties;
import java.util.Set;
import me.musclemap.telemetry.business.BusinessTelemetry;
import me.musclemap.telemetry.cache.CacheTelemetry;
import me.musclemap.telemetry.catalogue.Catalogue;
import me.musclemap.telemetry.database.DatabaseTelemetry;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import me.musclemap.telemetry.http.HttpTelemetry;
import me.musclemap.telemetry.logs.JsonLogging;
import me.musclemap.telemetry.meters.Meters;
import me.musclemap.telemetry.process.ProcessMetrics;
import me.musclemap.telemetry.scrub.Scrubber;
import me.musclemap.telemetry.traces.ExemplarSpans;
import me.musclemap.telemetry.traces.Traces;
import org.jspecify.annotations.Nullable;

/**
 * One service's telemetry: metrics through Micrometer to Prometheus, traces through the OpenTelemetry SDK, logs as JSON
 * lines on standard error. One owner per signal: the OpenTelemetry SDK has no meter provider here, so nothing is counted
 * twice. Safe for use by many threads.
 */
public final class Telemetry implements AutoCloseable {
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final Meters meters;
    private final Traces traces;
    private final JsonLogging logging;
    private final JvmGcMetrics collectorMetrics;
    private final HttpTelemetry http;
    private final CacheTelemetry cache;
    private @Nullable BusinessTelemetry business;

    private Telemetry(TelemetryConfig config) {
        var scrubber = new Scrubber();
        logging = JsonLogging.start(config.serviceName(), config.serviceVersion(), config.logLevel(), scrubber);
        registry =
                new PrometheusMeterRegistry(exposition(), new PrometheusRegistry(), Clock.SYSTEM, new ExemplarSpans());
        // A meter that clashes with another of its name would otherwise vanish with one debug line.
        registry.throwExceptionOnRegistrationFailure();
        meters = new Meters(registry, Catalogue.shipped());
        traces = Traces.start(
                config.serviceName(),
                config.serviceVersion(),
                config.tracesEndpoint(),
                config.sampledRatio(),
                scrubber,
                meters);
        scrubber.bindTo(meters);
        collectorMetrics = new JvmGcMetrics();
        collectorMetrics.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        ProcessMetrics.bindTo(meters);
        http = new HttpTelemetry(meters, traces.openTelemetry());
        cache = new CacheTelemetry(meters);
    }

    /** Starts metrics, traces and logging of this process. Call once, first thing in {@code main}. */
    public static Telemetry start(TelemetryConfig config) {
        return new Telemetry(config);
    }

    /**
     * Exemplars only where every Prometheus accepts them: Micrometer also puts one on {@code _count}, and Prometheus 2.42
     * (Debian 12) then refuses the whole page.
     */
    private static PrometheusConfig exposition() {
        var properties = new Properties();
        properties.setProperty("io.prometheus.exporter.exemplarsOnAllMetricTypes", "false");
        return new PrometheusConfig() {
            @Override
            public @Nullable String get(String key) {
                return null;
            }

            @Override
            public Properties prometheusProperties() {
                return properties;
            }
        };
    }

    /** The registry, for the binders of other libraries (HikariCP, Lettuce, Jetty, Caffeine). */
    public MeterRegistry registry() {
        return registry;
    }

    /** Meters by catalogue name. */
    public Meters meters() {
        return meters;
    }

    /** For spans of the service's own. */
    public Tracer tracer() {
        return traces.tracer();
    }

    /** For libraries that ask for it. It has no meter provider. */
    public OpenTelemetry openTelemetry() {
        return traces.openTelemetry();
    }

    /** What a server calls around a request. */
    public HttpTelemetry http() {
        return http;
    }

    /** What a GraphQL server calls around an operation; names outside {@code operations} are counted as one. */
    public GraphqlTelemetry graphql(Set<String> operations) {
        return new GraphqlTelemetry(meters, traces.tracer(), operations);
    }

    /** What a client calls around a call to a database of this system, for example {@code postgresql} or {@code redis}. */
    public DatabaseTelemetry database(String system) {
        return new DatabaseTelemetry(meters, traces.tracer(), system);
    }

    /** Hits and misses. */
    public CacheTelemetry cache() {
        return cache;
    }

    /** Counts of what people do; exposed once a service has asked for them. */
    public synchronized BusinessTelemetry business() {
        if (business == null) {
            business = new BusinessTelemetry(meters);
        }
        return business;
    }

    /**
     * The metrics now, in the format the scraper asked for: OpenMetrics when its Accept header names it, else the
     * Prometheus text format.
     */
    public Scrape scrape(@Nullable String accept) {
        String type =
                accept != null && accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS_TEXT;
        return new Scrape(type, registry.scrape(type));
    }

    /** Sends the spans that wait, stops the meters, and flushes the log. */
    @Override
    public void close() {
        traces.close();
        collectorMetrics.close();
        registry.close();
        logging.close();
    }
}
