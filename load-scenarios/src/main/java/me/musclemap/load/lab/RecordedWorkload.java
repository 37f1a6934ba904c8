package me.musclemap.load.lab;

import java.util.List;
import java.util.Map;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.workload.Workload;

/** A workload as a record keeps it. */
public final class RecordedWorkload {
    private RecordedWorkload() {}

    /** What it is, and the rates that follow from it. */
    public static RunRecord.WorkloadSummary summary(Workload workload) {
        return new RunRecord.WorkloadSummary(
                workload.name(),
                workload.sha256(),
                workload.requestsPerSecondPerUser(),
                workload.telemetryPerSecondPerUser(),
                1 / workload.sessionSeconds(),
                workload.sessionSeconds(),
                workload.socketShare(),
                workload.mixes().getOrDefault(Workload.OWN_MIX, Map.of()),
                workload.resolvedJson());
    }

    /** The families whose cost the model fits. */
    public static List<RunRecord.RequestClass> classes(Workload workload) {
        return workload.classes().stream()
                .map(fitClass ->
                        new RunRecord.RequestClass(fitClass.name(), fitClass.operations(), fitClass.headline()))
                .toList();
    }
}
