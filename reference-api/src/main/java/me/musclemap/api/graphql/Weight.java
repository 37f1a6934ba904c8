package me.musclemap.api.graphql;

/**
 * How heavy a document, or a part of one, is.
 *
 * @param cost 1 a scalar, 2 an object and what is selected of it, times the length of a list
 * @param depth 0 for a root field without a selection
 * @param aliases how often a field is asked for under another name
 */
record Weight(long cost, int depth, long aliases) {
    static final Weight NONE = new Weight(0, -1, 0);

    private static final long ENOUGH = 1_000_000_000;

    /** Beside one another. Fragments that double each other stop at a billion. */
    Weight plus(Weight other) {
        return new Weight(
                Math.min(ENOUGH, cost + other.cost),
                Math.max(depth, other.depth),
                Math.min(ENOUGH, aliases + other.aliases));
    }

    /** One level further down, {@code times} over, beside {@code own}. */
    Weight under(long own, long times, boolean aliased) {
        return new Weight(
                Math.min(ENOUGH, (own + cost) * times), depth + 1, Math.min(ENOUGH, aliases + (aliased ? 1 : 0)));
    }

    Weight or(Weight other) {
        return new Weight(Math.max(cost, other.cost), Math.max(depth, other.depth), Math.max(aliases, other.aliases));
    }
}
