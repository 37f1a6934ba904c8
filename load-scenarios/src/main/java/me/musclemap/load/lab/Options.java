package me.musclemap.load.lab;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import me.musclemap.load.record.RunRecord;
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
 * @param costs what its operations cost
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
        CostProfile costs,
        @Nullable URI target,
        boolean ownsTarget) {
    public Options {
        if (target != null && costs != CostProfile.reference) {
            throw LabException.wrongArguments(
                    "--cost-profile=" + costs + ": a target costs what it costs; leave --cost-profile or --target out");
        }
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
                costs,
                target,
                ownsTarget);
    }

    /** What every figure of such a run stands beside. */
    RunRecord.Stack stack(List<RunRecord.Component> components) {
        return new RunRecord.Stack(costs.named(profile.stack()), costs.told(profile.scope()), components);
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
