package me.musclemap.load.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A copy of a record with some components changed: the one place that knows all of them. */
public final class Changed {
    private final RunRecord before;
    private RunRecord.Status status;
    private int restarts;
    private @Nullable Long ended;
    private RunRecord.Stack stack;
    private List<RunRecord.Jvm> jvms;
    private RunRecord.CoreUse cores;
    private RunRecord.Dataset dataset;
    private List<RunRecord.Pool> pools;
    private RunRecord.Host host;
    private RunRecord.@Nullable Probe probe;
    private RunRecord.@Nullable Prediction prediction;
    private List<Window> windows;
    private @Nullable List<PeriodicWork> periodic;
    private List<RunRecord.RecordedFile> files;
    private Validity validity;

    private Changed(RunRecord before) {
        this.before = before;
        status = before.status();
        restarts = before.restarts();
        ended = before.endedEpochMillis();
        stack = before.stack();
        jvms = before.jvms();
        cores = before.cores();
        dataset = before.dataset();
        pools = before.pools();
        host = before.host();
        probe = before.probe();
        prediction = before.prediction();
        windows = before.windows();
        periodic = before.periodic();
        files = before.files();
        validity = before.validity();
    }

    /** Starts from this record. */
    public static Changed of(RunRecord before) {
        return new Changed(before);
    }

    /** Sets the status. */
    public Changed status(RunRecord.Status value) {
        status = value;
        return this;
    }

    /** Sets the number of restarts that were begun. */
    public Changed restarts(int value) {
        restarts = value;
        return this;
    }

    /** Sets the end, in epoch milliseconds. */
    public Changed ended(long epochMillis) {
        ended = epochMillis;
        return this;
    }

    /** Sets the stack. */
    public Changed stack(RunRecord.Stack value) {
        stack = value;
        return this;
    }

    /** Sets the Java processes. */
    public Changed jvms(List<RunRecord.Jvm> value) {
        jvms = value;
        return this;
    }

    /** Sets the cores. */
    public Changed cores(RunRecord.CoreUse value) {
        cores = value;
        return this;
    }

    /** Sets the data set. */
    public Changed dataset(RunRecord.Dataset value) {
        dataset = value;
        return this;
    }

    /** Sets the pools. */
    public Changed pools(List<RunRecord.Pool> value) {
        pools = value;
        return this;
    }

    /** Sets the probe. */
    public Changed probe(RunRecord.Probe value) {
        probe = value;
        return this;
    }

    /** Sets the machine. */
    public Changed host(RunRecord.Host value) {
        host = value;
        return this;
    }

    /** Sets the sealed prediction. */
    public Changed prediction(RunRecord.Prediction value) {
        prediction = value;
        return this;
    }

    /** Sets the windows, and their number. */
    public Changed windows(List<Window> value) {
        windows = value;
        return this;
    }

    /** Sets the periodic work that was measured. */
    public Changed periodic(List<PeriodicWork> value) {
        periodic = value;
        return this;
    }

    /** Sets the files beside run.json. */
    public Changed files(List<RunRecord.RecordedFile> value) {
        files = value;
        return this;
    }

    /** Sets the verdict. */
    public Changed validity(Validity value) {
        validity = value;
        return this;
    }

    /** The changed record. */
    public RunRecord record() {
        return new RunRecord(
                before.schemaVersion(),
                before.id(),
                status,
                before.scenario(),
                before.seed(),
                restarts,
                before.startedEpochMillis(),
                ended,
                before.headroom(),
                before.profile(),
                stack,
                host,
                jvms,
                cores,
                before.workload(),
                dataset,
                before.classes(),
                before.resources(),
                pools,
                probe,
                prediction,
                windows,
                windows.size(),
                periodic,
                files,
                validity);
    }
}
