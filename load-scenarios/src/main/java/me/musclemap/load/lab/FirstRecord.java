package me.musclemap.load.lab;

import java.util.List;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;

/** The record of a run that has not driven anything yet: partial, and not valid until the run comes to its end. */
final class FirstRecord {
    private FirstRecord() {}

    static RunRecord of(RunSetup setup, Cores cores) {
        var options = setup.options();
        var profile = options.profile();
        var target = options.target();
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                setup.id(),
                RunRecord.Status.partial,
                setup.scenario().name(),
                options.seed(),
                1,
                System.currentTimeMillis(),
                null,
                Version.of(setup.config().home()),
                target == null ? profile.name() : "target",
                target == null
                        ? options.stack(List.of())
                        : new RunRecord.Stack("target", "what answers at " + target, List.of()),
                HostFacts.read(),
                target == null ? Stack.jvms(setup.programs().javaVersion()) : List.of(),
                new RunRecord.CoreUse(cores.systemUnderTest(), cores.generator(), cores.shared(), List.of()),
                RecordedWorkload.summary(setup.workload()),
                new RunRecord.Dataset(options.users(), options.workouts(), null, "unknown"),
                RecordedWorkload.classes(setup.workload()),
                List.of(new RunRecord.Resource(
                        "cpu", cores.systemUnderTest().size(), profile.stations(cores.shared()))),
                List.of(),
                null,
                null,
                List.of(),
                0,
                List.of(),
                unfinished("the run has not come to its end"));
    }

    private static Validity unfinished(String why) {
        var check = new Validity.Check("complete", Validity.Finding.notValid, null, null, null, why);
        return new Validity(Validity.Outcome.notValid, List.of(check));
    }
}
