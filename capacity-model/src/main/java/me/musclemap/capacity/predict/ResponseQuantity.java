package me.musclemap.capacity.predict;

import java.util.List;
import me.musclemap.capacity.measure.ServiceTimes;
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

    /** The same of several measured distributions, weighted. */
    double of(List<ServiceTimes> parts, List<Double> weights) {
        double total = weights.stream().mapToDouble(Double::doubleValue).sum();
        if (this == MEAN) {
            double mean = 0;
            for (int i = 0; i < parts.size(); i++) {
                mean += weights.get(i) / total * parts.get(i).mean();
            }
            return mean;
        }
        double low = 0;
        double high = 0;
        for (ServiceTimes part : parts) {
            high = Math.max(high, part.seconds()[part.seconds().length - 1]);
        }
        for (int round = 0; round < 40; round++) {
            double middle = (low + high) / 2;
            double beyond = 0;
            for (int i = 0; i < parts.size(); i++) {
                beyond += weights.get(i) / total * parts.get(i).shareBeyond(middle);
            }
            if (beyond > shareBeyond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

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
