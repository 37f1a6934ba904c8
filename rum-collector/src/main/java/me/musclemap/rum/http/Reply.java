package me.musclemap.rum.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answer to a {@link Query}; the bytes are not copied. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    /** Copies the headers. */
    public Reply {
        headers = Map.copyOf(headers);
    }

    /** JSON. */
    public static Reply json(int status, Object json) {
        return new Reply(status, "application/json", json.toString().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Text of this type. */
    public static Reply text(String contentType, String text) {
        return new Reply(200, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
