package me.musclemap.capacity.cache;

/**
 * Three caches in a row in front of a database; each hit ratio is of the requests that reach that tier. Writes pass them
 * all.
 *
 * @param first share of cacheable requests that the first tier answers, 0 to 1
 * @param second share of the first tier's misses that the second answers, 0 to 1
 * @param third share of the second tier's misses that the third answers, 0 to 1
 * @param writeShare share of all requests that no cache can answer, 0 to 1
 */
public record CacheTiers(double first, double second, double third, double writeShare) {
    /**
     * Checks the shares.
     *
     * @throws IllegalArgumentException if one is not between 0 and 1
     */
    public CacheTiers {
        for (double share : new double[] {first, second, third, writeShare}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("share=" + share + ": give a number from 0 to 1");
            }
        }
    }

    /** Share of all requests that pass the first tier. */
    public double beyondFirst() {
        return writeShare + (1 - writeShare) * (1 - first);
    }

    /** Share of all requests that pass the second tier. */
    public double beyondSecond() {
        return writeShare + (1 - writeShare) * (1 - first) * (1 - second);
    }

    /** Share of all requests that reach the database. */
    public double beyondThird() {
        return writeShare + (1 - writeShare) * (1 - first) * (1 - second) * (1 - third);
    }

    /** The second tier's hit ratio at which {@code databaseShare} reaches the database; 0 if any does, above 1 if none. */
    public double secondNeededFor(double databaseShare) {
        return needed(databaseShare, (1 - writeShare) * (1 - first) * (1 - third));
    }

    /** The third tier's hit ratio at which {@code databaseShare} reaches the database; 0 if any does, above 1 if none. */
    public double thirdNeededFor(double databaseShare) {
        return needed(databaseShare, (1 - writeShare) * (1 - first) * (1 - second));
    }

    private double needed(double databaseShare, double arriving) {
        double allowed = databaseShare - writeShare;
        return arriving <= allowed ? 0 : 1 - allowed / arriving;
    }
}
