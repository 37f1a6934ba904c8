package me.musclemap.capacity.measure;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the hypervisor takes from a rented machine all the time. A window of the lab that it spoils is driven again; in
 * production every window has it, and the cores that the service can use are that much fewer.
 */
final class UsualSteal {
    private UsualSteal() {}

    /** An imported record with the cores that are usually left; any other record as it is. */
    static RunRecord leftOut(RunRecord run) {
        if (run.usualSteal().isEmpty()) {
            return run;
        }
        double steal = median(run.windows());
        double left = 1 - steal;
        return new RunRecord(
                run.id(),
                run.sha256(),
                run.status(),
                run.seed(),
                run.restarts(),
                run.stack(),
                run.sharedCores(),
                OptionalDouble.of(steal),
                run.cpuModel(),
                run.memoryBytes(),
                run.secondCore(),
                run.workload(),
                run.classes(),
                run.resources().stream()
                        .map(r -> new RunRecord.CoreResource(r.name(), r.cores() * left, r.stations()))
                        .toList(),
                run.pools(),
                run.maxHeapBytes(),
                run.probe(),
                run.prediction(),
                run.windows().stream().map(w -> w.onCores(w.cores() * left)).toList(),
                run.periodic(),
                run.validity(),
                run.operationTimes());
    }

    private static double median(List<Window> windows) {
        double[] steal = windows.stream()
                .filter(w -> w.role().equals("fit"))
                .mapToDouble(Window::stealRatio)
                .sorted()
                .toArray();
        if (steal.length == 0) {
            return 0;
        }
        int middle = steal.length / 2;
        double median = steal.length % 2 == 1 ? steal[middle] : (steal[middle - 1] + steal[middle]) / 2;
        if (!(median < 1)) {
            throw new MalformedInputException("run.json: stealRatio is " + Arrays.toString(steal)
                    + ", expected less than all of the cores: import the record again");
        }
        return median;
    }
}
