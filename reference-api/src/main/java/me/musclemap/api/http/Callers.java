package me.musclemap.api.http;

import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.accounts.Viewer;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.limits.Caller;
import me.musclemap.api.limits.ClientAddress;
import me.musclemap.api.limits.RateLimits;
import org.jspecify.annotations.Nullable;

/** Who sends a request, and how many more he may send. Safe for use by many threads. */
record Callers(AccessTokens tokens, RateLimits limits, RedisStore redis) {
    private static final String BEARER = "Bearer ";

    /** Who it is, by the headers of the request and the address of the other end. */
    Caller of(@Nullable String authorization, String peer, @Nullable String forwardedFor) {
        Viewer viewer = authorization != null && authorization.startsWith(BEARER)
                ? tokens.viewer(authorization.substring(BEARER.length()))
                : Viewer.ANONYMOUS;
        return new Caller(viewer, ClientAddress.of(peer, forwardedFor));
    }

    RedisRound round() {
        return redis.round();
    }

    /** Counts what the caller asks for. */
    RateLimits.Standing admit(Caller caller, int requests, int mutations, RedisRound round) {
        return limits.requests(caller, requests, mutations, round);
    }
}
