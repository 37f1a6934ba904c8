package me.musclemap.capacity.predict;

import me.musclemap.capacity.measure.Window.Latency;

/** A figure of the distribution of response times. */
public enum ResponseQuantity {
    /** The mean. */
    MEAN(0, 1, "meanSeconds", "meanResponse") {
        @Override
        public double of(Latency latency) {
            return latency.mean();
        }

        @Override
        double of(ProcessorSharing sharing) {
            return sharing.mean();
        }

        @Override
        double waitSeconds(ProcessorSharing sharing) {
            return sharing.meanWait();
        }
    },
    /** What 95 % of the requests stay below. */
    P95(1, 0.05, "p95Seconds", "p95") {
        @Override
        public double of(Latency latency) {
            return latency.p95();
        }

        @Override
        double of(ProcessorSharing sharing) {
            return sharing.quantile(0.95);
        }

        @Override
        double waitSeconds(ProcessorSharing sharing) {
            return sharing.waitQuantile(0.95);
        }
    },
    /** What 99 % of the requests stay below. */
    P99(2, 0.01, "p99Seconds", "p99") {
        @Override
        public double of(Latency latency) {
            return latency.p99();
        }

        @Override
        double of(ProcessorSharing sharing) {
            return sharing.quantile(0.99);
        }

        @Override
        double waitSeconds(ProcessorSharing sharing) {
            return sharing.waitQuantile(0.99);
        }
    };

    private final int index;
    private final double shareBeyond;
    private final String figure;
    private final String errorName;

    ResponseQuantity(int index, double shareBeyond, String figure, String errorName) {
        this.index = index;
        this.shareBeyond = shareBeyond;
        this.figure = figure;
        this.errorName = errorName;
    }

    /** Its place in arrays by quantity. */
    int index() {
        return index;
    }

    /** Its name among the figures of a window. */
    public String figure() {
        return figure;
    }

    /** Its name in the table of errors. */
    public String errorName() {
        return errorName;
    }

    /** As measured. */
    public abstract double of(Latency latency);

    abstract double of(ProcessorSharing sharing);

    /** The same of a wait in line. */
    abstract double waitSeconds(ProcessorSharing sharing);

    /** Which share of the requests decides it. */
    double shareBeyond() {
        return shareBeyond;
    }
}
