package me.musclemap.telemetry;

import java.net.URI;
import java.util.Optional;

/**
 * How a service starts its telemetry. Immutable.
 *
 * @param serviceName the program's name, for example {@code reference-api}
 * @param serviceVersion its version, on every span and log line
 * @param tracesEndpoint base URL of an OTLP/HTTP receiver; without one, traces have ids but are exported nowhere
 * @param sampledRatio share of new traces that are recorded, 0 to 1; a caller's own decision is followed
 * @param logLevel the least severe level that is written: TRACE, DEBUG, INFO, WARN or ERROR
 */
public record TelemetryConfig(
        String serviceName, String serviceVersion, Optional<URI> tracesEndpoint, double sampledRatio, String logLevel) {
    /** Checks the ratio and the level. */
    public TelemetryConfig {
        if (serviceName.isBlank()) {
            throw new IllegalArgumentException("serviceName must not be empty");
        }
        if (!(sampledRatio >= 0 && sampledRatio <= 1)) {
            throw new IllegalArgumentException("sampledRatio=" + sampledRatio + ": use a share from 0 to 1");
        }
        if (!logLevel.matches("TRACE|DEBUG|INFO|WARN|ERROR")) {
            throw new IllegalArgumentException("logLevel=" + logLevel + ": use TRACE, DEBUG, INFO, WARN or ERROR");
        }
    }

    /** The defaults: one trace in ten, exported nowhere, log lines from INFO on. */
    public static TelemetryConfig of(String serviceName, String serviceVersion) {
        return new TelemetryConfig(serviceName, serviceVersion, Optional.empty(), 0.1, "INFO");
    }

    /** The same, with traces sent to the receiver at {@code endpoint}. */
    public TelemetryConfig tracesTo(URI endpoint, double ratio) {
        return new TelemetryConfig(serviceName, serviceVersion, Optional.of(endpoint), ratio, logLevel);
    }

    /** The same, with log lines from {@code level} on. */
    public TelemetryConfig logFrom(String level) {
        return new TelemetryConfig(serviceName, serviceVersion, tracesEndpoint, sampledRatio, level);
    }
}
