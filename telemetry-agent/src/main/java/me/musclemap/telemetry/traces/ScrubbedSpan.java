package me.musclemap.telemetry.traces;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import me.musclemap.telemetry.scrub.Scrubber;

/** A span without personal data in its name, attributes, events and status. */
final class ScrubbedSpan extends DelegatingSpanData {
    private final String name;
    private final Attributes attributes;
    private final List<EventData> events;
    private final StatusData status;

    ScrubbedSpan(SpanData span, Scrubber scrubber) {
        super(span);
        name = scrubber.text(span.getName());
        attributes = scrubber.attributes(span.getAttributes());
        events = span.getEvents().stream()
                .map(event -> EventData.create(
                        event.getEpochNanos(),
                        scrubber.text(event.getName()),
                        scrubber.attributes(event.getAttributes()),
                        event.getTotalAttributeCount()))
                .toList();
        status = StatusData.create(
                span.getStatus().getStatusCode(), scrubber.text(span.getStatus().getDescription()));
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public List<EventData> getEvents() {
        return events;
    }

    @Override
    public StatusData getStatus() {
        return status;
    }
}
