package me.musclemap.load.lab;

import java.util.List;
import java.util.Map;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Validity;
import me.musclemap.load.workload.Workload;

/** The start of a record, for tests that add windows to it. */
final class TestRecords {
    private TestRecords() {}

    static RunRecord first(Workload workload) {
        return new RunRecord(
                RunRecord.SCHEMA_VERSION,
                "20261122-120000-0000",
                RunRecord.Status.partial,
                "calibrate",
                7,
                1,
                0,
                null,
                new RunRecord.Headroom("test", "test"),
                "embedded",
                new RunRecord.Stack("test", "test", List.of()),
                new RunRecord.Host("test", "test", 2, 1, "test"),
                List.of(),
                new RunRecord.CoreUse(List.of(0), List.of(1), false, List.of()),
                new RunRecord.WorkloadSummary(workload.name(), "x", 0.02, 0.02, 0.0005, 2000, 0.1, Map.of(), null),
                new RunRecord.Dataset(100_000, 200_000, 218L, "x"),
                RecordedWorkload.classes(workload),
                List.of(),
                List.of(),
                null,
                null,
                List.of(),
                0,
                List.of(),
                new Validity(Validity.Outcome.notValid, List.of()));
    }
}
