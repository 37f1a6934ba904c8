package me.musclemap.api.http;

import io.javalin.http.Context;
import me.musclemap.api.cache.Body;

/** How kept answers are sent: compressed once, and to an edge with what it may do with them. */
final class Sending {
    private Sending() {}

    /** Sends {@code body}, compressed when the caller takes that, with its length. */
    static void body(Context context, Body body) {
        byte[] sent = body.bytes();
        if (body.isWorthCompressing()) {
            context.res().addHeader("Vary", "Accept-Encoding");
            if (takesGzip(context.header("Accept-Encoding"))) {
                context.header("Content-Encoding", "gzip");
                sent = body.gzip();
            }
        }
        context.res().setContentLength(sent.length);
        context.result(sent);
    }

    /**
     * Sends what an edge and a browser may keep, or says that what they have is still good.
     *
     * @param browserSeconds how long a browser may keep it
     * @param edgeSeconds how long an edge may keep it
     */
    static void edge(Context context, int browserSeconds, int edgeSeconds, Body body) {
        context.removeHeader("Server-Timing"); // one request's trace is not that of those who get it from an edge
        context.header(
                "Cache-Control",
                "public, max-age=" + browserSeconds + ", s-maxage=" + edgeSeconds + ", stale-while-revalidate=86400");
        context.header("CDN-Cache-Control", "public, max-age=" + edgeSeconds);
        String accept = context.header("Accept-Encoding");
        boolean gzip = body.isWorthCompressing() && takesGzip(accept);
        // Compressed and plain bytes differ, so a strong tag must differ as well.
        String tag = gzip ? body.tag().replaceFirst("\"$", "-gzip\"") : body.tag();
        context.header("ETag", tag);
        if (matches(context.header("If-None-Match"), tag)) {
            context.res().addHeader("Vary", "Accept-Encoding");
            context.status(304);
            return;
        }
        context.contentType("application/json");
        body(context, body);
    }

    private static boolean matches(@org.jspecify.annotations.Nullable String given, String tag) {
        if (given == null) {
            return false;
        }
        for (String one : given.split(",", -1)) {
            String stripped = one.strip();
            // A weak comparison, as RFC 9110 asks for here.
            if (stripped.equals("*") || stripped.equals(tag) || stripped.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    static boolean takesGzip(@org.jspecify.annotations.Nullable String accept) {
        if (accept == null) {
            return false;
        }
        for (String coding : accept.split(",", -1)) {
            String[] parts = coding.strip().split(";", -1);
            if (parts[0].strip().equalsIgnoreCase("gzip") || parts[0].strip().equals("*")) {
                return parts.length == 1 || !parts[1].replace(" ", "").matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
