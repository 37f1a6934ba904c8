package me.musclemap.api.graphql;

/** Lets operations in, once it is known how many a request holds. */
@FunctionalInterface
public interface Admission {
    /**
     * Counts them against the caller's limits.
     *
     * @param mutations how many of the operations change something
     * @throws me.musclemap.api.errors.ApiError when there are too many; nothing of the request is done then
     */
    void admit(int operations, int mutations);
}
