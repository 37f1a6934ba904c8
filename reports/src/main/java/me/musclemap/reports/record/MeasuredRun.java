package me.musclemap.reports.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A run as it lies in its directory, with what the model said of it, when it said anything. Immutable.
 *
 * @param runSha256 of run.json
 * @param stations CPU by window index
 * @param operations latency by operation over the fitted and held-out windows, slowest first; empty without latency.hlog
 */
public record MeasuredRun(
        RunRecord run,
        String runSha256,
        Map<Integer, StationWindow> stations,
        List<OperationLatency> operations,
        Optional<CapacityAnswer> capacity) {

    /** Reads and checks the record in {@code directory}. */
    public static MeasuredRun read(Path directory) throws RecordException {
        if (!Files.isDirectory(directory)) {
            throw new RecordException(
                    directory + ": no such directory; give the directory of a run, such as runs/20261122-140210-7f3a");
        }
        StrictJson json = new StrictJson();
        byte[] runBytes = bytes(directory, "run.json");
        RunRecord run = json.read("run.json", text(runBytes), RunRecord.class);
        for (RunRecord.RecordedFile file : run.files()) {
            if (file.name().equals("stations.ndjson") || file.name().equals("latency.hlog")) {
                mustMatch(file, bytes(directory, file.name()));
            }
        }
        Map<Integer, StationWindow> stations = stations(directory, json, run);
        Optional<CapacityAnswer> capacity = capacity(directory, json, run, sha256(runBytes));
        Path latencies = directory.resolve("latency.hlog");
        List<OperationLatency> operations = Files.exists(latencies) ? new LatencyLog(run).read(latencies) : List.of();
        return new MeasuredRun(run, sha256(runBytes), stations, operations, capacity);
    }

    private static Map<Integer, StationWindow> stations(Path directory, StrictJson json, RunRecord run)
            throws RecordException {
        List<StationWindow> windows = new ArrayList<>();
        int number = 0;
        for (String line : text(bytes(directory, "stations.ndjson")).split("\n", -1)) {
            number++;
            if (!line.isBlank()) {
                windows.add(json.read("stations.ndjson line " + number, line, StationWindow.class));
            }
        }
        Map<Integer, StationWindow> byWindow =
                windows.stream().collect(Collectors.toMap(StationWindow::window, Function.identity(), (a, b) -> b));
        for (RunRecord.Window window : run.windows()) {
            boolean measured = window.role() == RunRecord.Role.FIT || window.role() == RunRecord.Role.HELD_OUT;
            if (measured && window.excluded() == null && !byWindow.containsKey(window.index())) {
                throw new RecordException(
                        "stations.ndjson: no line for window %d: take the record from where it was recorded"
                                .formatted(window.index()));
            }
        }
        return Map.copyOf(byWindow);
    }

    private static Optional<CapacityAnswer> capacity(Path directory, StrictJson json, RunRecord run, String runSha256)
            throws RecordException {
        if (!Files.exists(directory.resolve("capacity.json"))) {
            return Optional.empty();
        }
        CapacityAnswer answer =
                json.read("capacity.json", text(bytes(directory, "capacity.json")), CapacityAnswer.class);
        if (!answer.runId().equals(run.id()) || !answer.runSha256().equals(runSha256)) {
            throw new RecordException(
                    "capacity.json: it answers run %s (run.json %.8s…), not this one (%s, %.8s…): make it again with 'headroom capacity plan'"
                            .formatted(answer.runId(), answer.runSha256(), run.id(), runSha256));
        }
        return Optional.of(answer);
    }

    private static void mustMatch(RunRecord.RecordedFile file, byte[] bytes) throws RecordException {
        if (!sha256(bytes).equals(file.sha256())) {
            throw new RecordException(
                    "%s: sha256 is %.12s…, run.json says %.12s…: it was changed since it was recorded; take the record from where it was recorded"
                            .formatted(file.name(), sha256(bytes), file.sha256()));
        }
    }

    private static byte[] bytes(Path directory, String name) throws RecordException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new RecordException(file + ": missing; is " + directory + " the directory of a run?");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new RecordException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
