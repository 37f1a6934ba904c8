package me.musclemap.rum.bench;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bodies from patterns. */
final class Formats {
    private static final Map<String, byte[]> PATTERNS = new ConcurrentHashMap<>();

    private Formats() {}

    /** The pattern with each run of {@code #} filled with the number, with leading zeros. */
    static byte[] numbered(String pattern, long number) {
        byte[] body = PATTERNS.computeIfAbsent(pattern, p -> p.getBytes(StandardCharsets.UTF_8))
                .clone();
        long rest = number;
        for (int i = body.length - 1; i >= 0; i--) {
            if (body[i] == '#') {
                body[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            } else {
                rest = number;
            }
        }
        return body;
    }
}
