package me.musclemap.capacity.measure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One load run as its record tells it; consistent, because {@link RunRecordReader} checked it. Immutable.
 *
 * @param usualSteal of a record that was imported from production, the share of the cores that the hypervisor took in the
 *     median window with requests: all core counts already leave it out; empty for a record of the lab
 * @param secondCore what work costs beside a busy core; empty where it was not measured
 * @param periodic work that comes at intervals, each time that it was measured by itself
 * @param operationTimes window to operation to how long its requests took; windows that the latency log does not reach are
 *     left out
 */
public record RunRecord(
        String id,
        String sha256,
        String status,
        long seed,
        int restarts,
        Stack stack,
        boolean sharedCores,
        OptionalDouble usualSteal,
        String cpuModel,
        double memoryBytes,
        Optional<CoreRatio> secondCore,
        Workload workload,
        List<RequestClass> classes,
        List<CoreResource> resources,
        Map<String, Integer> pools,
        double maxHeapBytes,
        Optional<Probe> probe,
        Optional<SealedPrediction> prediction,
        List<Window> windows,
        List<PeriodicRun> periodic,
        Validity validity,
        Map<Integer, Map<String, ServiceTimes>> operationTimes) {
    public RunRecord {
        operationTimes = Map.copyOf(operationTimes);
        classes = List.copyOf(classes);
        resources = List.copyOf(resources);
        pools = Map.copyOf(pools);
        windows = List.copyOf(windows);
        periodic = List.copyOf(periodic);
    }

    /** A run in which no periodic work was measured. */
    public RunRecord(
            String id,
            String sha256,
            String status,
            long seed,
            int restarts,
            Stack stack,
            boolean sharedCores,
            OptionalDouble usualSteal,
            String cpuModel,
            double memoryBytes,
            Optional<CoreRatio> secondCore,
            Workload workload,
            List<RequestClass> classes,
            List<CoreResource> resources,
            Map<String, Integer> pools,
            double maxHeapBytes,
            Optional<Probe> probe,
            Optional<SealedPrediction> prediction,
            List<Window> windows,
            Validity validity,
            Map<Integer, Map<String, ServiceTimes>> operationTimes) {
        this(
                id,
                sha256,
                status,
                seed,
                restarts,
                stack,
                sharedCores,
                usualSteal,
                cpuModel,
                memoryBytes,
                secondCore,
                workload,
                classes,
                resources,
                pools,
                maxHeapBytes,
                probe,
                prediction,
                windows,
                List.of(),
                validity,
                operationTimes);
    }

    /** Which stack the figures are of, and what it leaves out. */
    public record Stack(String name, String scope) {}

    /**
     * What one user in session does.
     *
     * @param mix share of each headline class; a telemetry class as a ratio to the headline rate
     */
    public record Workload(
            String name,
            double requestsPerSecondPerUser,
            double telemetryPerSecondPerUser,
            double sessionSeconds,
            double socketShare,
            Map<String, Double> mix) {
        public Workload {
            mix = Map.copyOf(mix);
        }
    }

    /**
     * A family of operations whose cost is fitted as one.
     *
     * @param headline false for telemetry posts, which the headline rate leaves out
     */
    public record RequestClass(String name, List<String> operations, boolean headline) {
        public RequestClass {
            operations = List.copyOf(operations);
        }
    }

    /** Stations that share cores. */
    public record CoreResource(String name, double cores, List<String> stations) {
        public CoreResource {
            stations = List.copyOf(stations);
        }
    }

    /**
     * Roughly where the knee is.
     *
     * @param reached false when the probe could not go far enough: the knee then lies at or above the rate
     */
    public record Probe(double kneePerSecond, boolean reached) {}

    /** The prediction that the held-out windows answer. */
    public record SealedPrediction(String file, String sha256) {}

    /**
     * CPU time of a piece of work while the other core works too, over that while it is idle.
     *
     * @param low the 5th percentile of what a service's own work may cost
     * @param high the 95th
     */
    public record CoreRatio(double ratio, double low, double high) {
        private static final double TAIL = 0.05;

        /** The ratio of which this share is below; never below 1, because no core is quicker for having a neighbour. */
        public double quantile(double share) {
            double aside = (share - 0.5) / (0.5 - TAIL);
            return Math.max(1, share < 0.5 ? ratio + aside * (ratio - low) : ratio + aside * (high - ratio));
        }
    }

    /** What the recorder says of the run as a whole. */
    public record Validity(String verdict, List<String> reasons) {
        public Validity {
            reasons = List.copyOf(reasons);
        }
    }

    /** The one resource that the stations share. */
    public CoreResource cpu() {
        return resources.get(0);
    }

    /** The windows on the run's own cores: others only say whether the model holds on more of them. */
    public List<Window> windowsOnItsCores() {
        return windows.stream().filter(w -> w.cores() == cpu().cores()).toList();
    }
}
