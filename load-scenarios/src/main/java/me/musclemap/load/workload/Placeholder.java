package me.musclemap.load.workload;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A value that is put into a request when it is sent, written {@code ${email}} in the file. */
public enum Placeholder {
    /** The user's e-mail. */
    EMAIL("email"),
    /** The user's password. */
    PASSWORD("password"),
    /** The user's name. */
    USERNAME("username"),
    /** The id of the workout in progress. */
    WORKOUT("workout"),
    /** An id for the workout that is about to start. */
    NEW_WORKOUT("newWorkout"),
    /** One of the 218 exercises. */
    EXERCISE("exercise"),
    /** The number of the set in its workout, from 1. */
    SET_NUMBER("setNumber"),
    /** Repetitions of a set. */
    REPS("reps"),
    /** Weight of a set in kilograms. */
    WEIGHT_KG("weightKg"),
    /** Rated exertion, 6 to 10 in halves. */
    RPE("rpe"),
    /** A random UUID. */
    UUID("uuid"),
    /** A latitude in degrees. */
    LATITUDE("latitude"),
    /** A longitude in degrees. */
    LONGITUDE("longitude"),
    /** Twelve random digits. */
    DIGITS("digits"),
    /** The path of the page on the screen. */
    PAGE("page"),
    /** Now, in milliseconds since 1970. */
    EPOCH_MILLIS("epochMillis"),
    /** Now, as ISO 8601 text. */
    ISO_TIME("isoTime"),
    /** The id of the browser session. */
    CLIENT_SESSION("clientSession"),
    /** The name of a web vital. */
    VITAL_NAME("vitalName"),
    /** A value of that vital. */
    VITAL_VALUE("vitalValue"),
    /** The rating that goes with that value. */
    VITAL_RATING("vitalRating"),
    /** The id of the user's conversation in the data set. */
    CONVERSATION("conversation"),
    /** The id of the other user in that conversation. */
    PEER("peer"),
    /** A short message to another user. */
    MESSAGE("message"),
    /** A coarse place, as presence is told it. */
    GEO_BUCKET("geoBucket"),
    /** A password that is not the user's. */
    WRONG_PASSWORD("wrongPassword"),
    /** 11 MB of letters: more than the plan lets a request be. */
    BULK("bulk");

    private final String written;

    Placeholder(String written) {
        this.written = written;
    }

    /** The name between the braces. */
    public String written() {
        return written;
    }

    static Optional<Placeholder> of(String written) {
        return Arrays.stream(values()).filter(p -> p.written.equals(written)).findFirst();
    }

    /** Whether it names what only the data set of ours has. */
    public boolean needsSeededData() {
        return this == CONVERSATION || this == PEER;
    }

    static List<String> known() {
        return Arrays.stream(values()).map(Placeholder::written).toList();
    }
}
