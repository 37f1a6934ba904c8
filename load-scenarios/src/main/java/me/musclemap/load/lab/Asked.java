package me.musclemap.load.lab;

import java.nio.file.Path;
import me.musclemap.load.scenario.Slo;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked a scenario to be, beyond what every run is told. Immutable.
 *
 * @param users users in session, or null: as many as the rate needs
 * @param perSecond headline requests per second, or null: as many as the users make
 * @param seconds how long the scenario lasts without its warm-up, or null for its own length
 * @param kill which component falls in a failover
 * @param outageSeconds how long it stays down before it is started again
 * @param accounts accounts at a target, or null: they are created
 * @param varyClientAddress whether each user shows the target an address of its own, although its limiter may count by address
 * @param view whether a page shows the run while it goes on
 */
public record Asked(
        @Nullable Long users,
        @Nullable Double perSecond,
        @Nullable Double seconds,
        Slo slo,
        String kill,
        double outageSeconds,
        @Nullable Path accounts,
        boolean varyClientAddress,
        boolean view) {
    /** What holds unless something else is asked for. */
    public static final String DEFAULT_SLO = "p99<1s,errors<1%";

    public Asked {
        if (users != null && perSecond != null) {
            throw LabException.wrongArguments(
                    "--users and --rate: give one of them, the other follows from the workload");
        }
        if (users != null && users < 1) {
            throw LabException.wrongArguments("--users=" + users + ": use 1 or more");
        }
        if (perSecond != null && (!(perSecond > 0) || !Double.isFinite(perSecond))) {
            throw LabException.wrongArguments("--rate=" + perSecond + ": use requests per second above 0");
        }
        if (seconds != null && (!(seconds >= 4) || !Double.isFinite(seconds))) {
            throw LabException.wrongArguments("--duration: use 4 s or more, for example 90s, 10m or 2h");
        }
        if (!(outageSeconds >= 0)) {
            throw LabException.wrongArguments("--outage: use 0 s or more");
        }
    }

    /** Nothing but the defaults. */
    static Asked nothing() {
        return new Asked(null, null, null, Slo.parse(DEFAULT_SLO), "postgres", 5, null, false, false);
    }
}
