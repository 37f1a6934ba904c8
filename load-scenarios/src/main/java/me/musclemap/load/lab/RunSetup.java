package me.musclemap.load.lab;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import me.musclemap.load.record.RunId;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.RunRecords;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is settled before a measuring run starts anything. Immutable.
 *
 * @param options with the data set in its final size
 * @param directory where the record goes
 * @param resumed whether an interrupted run goes on
 */
record RunSetup(
        LabConfig config,
        Programs programs,
        Options options,
        Scenario scenario,
        Asked asked,
        Load load,
        Workload workload,
        Path workloadFile,
        String id,
        Path directory,
        boolean resumed) {
    /**
     * A new run; what cannot be done is refused.
     *
     * @param datasetUsers how many users the person wants in the data set, or null: as many as the scenario needs
     */
    static RunSetup of(
            LabConfig config,
            Programs programs,
            Options options,
            Scenario scenario,
            Asked asked,
            @Nullable Long datasetUsers) {
        var file = options.workloadFile(config.home());
        var workload = Workload.load(file);
        boolean target = options.target() != null;
        if (target && workload.needsSeededData()) {
            throw LabException.wrongArguments("--workload=" + workload.name()
                    + ": it needs conversations that only a data set of ours has; choose another for --target");
        }
        if (scenario == Scenario.calibrate && !target) {
            requireUsersToCalibrate(workload, options.users());
        } else if (scenario == Scenario.smoke && !target) {
            Smoke.requireUsers(workload, options.users());
        }
        var load = scenario.hasObjective()
                ? Load.of(scenario, asked, workload, datasetUsers, target)
                : new Load(0, 0, 0, target ? accountsForSmoke(asked) : options.users(), 1);
        var accounts = asked.accounts();
        if (target && accounts != null) {
            RunAccounts.requireEnough(accounts, load.datasetUsers());
        }
        var id = RunId.next(Instant.now(), new SplittableRandom());
        return new RunSetup(
                config,
                programs,
                options.sized(load.datasetUsers(), options.workouts()),
                scenario,
                asked,
                load,
                workload,
                file,
                id,
                config.runs().resolve(id),
                false);
    }

    /** The interrupted full calibration in this directory, which goes on where it stopped if nothing changed meanwhile. */
    static RunSetup resume(LabConfig config, Programs programs, Path directory) {
        var before = RunRecords.read(directory);
        if (before.status() == RunRecord.Status.complete) {
            throw LabException.wrongArguments(directory + ": this run came to its end: there is nothing to resume");
        }
        var campaign = Campaign.asked(directory);
        var options = new Options(
                campaign.workload(),
                before.dataset().users(),
                before.dataset().workouts(),
                before.seed(),
                campaign.full(),
                campaign.quick(),
                true,
                before.cores().shared(),
                Profile.of(before.profile()),
                CostProfile.ofStack(before.stack().name()),
                null,
                false);
        var file = options.workloadFile(config.home());
        var setup = new RunSetup(
                config,
                programs,
                options,
                Scenario.calibrate,
                Asked.nothing(),
                new Load(0, 0, 0, options.users(), 1),
                Workload.load(file),
                file,
                before.id(),
                directory,
                true);
        setup.requireSame("host", before.host().fingerprint(), HostFacts.read().fingerprint());
        setup.requireSame(
                "commit", before.headroom().commit(), Version.of(config.home()).commit());
        setup.requireSame("workload", before.workload().sha256(), setup.workload.sha256());
        return setup;
    }

    private void requireSame(String what, String before, String now) {
        if (!before.equals(now)) {
            throw LabException.wrongArguments(directory + ": its " + what + " is " + before + ", now it is " + now
                    + ": restarts of one run are of one system; start the calibration anew");
        }
    }

    private static long accountsForSmoke(Asked asked) {
        var users = asked.users();
        return users == null ? Load.ACCOUNTS : users;
    }

    /** A calibration that cannot even warm up says so before it starts anything. */
    private static void requireUsersToCalibrate(Workload workload, long users) {
        double most = workload.mostPerSecondOfEveryMix(users);
        if (most < Calibration.FIRST_PER_SECOND) {
            throw LabException.wrongArguments(String.format(
                    Locale.ROOT,
                    "--users=%d: every mix of this workload can be driven at up to %.1f requests/s with them, and a calibration begins at"
                            + " %.0f: use --users %d or more",
                    users,
                    most,
                    Calibration.FIRST_PER_SECOND,
                    workload.usersOfEveryMixAt(Calibration.FIRST_PER_SECOND)));
        }
    }

    Pace pace() {
        return options.quick() ? Pace.QUICK : Pace.DEMO;
    }

    Path logs() {
        return directory.resolve("logs");
    }

    /** Who the users at a target are: the accounts that were given, or those that are created for the run. */
    Path accountsFile() {
        var given = asked.accounts();
        return given == null ? directory.resolve("accounts.csv") : given;
    }

    /** Where a failover's generator notes what the server acknowledged. */
    Path writesFile() {
        return logs().resolve("acknowledged-sets.txt");
    }

    double ratePerUser(String mixName) {
        return workload.mix(mixName).orElseThrow().requestsPerSecondPerUser();
    }
}
