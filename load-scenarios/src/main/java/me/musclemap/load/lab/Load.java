package me.musclemap.load.lab;

import java.util.Locale;
import me.musclemap.load.scenario.Stages;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * How much a scenario asks for, once everything it was told and its defaults are put together. Immutable.
 *
 * @param perSecond headline requests per second; 0 for a search that has no rate of its own
 * @param seconds how long it lasts
 * @param sessions users in session at its own rate
 * @param datasetUsers users that have to be there: as many as its highest rate needs, or as the person said
 * @param stretch every pause is this many times as long as the workload's own
 */
record Load(double perSecond, double seconds, long sessions, long datasetUsers, double stretch) {
    private static final long USUAL_USERS = 100_000;
    private static final long MILLION = 1_000_000;

    /** A target gets no more users than it is asked to. */
    static final long ACCOUNTS = 20;

    /** The load of a scenario; {@code datasetUsers} is null when the person left it open. */
    static Load of(Scenario scenario, Asked asked, Workload workload, @Nullable Long datasetUsers, boolean target) {
        double perUser = workload.ownMix().requestsPerSecondPerUser();
        double seconds = asked.seconds() == null ? usualSeconds(scenario) : asked.seconds();
        if (scenario == Scenario.million) {
            return million(asked, perUser, seconds, datasetUsers);
        }
        double rate;
        if (asked.perSecond() != null) {
            rate = asked.perSecond();
        } else if (asked.users() != null) {
            rate = asked.users() * perUser;
        } else if (target) {
            rate = ACCOUNTS * perUser;
        } else {
            rate = usualPerSecond(scenario);
        }
        double peak = rate * (scenario == Scenario.spike ? Stages.SPIKE_TIMES : 1);
        // Half a user more or less is rounded, journey by journey.
        long needed = (long) Math.ceil(peak / perUser - 1e-6);
        long there = datasetUsers != null ? datasetUsers : target ? needed : Math.max(USUAL_USERS, needed);
        if (needed > there) {
            throw tooFew(asked, peak, needed, perUser, there);
        }
        return new Load(rate, seconds, Math.round(rate / perUser), there, 1);
    }

    private static Load million(Asked asked, double perUser, double seconds, @Nullable Long datasetUsers) {
        long sessions = asked.users() == null ? MILLION : asked.users();
        double rate = asked.perSecond() == null ? usualPerSecond(Scenario.million) : asked.perSecond();
        double stretch = Math.max(1, sessions * perUser / rate);
        long there = datasetUsers != null ? datasetUsers : sessions;
        if (sessions > there) {
            throw tooFew(asked, rate, sessions, perUser, there);
        }
        // Rounding must not ask for one session more than there are users.
        return new Load((sessions - 0.25) * perUser / stretch, seconds, sessions, there, stretch);
    }

    private static LabException tooFew(Asked asked, double perSecond, long needed, double perUser, long there) {
        return LabException.wrongArguments(String.format(
                Locale.ROOT,
                "%s: at most %,.0f requests/s are %,d users in session at this workload's %.4f requests/s each; the data set has %,d: "
                        + "use --dataset-users %d or more, or ask for less",
                asked.users() != null ? "--users=" + asked.users() : "--rate",
                perSecond,
                needed,
                perUser,
                there,
                needed));
    }

    private static double usualPerSecond(Scenario scenario) {
        return switch (scenario) {
            case ramp -> 300;
            case soak, million -> 100;
            case knee -> 0;
            default -> 60;
        };
    }

    private static double usualSeconds(Scenario scenario) {
        return switch (scenario) {
            case ramp -> 120;
            case knee -> 180;
            case stress -> 96;
            case soak -> 600;
            default -> 60;
        };
    }
}
