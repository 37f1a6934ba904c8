package me.musclemap.load.workload;

import java.util.Set;

/**
 * One request that a user can send. Immutable.
 *
 * @param name without spaces or commas; GraphQL operations carry the real client's name
 * @param method GET or POST
 * @param path path and query string at the target; may hold placeholders
 * @param body the whole body sent, empty for GET; may hold placeholders like {@code ${email}}
 * @param expects statuses beyond 2xx that count as success
 * @param mayFail a GraphQL answer with errors counts as success
 */
public record Operation(
        String name,
        Kind kind,
        Token token,
        Via via,
        Effect effect,
        boolean needsWorkout,
        String method,
        String path,
        String body,
        Set<Integer> expects,
        boolean mayFail) {
    /** What sort of request it is; telemetry posts are left out of the headline rate. */
    public enum Kind {
        /** POST /api/graphql. */
        GRAPHQL,
        /** Any other request of the application. */
        REST,
        /** A post the client sends about itself. */
        TELEMETRY
    }

    /** Whether the user's token goes with it. */
    public enum Token {
        /** Always. */
        REQUIRED,
        /** When the user has one. */
        OPTIONAL,
        /** Never. */
        NONE
    }

    /** Which of the target's addresses it goes to. */
    public enum Via {
        /** The API. */
        API,
        /** The web-vitals collector; the API where the target has none. */
        RUM
    }

    /** What a success changes for the user who sent it. */
    public enum Effect {
        /** Nothing. */
        NONE,
        /** The answer's token is the user's from now on. */
        KEEPS_TOKEN,
        /** The answer's session is the workout in progress. */
        KEEPS_WORKOUT,
        /** The workout in progress is over. */
        ENDS_WORKOUT,
        /** The user has a new account. */
        BEGINS_ACCOUNT
    }

    public Operation {
        expects = Set.copyOf(expects);
    }

    /** Whether a user who means well never sends it: to be refused is what should happen to it. */
    public boolean abusive() {
        return mayFail || !expects.isEmpty();
    }

    /** Whether it guesses a password: to be told that the guess is wrong is to have had it tried. */
    public boolean guesses() {
        return body.contains("${wrongPassword}");
    }

    /** Whether the headline rate counts it. */
    public boolean headline() {
        return kind != Kind.TELEMETRY;
    }
}
