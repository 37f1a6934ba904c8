package me.musclemap.capacity.predict;

import me.musclemap.capacity.fit.DemandModel;

/**
 * Response times of requests that share cores, without anything but CPU: a request of CPU time s takes s (1 + w E), where w
 * is the mean wait of M/M/m over its service time and E exponential of mean 1. Seconds throughout.
 *
 * <p>CPU times inside one class are lognormal.
 *
 * <p>Source: the screening formula for processor sharing, tested against simulation to 6 % at p99 (capacity-model/README.md);
 * the mean is exact for one core (Kleinrock, Queueing Systems II, 1976, section 4.4).
 */
final class ProcessorSharing {
    /** Squared coefficient of variation of the CPU time inside one class. */
    static final double WITHIN_CLASS_CV2 = 0.5;

    private static final double SIGMA = Math.sqrt(Math.log1p(WITHIN_CLASS_CV2));
    // Gauss-Hermite nodes and weights of order 7 for a standard normal.
    private static final double[] NODES = {
        -3.750439717725742,
        -2.366759410734541,
        -1.154405394739968,
        0,
        1.154405394739968,
        2.366759410734541,
        3.750439717725742
    };
    private static final double[] WEIGHTS = {
        5.48268855972218e-4,
        0.0307571239675865,
        0.2401231786050127,
        0.4571428571428571,
        0.2401231786050127,
        0.0307571239675865,
        5.48268855972218e-4
    };

    private final double[] share;
    private final double[] cpuSeconds;
    private final double waitRatio;

    private ProcessorSharing(double[] share, double[] cpuSeconds, double waitRatio) {
        this.share = share;
        this.cpuSeconds = cpuSeconds;
        this.waitRatio = waitRatio;
    }

    /** Headline requests of this mix when the cores are so busy, below 1. */
    static ProcessorSharing of(DemandModel model, TrafficMix mix, double utilisation, double cores) {
        int classes = mix.perRequest().length;
        DemandModel paid = model.onCores(utilisation, cores);
        double[] share = new double[classes];
        double[] cpu = new double[classes];
        for (int c = 0; c < classes; c++) {
            share[c] = mix.headline()[c] ? mix.perRequest()[c] : 0;
            cpu[c] = paid.totalDemandAt(c, utilisation);
        }
        return new ProcessorSharing(share, cpu, waitRatio(utilisation, (int) Math.max(1, Math.round(cores))));
    }

    /** Mean wait over mean service time in M/M/m. Source: Erlang C, Kleinrock, Queueing Systems I (1975), section 3.4. */
    static double waitRatio(double utilisation, int cores) {
        double load = utilisation * cores;
        double blocking = 1;
        for (int k = 1; k <= cores; k++) {
            blocking = load * blocking / (k + load * blocking);
        }
        double waiting = blocking / (1 - utilisation * (1 - blocking));
        return waiting / (cores * (1 - utilisation));
    }

    double mean() {
        double mean = 0;
        for (int c = 0; c < share.length; c++) {
            mean += share[c] * cpuSeconds[c];
        }
        return mean * (1 + waitRatio);
    }

    /** Mean wait in line of requests with this mean service, first come, first served. */
    double meanWait() {
        return mean() / (1 + waitRatio) * waitRatio;
    }

    /** A quantile of that wait, exponential for those who wait; the mean stands for the share who do. */
    double waitQuantile(double p) {
        double service = mean() / (1 + waitRatio);
        // P(wait > t) = C exp(-C t / W), where C / W does not depend on C: service (1 + waitRatio / C) at one core.
        double waiting = waitRatio / (1 + waitRatio);
        double scale = waiting == 0 ? 0 : service * waitRatio / waiting;
        return waiting <= 1 - p ? 0 : scale * Math.log(waiting / (1 - p));
    }

    double quantile(double p) {
        double high = mean();
        if (!(high > 0)) {
            return 0;
        }
        while (survival(high) > 1 - p) {
            high *= 2;
        }
        double low = 0;
        for (int round = 0; round < 45; round++) {
            double middle = (low + high) / 2;
            if (survival(middle) > 1 - p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private double survival(double seconds) {
        double survival = 0;
        for (int c = 0; c < share.length; c++) {
            if (share[c] == 0 || cpuSeconds[c] == 0) {
                continue;
            }
            for (int n = 0; n < NODES.length; n++) {
                double cpu = cpuSeconds[c] * Math.exp(SIGMA * NODES[n] - SIGMA * SIGMA / 2);
                double beyond = seconds <= cpu ? 1 : Math.exp(-(seconds / cpu - 1) / waitRatio);
                survival += share[c] * WEIGHTS[n] * beyond;
            }
        }
        return survival;
    }
}
