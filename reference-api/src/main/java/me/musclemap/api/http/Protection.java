package me.musclemap.api.http;

import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** The headers that tell browsers and caches to take an answer for nothing but what it is. Safe for use by many threads. */
record Protection(Origins origins) {
    private static final List<HttpField> ALWAYS = List.of(
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("X-Frame-Options", "DENY"),
            new PreEncodedHttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
            new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-site"),
            new PreEncodedHttpField(
                    HttpHeader.CACHE_CONTROL, "private, no-store")); // what an edge may keep says so itself
    private static final HttpField SECURE = new PreEncodedHttpField(
            HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains; preload");
    private static final HttpField VARY_ORIGIN = new PreEncodedHttpField(HttpHeader.VARY, "Origin");

    /** Hands out the headers: those of which there is one to {@code put}, those that may be there more than once to {@code add}. */
    void tell(@Nullable String origin, boolean secure, Consumer<HttpField> put, Consumer<HttpField> add) {
        for (HttpField field : ALWAYS) {
            put.accept(field);
        }
        if (secure) {
            put.accept(SECURE);
        }
        add.accept(VARY_ORIGIN);
        origins.tell(origin, put);
    }
}
