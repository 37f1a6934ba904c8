package me.musclemap.load.lab;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a person asked a run to be. Immutable.
 *
 * @param workload a file, or the name of one of ours
 * @param users users in the data set
 * @param workouts workouts in the data set
 * @param full a calibration of several restarts
 * @param quick short windows, for a smoke of the whole line; the result is indicative at best
 * @param measuring false for a stack that only runs, as {@code up} does
 * @param shareCores run without a core of the generator's own; the result is indicative
 * @param target a deployment that is already running, or null for the embedded stack
 * @param profile which system under test is started; a target is none of them
 * @param ownsTarget the person says that a target elsewhere is theirs to load
 */
public record Options(
        String workload,
        long users,
        long workouts,
        long seed,
        boolean full,
        boolean quick,
        boolean measuring,
        boolean shareCores,
        Profile profile,
        @Nullable URI target,
        boolean ownsTarget) {
    public Options {
        atLeast("--users", users, 1);
        atLeast("--workouts", workouts, 0);
    }

    /** The same with a data set of another size. */
    Options sized(long otherUsers, long otherWorkouts) {
        return new Options(
                workload,
                otherUsers,
                otherWorkouts,
                seed,
                full,
                quick,
                measuring,
                shareCores,
                profile,
                target,
                ownsTarget);
    }

    /** The file of the workload. */
    Path workloadFile(Path home) {
        return workloadFile(workload, home);
    }

    /** The file of a workload that is named by its path, or by the name of one of ours. */
    public static Path workloadFile(String workload, Path home) {
        return workload.contains("/") || workload.endsWith(".yaml")
                ? Path.of(workload)
                : home.resolve("load-scenarios/workloads").resolve(workload + ".yaml");
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw LabException.wrongArguments(option + "=" + value + ": use " + least + " or more");
        }
    }
}
