package me.musclemap.rum.http;

import java.util.Map;

/**
 * A request for a page or an answer.
 *
 * @param parameters of the query string; the values of one that is repeated are joined by commas
 * @param accept the Accept header, or empty
 * @param acceptsGzip whether the answer may be compressed
 */
public record Query(String path, Map<String, String> parameters, String accept, boolean acceptsGzip) {
    /** Copies the map. */
    public Query {
        parameters = Map.copyOf(parameters);
    }
}
