package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import me.musclemap.load.record.Lines;

/**
 * A line for each request that failed, whether its trace was sampled or not: the generator's own span of it, as OTLP/JSON. It begins when
 * the request was due and has an event at the moment it was sent. Only so many a window: who fails more often is counted all the same.
 * Belongs to the dispatcher, which makes lines, and to the scribe, which writes them.
 */
final class FailedSpans {
    /** The most of one window. */
    static final int MOST = 200;

    private static final int KIND_CLIENT = 3;
    private static final int STATUS_ERROR = 2;

    private final Path file;
    private int left = MOST;
    private boolean begun;

    FailedSpans(Path file) {
        this.file = file;
    }

    /** Another window begins. */
    void begin() {
        left = MOST;
    }

    /** Whether there is room for one more in this window. */
    boolean takes() {
        return left-- > 0;
    }

    /**
     * The line of one request; moments in nanoseconds since 1970.
     *
     * @param traceParent as it was sent, {@code 00-trace-span-flags}
     */
    static String line(
            String traceParent,
            String operation,
            String reason,
            int status,
            int window,
            long due,
            long sent,
            long ended) {
        var ids = traceParent.split("-", -1);
        var root = Reports.object();
        var ofService = root.putArray("resourceSpans").addObject();
        text(ofService.putObject("resource"), "service.name", "headroom-generator");
        var scoped = ofService.putArray("scopeSpans").addObject();
        scoped.putObject("scope");
        var span = scoped.putArray("spans").addObject();
        span.put("traceId", ids[1]).put("spanId", ids[2]).put("name", operation).put("kind", KIND_CLIENT);
        span.put("startTimeUnixNano", Long.toString(due)).put("endTimeUnixNano", Long.toString(ended));
        text(span, "error.type", reason);
        whole(span, "headroom.window", window);
        if (status > 0) {
            whole(span, "http.response.status_code", status);
        }
        span.putArray("events")
                .addObject()
                .put("timeUnixNano", Long.toString(sent))
                .put("name", "sent");
        span.putObject("status").put("code", STATUS_ERROR).put("message", reason);
        return root + "\n";
    }

    private static void text(ObjectNode of, String key, String value) {
        of.withArray("attributes")
                .addObject()
                .put("key", key)
                .putObject("value")
                .put("stringValue", value);
    }

    private static void whole(ObjectNode of, String key, long value) {
        of.withArray("attributes")
                .addObject()
                .put("key", key)
                .putObject("value")
                .put("intValue", Long.toString(value));
    }

    /** Adds a line; the file is there from the first on, and goes on where an earlier restart of the run left it. */
    void append(String line) throws IOException {
        if (!begun) {
            Lines.cutHalfLine(file);
            begun = true;
        }
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
