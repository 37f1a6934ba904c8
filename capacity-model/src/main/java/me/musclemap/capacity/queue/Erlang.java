package me.musclemap.capacity.queue;

/**
 * Erlang's formulas for {@code servers} equal servers and an offered load in busy servers.
 *
 * <p>Source: A. K. Erlang 1917; recursion {@code B(m) = a B(m-1) / (m + a B(m-1))}, which has only positive terms.
 */
public final class Erlang {
    private Erlang() {}

    /** Share of arrivals that find all servers busy and are turned away (Erlang B). */
    public static double blocking(int servers, double offered) {
        require(servers, offered);
        double blocking = 1;
        for (int m = 1; m <= servers && blocking > 0; m++) { // once too small for a number, it stays 0
            blocking = offered * blocking / (m + offered * blocking);
        }
        return blocking;
    }

    /**
     * Share of arrivals that have to wait (Erlang C).
     *
     * @throws IllegalArgumentException if {@code offered >= servers}: the queue grows without end
     */
    public static double waiting(int servers, double offered) {
        require(servers, offered);
        if (offered >= servers) {
            throw new IllegalArgumentException(
                    "offered=" + offered + ": must be below the " + servers + " servers, or the queue has no end");
        }
        double blocking = blocking(servers, offered);
        return blocking / (1 - offered / servers * (1 - blocking));
    }

    /**
     * The fewest servers that turn away at most {@code target} of the arrivals.
     *
     * @param target a share, above 0
     */
    public static int serversForBlocking(double offered, double target) {
        require(0, offered);
        if (!(target > 0)) {
            throw new IllegalArgumentException("target=" + target + ": give a share above 0");
        }
        double blocking = 1;
        int servers = 0;
        while (blocking > target) {
            servers = Math.incrementExact(servers);
            blocking = offered * blocking / (servers + offered * blocking);
        }
        return servers;
    }

    private static void require(int servers, double offered) {
        if (servers < 0) {
            throw new IllegalArgumentException("servers=" + servers + ": must not be negative");
        }
        if (!(offered >= 0) || Double.isInfinite(offered)) {
            throw new IllegalArgumentException("offered=" + offered + ": give busy servers, finite and not negative");
        }
    }
}
