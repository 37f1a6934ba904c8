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
        return "user_" + hash("user");
    }

    /** The workout that users with an even number have in progress. */
    String workout() {
        return "session_" + hash("session");
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

    private String hash(String kind) {
        try {
            var text = seed + ":" + kind + ":" + number;
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
