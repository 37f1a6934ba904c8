package me.musclemap.load.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one load run was, window by window: run.json. Immutable. Names carry units; times are epoch milliseconds; shares
 * and ratios are 0 to 1. {@code contract/run.schema.json} says the same for readers that are not Java.
 *
 * @param endedEpochMillis null while the run goes on
 * @param windowCount how many windows were written, so that a reader sees a removed one
 * @param probe null before the probe, and in scenarios without one
 * @param prediction null before the prediction is sealed, and in scenarios without one
 * @param periodic work that comes at intervals, each time that it was measured by itself; null where none was, as in records
 *     of before it was
 */
public record RunRecord(
        int schemaVersion,
        String id,
        Status status,
        String scenario,
        long seed,
        int restarts,
        long startedEpochMillis,
        @Nullable Long endedEpochMillis,
        Headroom headroom,
        String profile,
        Stack stack,
        Host host,
        List<Jvm> jvms,
        CoreUse cores,
        WorkloadSummary workload,
        Dataset dataset,
        List<RequestClass> classes,
        List<Resource> resources,
        List<Pool> pools,
        @Nullable Probe probe,
        @Nullable Prediction prediction,
        List<Window> windows,
        int windowCount,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<PeriodicWork> periodic,

        List<RecordedFile> files,
        Validity validity) {
    /** The version of the contract that this program writes and reads. */
    public static final int SCHEMA_VERSION = 1;

    private static final Pattern ID = Pattern.compile("[0-9]{8}-[0-9]{6}-[0-9a-f]{4}");

    public RunRecord {
        if (schemaVersion != SCHEMA_VERSION) {
            throw new IllegalArgumentException("schemaVersion=" + schemaVersion + ": this Headroom reads version "
                    + SCHEMA_VERSION + "; use the one that wrote the record");
        }
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("id=" + id + ": a run id looks like 20261122-140210-7f3a");
        }
        jvms = List.copyOf(jvms);
        classes = List.copyOf(classes);
        resources = List.copyOf(resources);
        pools = List.copyOf(pools);
        windows = List.copyOf(windows);
        periodic = periodic == null ? null : List.copyOf(periodic);
        files = List.copyOf(files);
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("classes=[]: a record names the classes of its requests");
        }
        if (windows.size() != windowCount) {
            throw new IllegalArgumentException("windowCount=" + windowCount + " but " + windows.size()
                    + " windows are there: the record was changed after it was written");
        }
        var seen = new HashSet<Integer>();
        for (var window : windows) {
            if (!seen.add(window.index())) {
                throw new IllegalArgumentException("windows: index " + window.index() + " stands there twice");
            }
        }
    }

    /** A record in which no periodic work was measured. */
    public RunRecord(
            int schemaVersion,
            String id,
            Status status,
            String scenario,
            long seed,
            int restarts,
            long startedEpochMillis,
            @Nullable Long endedEpochMillis,
            Headroom headroom,
            String profile,
            Stack stack,
            Host host,
            List<Jvm> jvms,
            CoreUse cores,
            WorkloadSummary workload,
            Dataset dataset,
            List<RequestClass> classes,
            List<Resource> resources,
            List<Pool> pools,
            @Nullable Probe probe,
            @Nullable Prediction prediction,
            List<Window> windows,
            int windowCount,
            List<RecordedFile> files,
            Validity validity) {
        this(
                schemaVersion,
                id,
                status,
                scenario,
                seed,
                restarts,
                startedEpochMillis,
                endedEpochMillis,
                headroom,
                profile,
                stack,
                host,
                jvms,
                cores,
                workload,
                dataset,
                classes,
                resources,
                pools,
                probe,
                prediction,
                windows,
                windowCount,
                null,
                files,
                validity);
    }

    /** Periodic work as it was measured, in the order in which it was done. */
    public List<PeriodicWork> periodicWork() {
        return periodic == null ? List.of() : periodic;
    }

    /** Stretches of periodic work are numbered from here in stations.ndjson. */
    public static final int PERIODIC_INDEX = 500_000;

    /** Windows of a later restart that are sealed before it begins are numbered from here. */
    public static final int LATER_INDEX = 100_000;

    /** The number of the next window that was not numbered beforehand. */
    public int nextIndex() {
        return windows.stream()
                        .mapToInt(Window::index)
                        .filter(index -> index < LATER_INDEX)
                        .max()
                        .orElse(-1)
                + 1;
    }

    /** Whether the run came to its end. */
    public enum Status {
        complete,
        partial
    }

    /** The program that wrote the record; the commit ends in {@code +} when the tree had changes. */
    public record Headroom(String version, String commit) {}

    /** Which stack the figures are of, and what it leaves out. */
    public record Stack(String name, String scope, List<Component> components) {
        public Stack {
            components = List.copyOf(components);
        }
    }

    /** A program of the stack and its version. */
    public record Component(String name, String version) {}

    /** The machine; two runs compare only where the fingerprint is equal. */
    public record Host(
            String fingerprint,
            String cpuModel,
            int cores,
            long memoryBytes,
            String kernel,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            SecondCore secondCore) {
        /** A machine whose second core was not measured. */
        public Host(String fingerprint, String cpuModel, int cores, long memoryBytes, String kernel) {
            this(fingerprint, cpuModel, cores, memoryBytes, kernel, null);
        }

        /** The same machine, with what its second core was measured to cost. */
        public Host with(SecondCore measured) {
            return new Host(fingerprint, cpuModel, cores, memoryBytes, kernel, measured);
        }
    }

    /**
     * What a piece of work costs while the other core works too, over what it costs while that is idle.
     *
     * @param ratio over all kinds of work, in CPU time
     * @param low from the kind of work that minds least
     * @param high to the one that minds most
     * @param rounds how often both were measured beside each other
     * @param kinds the ratio of each kind of work
     */
    public record SecondCore(double ratio, double low, double high, int rounds, Map<String, Double> kinds) {
        public SecondCore {
            kinds = Ordered.copy(kinds);
        }
    }

    /** How a Java process was started. */
    public record Jvm(String process, String version, String collector, long maxHeapBytes) {}

    /** Which cores the run used, and the proof. */
    public record CoreUse(
            List<Integer> systemUnderTest, List<Integer> generator, boolean shared, List<Evidence> evidence) {
        public CoreUse {
            systemUnderTest = List.copyOf(systemUnderTest);
            generator = List.copyOf(generator);
            evidence = List.copyOf(evidence);
        }
    }

    /** Cpus_allowed_list of a process, read while the run went on. */
    public record Evidence(String process, long pid, String cpusAllowed) {}

    /**
     * What the workload asks of one user in session.
     *
     * @param mix share of each class in the headline rate; telemetry classes as a ratio to it
     * @param resolved the whole workload after defaults
     */
    public record WorkloadSummary(
            String name,
            String sha256,
            double requestsPerSecondPerUser,
            double telemetryPerSecondPerUser,
            double sessionsPerUserPerSecond,
            double sessionSeconds,
            double socketShare,
            Map<String, Double> mix,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            JsonNode resolved) {
        public WorkloadSummary {
            mix = Ordered.copy(mix);
        }
    }

    /** The size of the data the run worked on. */
    public record Dataset(
            long users,
            long workouts,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long exercises,

            String snapshotSha256) {}

    /** A family of operations whose demand the model fits; {@code headline} is false for telemetry posts. */
    public record RequestClass(String name, List<String> operations, boolean headline) {
        public RequestClass {
            operations = List.copyOf(operations);
        }

        /** Whether users who mean well send these: the class of abuse has its name. */
        public boolean honest() {
            return !name.equals("abuse");
        }
    }

    /** A pool of cores and the stations that share it. */
    public record Resource(String name, double cores, List<String> stations) {
        public Resource {
            stations = List.copyOf(stations);
        }
    }

    /** A pool of connections or permits at a station. */
    public record Pool(
            String name,
            int size,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String station) {}

    /** Roughly where the knee is, and by which rule; never fitted. */
    public record Probe(double kneePerSecond, String rule) {}

    /** The sealed prediction that held-out windows answer. */
    public record Prediction(String file, String sha256, long sealedEpochMillis) {}

    /** A file beside run.json as it was when the run ended. */
    public record RecordedFile(String name, String sha256, long bytes) {}
}
