package me.musclemap.api.dataset;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SplittableRandom;
import me.musclemap.api.Problem;

/**
 * What a data set is made from. Two data sets of equal values hold the same rows.
 *
 * @param users how many accounts; at least 2, because conversations need two
 * @param workouts how many finished workouts, spread unevenly over the users
 * @param seed of every random choice
 */
public record DataSet(int users, int workouts, long seed) {
    /** The moment the seeded data was "taken" at. A copy that begins to live counts its time on from here. */
    public static final Instant ANCHOR = Instant.parse("2026-01-15T18:00:00Z");

    /** Raised whenever the same seed and sizes give other rows. */
    public static final int GENERATOR_VERSION = 2;

    static final int EXERCISES = 218;
    static final int PASSWORDS = 64;

    private static final int USERS_MAX = 5_000_000;
    private static final int WORKOUTS_MAX = 20_000_000;

    public DataSet {
        if (users < 2 || users > USERS_MAX) {
            throw Problem.usage("--users=" + users + ": give a number from 2 to " + USERS_MAX);
        }
        if (workouts < 0 || workouts > WORKOUTS_MAX) {
            throw Problem.usage("--workouts=" + workouts + ": give a number from 0 to " + WORKOUTS_MAX);
        }
    }

    /** The id of user {@code i}, counted from 0. */
    public String userId(int i) {
        return "user_" + hash24("user:" + i);
    }

    /** The id of the session that user {@code i} has in progress; only users with an even number have one. */
    public String sessionId(int i) {
        return "session_" + hash24("session:" + i);
    }

    /** The password of user {@code i}. */
    public static String password(int i) {
        return "headroom-" + i % PASSWORDS;
    }

    /** The e-mail address of user {@code i}. */
    public static String email(int i) {
        return "user" + i + "@headroom.example";
    }

    /** How many exercises the catalogue holds. */
    public int exercises() {
        return EXERCISES;
    }

    static String exerciseId(int i) {
        return "ex-%03d".formatted(i + 1);
    }

    String hash24(String what) {
        return HexFormat.of().formatHex(sha256(seed + ":" + what), 0, 12);
    }

    /** A source of random numbers of its own for each table, so that one table's size does not change another's rows. */
    SplittableRandom random(String table) {
        byte[] hash = sha256(seed + ":random:" + table);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (hash[i] & 0xff);
        }
        return new SplittableRandom(value);
    }

    byte[] salt(int password) {
        return java.util.Arrays.copyOf(sha256(seed + ":salt:" + password), 16);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
