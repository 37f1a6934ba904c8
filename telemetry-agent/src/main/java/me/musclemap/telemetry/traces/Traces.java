package me.musclemap.telemetry.traces;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import me.musclemap.telemetry.meters.Meters;
import me.musclemap.telemetry.scrub.Scrubber;

/** The tracer of one service. */
public final class Traces implements AutoCloseable {
    private static final Duration FLUSH_AT_MOST = Duration.ofSeconds(5);

    private final SdkTracerProvider provider;
    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private Traces(SdkTracerProvider provider) {
        this.provider = provider;
        sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        tracer = sdk.getTracer("me.musclemap.telemetry");
    }

    /** Starts the tracer; spans go to {@code endpoint} if there is one, scrubbed and in batches. */
    public static Traces start(
            String serviceName,
            String serviceVersion,
            Optional<URI> endpoint,
            double sampledRatio,
            Scrubber scrubber,
            Meters meters) {
        var resource = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), serviceName,
                AttributeKey.stringKey("service.version"), serviceVersion));
        var builder = SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(sampledRatio)));
        endpoint.ifPresent(url -> {
            var otlp = OtlpHttpSpanExporter.builder()
                    .setEndpoint(url.toString().replaceFirst("/+$", "") + "/v1/traces")
                    .setCompression("gzip")
                    .build();
            builder.addSpanProcessor(new EndedSpans(meters));
            builder.addSpanProcessor(BatchSpanProcessor.builder(new ScrubbedExport(otlp, scrubber, meters))
                    .setMaxQueueSize(8192)
                    .setMaxExportBatchSize(1024)
                    .build());
        });
        return new Traces(builder.build());
    }

    /** For spans of the service's own. */
    public Tracer tracer() {
        return tracer;
    }

    /** Without a meter provider: metrics have another owner. */
    public OpenTelemetry openTelemetry() {
        return sdk;
    }

    /** Sends the spans that wait, for a few seconds at most. */
    @Override
    public void close() {
        provider.shutdown().join(FLUSH_AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
    }
}
