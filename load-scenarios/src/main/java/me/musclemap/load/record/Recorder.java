package me.musclemap.load.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes run.json of one run as the run goes: after each change the whole record, to a temporary file that is then
 * moved, so that a reader never sees half of it. Thread-safe.
 */
public final class Recorder {
    /** The files beside run.json whose hashes a finished record holds, where they exist. */
    private static final List<String> FILES = List.of(
            "stations.ndjson",
            "latency.hlog",
            "metrics.om",
            "traces.ndjson",
            "failed.ndjson",
            "prediction.json",
            "conditions.json",
            "verdict.json");

    private final Path directory;
    private final Object lock = new Object();
    private RunRecord record;

    /**
     * Starts a record in this directory, which exists.
     *
     * @throws RecordException if the disk refuses it
     */
    public Recorder(Path directory, RunRecord first) {
        this.directory = directory;
        this.record = first;
        write();
    }

    /** The directory of the run. */
    public Path directory() {
        return directory;
    }

    /** The record as it was last written. */
    public RunRecord record() {
        synchronized (lock) {
            return record;
        }
    }

    /**
     * Changes the record and writes it.
     *
     * @throws RecordException if the disk refuses it; the record on disk then is the one before
     */
    public void update(UnaryOperator<RunRecord> change) {
        synchronized (lock) {
            record = change.apply(record);
            write();
        }
    }

    /** Adds a window. */
    public void add(Window window) {
        update(before -> {
            var windows = new ArrayList<>(before.windows());
            windows.add(window);
            return Changed.of(before).windows(windows).record();
        });
    }

    /** Ends the record: the verdict, the end and the hash of every file beside it. */
    public void complete(Validity validity, long endedEpochMillis) {
        var files = new ArrayList<RunRecord.RecordedFile>();
        for (var name : FILES) {
            recorded(name, files);
        }
        update(before -> Changed.of(before)
                .files(files)
                .validity(validity)
                .status(RunRecord.Status.complete)
                .ended(endedEpochMillis)
                .record());
    }

    private void recorded(String name, List<RunRecord.RecordedFile> into) {
        var file = directory.resolve(name);
        try {
            into.add(new RunRecord.RecordedFile(name, Sha256.of(file), Files.size(file)));
        } catch (NoSuchFileException e) {
            // Not every scenario writes every file; what is not there is not listed.
            return;
        } catch (IOException e) {
            throw RecordException.unwritable(file + ": cannot be read back: " + e.getMessage(), e);
        }
    }

    private void write() {
        var file = directory.resolve(RunRecords.RUN_JSON);
        try {
            WholeFile.write(file, RunRecords.bytes(record));
        } catch (IOException e) {
            throw RecordException.unwritable(
                    file + ": cannot be written (" + reason(e)
                            + "): the record so far is kept as partial; make room and run again",
                    e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
