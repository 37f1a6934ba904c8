package me.musclemap.load.schedule;

import me.musclemap.load.workload.Step;
import org.jspecify.annotations.Nullable;

/**
 * One simulated user who is in session: where on the journey, until when the pause lasts, and what the server has given.
 *
 * <p>Times are those of {@link System#nanoTime()}. Only one thread touches a resident at a time. What the session knows from the server
 * (token, workout) lies open to the thread that drives it.
 */
public final class Resident {
    final Route route;
    final int ordinal;
    final long identity;
    int user;

    int segment;
    int step;
    int iterationsLeft;
    int session;
    int steps;
    long choices;
    long stayStart;
    long stayEnd;
    long lastPoll;
    long queuedDue;
    boolean queued;
    boolean awake;
    boolean waiting;
    long sleptAt;
    int unanswered;
    boolean failed;

    /** The access token; null before the login. */
    public @Nullable String token;

    /** When the token ends, in milliseconds since 1970. */
    public long tokenEndsEpochMillis;

    /** Whether the token was minted here and not given by the server. */
    public boolean mintedToken;

    /** The refresh cookie, as {@code name=value}; null without one. */
    public @Nullable String refreshCookie;

    /** The id of the workout in progress; null without one. */
    public @Nullable String workout;

    /** How many sets of it were logged. */
    public int setsLogged;

    /** Whether it was begun here and no set of it has been acknowledged: such a workout cannot be completed. */
    public boolean emptyWorkout;

    /** The number of the session in which the user signed up; -1 for a user of the data set. */
    public int signedUpInSession = -1;

    Resident(Route route, int ordinal, long identity) {
        this.route = route;
        this.ordinal = ordinal;
        this.identity = identity;
        this.choices = identity;
    }

    /** From now on, until the session ends, this is a user with a new account. */
    public void beginAccount() {
        signedUpInSession = session;
    }

    /** The number of the user of the data set, from 0. */
    public int user() {
        return user;
    }

    /** How many sessions this resident began since the start; 0 for the one it stood in. */
    public int session() {
        return session;
    }

    /** What tells this resident's payloads apart, together with the moment of the session. */
    public long payloadStart(int lane) {
        return Draws.start(identity + 0x51ed2701L, ((long) steps << 16) + lane);
    }

    /** Where in 0 to 1 this resident stands when all are spread evenly, always the same: what a share is cut from. */
    public double place() {
        return (Draws.start(identity, 0x7e910) >>> 11) * 0x1.0p-53;
    }

    /** The journey. */
    public Route route() {
        return route;
    }

    /** The page on the screen. */
    public String path() {
        return at().path();
    }

    Step at() {
        return route.step(segment, step);
    }
}
