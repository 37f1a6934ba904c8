package me.musclemap.load.drive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * User number {@code number} of the data set made from {@code seed}: ids are pure functions of both, so that no list has to be passed on.
 */
record SeededUser(long seed, int number) {
    String id() {
        return "user_" + hash("user", number);
    }

    /** The workout that users with an even number have in progress. */
    String workout() {
        return "session_" + hash("session", number);
    }

    /** The conversation with the user next to this one: every two share one. */
    String conversation() {
        return "conv_" + hash("conversation", number / 2);
    }

    /** The other user of that conversation. */
    SeededUser peer() {
        return new SeededUser(seed, number ^ 1);
    }

    String email() {
        return "user" + number + "@headroom.example";
    }

    String password() {
        return "headroom-" + number % 64;
    }

    /** An address of its own in 10.0.0.0/8, for {@code X-Forwarded-For}. */
    String address() {
        return "10." + ((number >> 16) & 255) + "." + ((number >> 8) & 255) + "." + (number & 255);
    }

    private String hash(String kind, int of) {
        try {
            var text = seed + ":" + kind + ":" + of;
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
