package me.musclemap.api.graphql;

import me.musclemap.api.cache.RedisRound;

/** Lets operations in, once it is known how many a request holds. */
@FunctionalInterface
public interface Admission {
    /**
     * Counts them against the caller's limits.
     *
     * @param mutations how many of the operations change something
     * @param round in which Redis is asked
     * @throws me.musclemap.api.errors.ApiError when there are too many; nothing of the request is done then
     */
    void admit(int operations, int mutations, RedisRound round);
}
