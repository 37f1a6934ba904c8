package me.musclemap.load.traces;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;

/**
 * One trace as a line of OTLP/JSON, as the OpenTelemetry collector's file exporter writes it: ids in hexadecimal, 64-bit
 * integers as strings, enumerations as numbers. Protobuf's own JSON writes ids in base64, which readers of traces refuse.
 *
 * <p>Source: OpenTelemetry Protocol Specification, section JSON Protobuf Encoding.
 */
final class OtlpJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OtlpJson() {}

    static String line(Resource resource, List<Span> spans) {
        var root = JSON.createObjectNode();
        var ofService = root.putArray("resourceSpans").addObject();
        attributes(ofService.putObject("resource"), resource.getAttributesList());
        var scoped = ofService.putArray("scopeSpans").addObject();
        scoped.putObject("scope");
        var list = scoped.putArray("spans");
        spans.forEach(span -> write(list.addObject(), span));
        return root.toString();
    }

    private static void write(ObjectNode node, Span span) {
        node.put("traceId", hex(span.getTraceId())).put("spanId", hex(span.getSpanId()));
        if (!span.getParentSpanId().isEmpty()) {
            node.put("parentSpanId", hex(span.getParentSpanId()));
        }
        node.put("name", span.getName()).put("kind", span.getKindValue());
        node.put("startTimeUnixNano", Long.toUnsignedString(span.getStartTimeUnixNano()));
        node.put("endTimeUnixNano", Long.toUnsignedString(span.getEndTimeUnixNano()));
        attributes(node, span.getAttributesList());
        if (span.getEventsCount() > 0) {
            var events = node.putArray("events");
            for (var event : span.getEventsList()) {
                var written = events.addObject()
                        .put("timeUnixNano", Long.toUnsignedString(event.getTimeUnixNano()))
                        .put("name", event.getName());
                attributes(written, event.getAttributesList());
            }
        }
        var status = node.putObject("status");
        if (span.getStatus().getCodeValue() != 0) {
            status.put("code", span.getStatus().getCodeValue());
            if (!span.getStatus().getMessage().isEmpty()) {
                status.put("message", span.getStatus().getMessage());
            }
        }
    }

    private static void attributes(ObjectNode of, List<KeyValue> attributes) {
        var list = of.putArray("attributes");
        for (var attribute : attributes) {
            value(list.addObject().put("key", attribute.getKey()).putObject("value"), attribute.getValue());
        }
    }

    private static void value(ObjectNode node, AnyValue value) {
        switch (value.getValueCase()) {
            case STRING_VALUE -> node.put("stringValue", value.getStringValue());
            case BOOL_VALUE -> node.put("boolValue", value.getBoolValue());
            case INT_VALUE -> node.put("intValue", Long.toString(value.getIntValue()));
            case DOUBLE_VALUE -> node.put("doubleValue", value.getDoubleValue());
            case ARRAY_VALUE -> {
                ArrayNode values = node.putObject("arrayValue").putArray("values");
                value.getArrayValue().getValuesList().forEach(each -> value(values.addObject(), each));
            }
            case KVLIST_VALUE -> {
                ArrayNode values = node.putObject("kvlistValue").putArray("values");
                for (var each : value.getKvlistValue().getValuesList()) {
                    value(values.addObject().put("key", each.getKey()).putObject("value"), each.getValue());
                }
            }
            case BYTES_VALUE -> node.put("bytesValue", value.getBytesValue().toByteArray());
            default -> {
                // An empty value is written as an empty object, which is what OTLP/JSON has for it.
            }
        }
    }

    static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }
}
