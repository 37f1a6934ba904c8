package me.musclemap.api.http;

import io.javalin.http.Context;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.limits.SecurityEvents;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * Pages of which origins may read our answers: those that were named, and none else. A request of a foreign page that would
 * use or change a session is refused; any other is answered, and the browser keeps the answer from the page.
 */
final class Origins {
    private static final String METHODS = "GET, POST, OPTIONS";
    private static final String REQUEST_HEADERS = "authorization, content-type, traceparent, x-session-id";
    private static final HttpField CREDENTIALS = new PreEncodedHttpField("Access-Control-Allow-Credentials", "true");
    private static final HttpField READABLE = new PreEncodedHttpField(
            "Access-Control-Expose-Headers",
            "x-trace-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after");
    private static final String KEPT_SECONDS = "600";

    private final Set<String> allowed;
    private final SecurityEvents events;

    Origins(List<String> allowed, SecurityEvents events) {
        this.allowed = Set.copyOf(allowed);
        this.events = events;
    }

    /** Says in the answer's headers what the browser may do with it. */
    void tell(@Nullable String origin, Consumer<HttpField> put) {
        if (origin != null && allowed.contains(origin)) {
            put.accept(new HttpField("Access-Control-Allow-Origin", origin));
            put.accept(CREDENTIALS);
            put.accept(READABLE);
            // Else the browser keeps Server-Timing from a page of another origin.
            put.accept(new HttpField("Timing-Allow-Origin", origin));
        }
    }

    /** What a page reads of its own requests' timing: which trace the request is in. */
    static String serverTiming(String traceparent) {
        return "traceparent;desc=\"" + traceparent + '"';
    }

    /** Answers a browser that asks before it sends. */
    void preflight(Context context) {
        String origin = context.header("Origin");
        if (origin == null || !allowed.contains(origin)) {
            refuse();
        }
        context.header("Access-Control-Allow-Methods", METHODS);
        context.header("Access-Control-Allow-Headers", REQUEST_HEADERS);
        context.header("Access-Control-Max-Age", KEPT_SECONDS);
        context.status(204);
    }

    /** @throws ApiError for a page that is neither ours nor named */
    void require(Context context) {
        String origin = context.header("Origin");
        if (origin != null && !allowed.contains(origin) && !isOwn(origin, context.header("Host"))) {
            refuse();
        }
    }

    private void refuse() {
        events.happened(SecurityEvents.Kind.FOREIGN_ORIGIN);
        throw new ApiError(ApiError.Code.FORBIDDEN, "This origin is not allowed");
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        try {
            return host != null && host.equals(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
