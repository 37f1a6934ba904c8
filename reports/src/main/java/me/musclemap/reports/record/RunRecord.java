package me.musclemap.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of run.json that a report shows. Shares and ratios are 0 to 1, times epoch milliseconds UTC. */
public record RunRecord(
        int schemaVersion,
        String id,
        String status,
        String scenario,
        long seed,
        @Nullable Integer restarts,
        long startedEpochMillis,
        @Nullable Long endedEpochMillis,
        Software headroom,
        String profile,
        Stack stack,
        Host host,
        List<Jvm> jvms,
        Cores cores,
        Workload workload,
        Dataset dataset,
        List<RequestClass> classes,
        List<Resource> resources,
        @Nullable Probe probe,
        @Nullable Seal prediction,
        List<Window> windows,
        int windowCount,
        List<RecordedFile> files,
        Validity validity) {

    public RunRecord {
        if (schemaVersion != 1) {
            throw new IllegalArgumentException(
                    "schemaVersion=%d: this report reads version 1".formatted(schemaVersion));
        }
        if (!id.matches("[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")) {
            throw new IllegalArgumentException("id=" + id + ": a run id looks like 20261122-140210-7f3a");
        }
        if (windowCount != windows.size()) {
            throw new IllegalArgumentException(
                    "windowCount=%d, but it holds %d windows: record the run again, or take it from where it was recorded"
                            .formatted(windowCount, windows.size()));
        }
        jvms = List.copyOf(jvms);
        classes = List.copyOf(classes);
        resources = List.copyOf(resources);
        windows = List.copyOf(windows);
        files = List.copyOf(files);
    }

    /** Windows that played the part {@code role} and were not left out. */
    public List<Window> windows(Role role) {
        return windows.stream()
                .filter(window -> window.role() == role && window.excluded() == null)
                .toList();
    }

    /** Which Headroom recorded the run. */
    public record Software(String version, String commit) {}

    /** The system under test, by name, and what it leaves out. */
    public record Stack(String name, String scope, List<Component> components) {
        public Stack {
            components = List.copyOf(components);
        }
    }

    /** A part of the stack and its version. */
    public record Component(String name, String version) {}

    /** The machine. */
    public record Host(String fingerprint, String cpuModel, int cores, long memoryBytes, String kernel) {}

    /** A Java process of the run. */
    public record Jvm(String process, String version, String collector, long maxHeapBytes) {}

    /** Which cores did what. */
    public record Cores(
            List<Integer> systemUnderTest, List<Integer> generator, boolean shared, List<Evidence> evidence) {
        public Cores {
            systemUnderTest = List.copyOf(systemUnderTest);
            generator = List.copyOf(generator);
            evidence = List.copyOf(evidence);
        }
    }

    /** The cores a process was allowed, as the kernel said while the run went on. */
    public record Evidence(String process, long pid, String cpusAllowed) {}

    /** What one user in session does. */
    public record Workload(
            String name,
            String sha256,
            double requestsPerSecondPerUser,
            double telemetryPerSecondPerUser,
            double sessionSeconds,
            double socketShare,
            Map<String, Double> mix) {}

    /** The seeded data. */
    public record Dataset(int users, int workouts, @Nullable Integer exercises, String snapshotSha256) {}

    /** A family of operations whose demand is fitted. */
    public record RequestClass(String name, List<String> operations, boolean headline) {}

    /** Cores that stations share. */
    public record Resource(String name, double cores, List<String> stations) {
        public Resource {
            stations = List.copyOf(stations);
        }
    }

    /** Roughly where the knee is. */
    public record Probe(double kneePerSecond, String rule) {}

    /** The prediction that was sealed before the held-out windows. */
    public record Seal(String file, String sha256, long sealedEpochMillis) {}

    /** A file of the record. */
    public record RecordedFile(String name, String sha256, long bytes) {}

    /** What a window was for. */
    public enum Role {
        @JsonProperty("warm-up")
        WARM_UP,
        @JsonProperty("idle")
        IDLE,
        @JsonProperty("probe")
        PROBE,
        @JsonProperty("fit")
        FIT,
        @JsonProperty("held-out")
        HELD_OUT,
        @JsonProperty("scenario")
        SCENARIO
    }

    /** One window of the run: a steady rate for some seconds. */
    public record Window(
            int index,
            int restart,
            Role role,
            long startEpochMillis,
            double durationSeconds,
            String mixName,
            double cores,
            double scheduledPerSecond,
            double offeredPerSecond,
            double servedPerSecond,
            Map<String, Long> completed,
            Map<String, Long> failed,
            WindowLatency latencySeconds,
            double stealRatio,
            @Nullable String excluded) {}

    /** Latency of the headline classes in a window; null where no request ended. */
    public record WindowLatency(
            @Nullable Latency corrected, @Nullable Latency service) {}

    /** A latency distribution in seconds. */
    public record Latency(long count, double mean, double p50, double p95, double p99, double max) {}

    /** Whether the run may be believed, and every check behind that. */
    public record Validity(Quality verdict, List<Check> checks) {
        public Validity {
            checks = List.copyOf(checks);
        }
    }

    /** One check of the run. */
    public record Check(
            String name,
            CheckOutcome outcome,
            @Nullable Double value,
            @Nullable Double limit,
            @Nullable String cause,
            String message) {}

    /** What a check came to. */
    public enum CheckOutcome {
        @JsonProperty("ok")
        OK,
        @JsonProperty("indicative")
        INDICATIVE,
        @JsonProperty("notValid")
        NOT_VALID
    }
}
