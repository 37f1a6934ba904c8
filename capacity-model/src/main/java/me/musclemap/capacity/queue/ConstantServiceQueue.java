package me.musclemap.capacity.queue;

/**
 * The waiting time of M/D/1, first come, first served: Poisson arrivals, one server, a service that always takes the
 * same time.
 *
 * <p>Erlang's formula of 1909 alternates in sign and loses every digit in the tail. This form adds positive numbers only:
 * source G. J. Franx 2001, with the queue lengths by level crossing. Far out the tail is {@code c exp(-eta t)}, with
 * {@code eta} the root of {@code lambda (exp(eta) - 1) = eta}; it is used beyond 60 services, where it agrees to the
 * last digit. Immutable.
 */
public final class ConstantServiceQueue {
    private static final int SERVICES_EXACT = 60;

    private final double rho;
    private final double service;
    private final double[] queueAtMost;
    private final double decay;
    private final double factor;

    /**
     * The queue at utilisation {@code rho}.
     *
     * @param rho in [0, 1)
     * @param serviceSeconds finite and positive
     * @throws IllegalArgumentException if one is out of its range
     */
    public ConstantServiceQueue(double rho, double serviceSeconds) {
        if (!(rho >= 0 && rho < 1) || !(serviceSeconds > 0) || Double.isInfinite(serviceSeconds)) {
            throw new IllegalArgumentException("rho=" + rho + " service=" + serviceSeconds
                    + " s: give a utilisation in [0, 1) and a finite service above 0");
        }
        this.rho = rho;
        this.service = serviceSeconds;
        this.queueAtMost = queueAtMost(rho);
        this.decay = decay(rho);
        this.factor = (1 - rho) / (rho * Math.exp(decay) - 1);
    }

    /** Shares of time with at most i waiting, not counting the one in service. */
    private static double[] queueAtMost(double rho) {
        int most = SERVICES_EXACT + 2;
        double[] more = new double[most + 2]; // probability of more than i arrivals in one service
        double exactly = Math.exp(-rho);
        double[] arrivals = new double[most + 60];
        for (int i = 0; i < arrivals.length; i++) {
            arrivals[i] = exactly;
            exactly *= rho / (i + 1);
        }
        for (int i = 0; i < more.length; i++) {
            for (int j = arrivals.length - 1; j > i; j--) {
                more[i] += arrivals[j];
            }
        }
        double[] present = new double[most + 1];
        present[0] = 1 - rho;
        double[] atMost = new double[most];
        double cumulative = present[0];
        for (int n = 0; n < most; n++) {
            double up = present[0] * more[n];
            for (int i = 1; i <= n; i++) {
                up += present[i] * more[n + 1 - i];
            }
            present[n + 1] = up / arrivals[0];
            cumulative += present[n + 1];
            atMost[n] = cumulative;
        }
        return atMost;
    }

    /** The positive root of {@code rho (exp(x) - 1) = x}, in services. */
    private static double decay(double rho) {
        if (rho == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double low = -Math.log(rho); // the function's minimum; the root lies above
        double high = 2 * low + 2 * (1 - rho) + 1e-12;
        while (rho * Math.expm1(high) < high) {
            high *= 2;
        }
        while (true) {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high) {
                return middle;
            }
            if (rho * Math.expm1(middle) < middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /** Share of arrivals that wait longer than {@code seconds}. */
    public double probabilityOfWaitAbove(double seconds) {
        double t = seconds / service;
        if (t >= SERVICES_EXACT) {
            return rho == 0 ? 0 : factor * Math.exp(-decay * t);
        }
        int services = (int) Math.floor(t) + 1;
        double mean = rho * (services - t);
        double weight = Math.exp(-mean);
        double atMost = 0;
        for (int j = 0; j < services; j++) {
            atMost += weight * queueAtMost[services - 1 - j];
            weight *= mean / (j + 1);
        }
        return Math.max(0, 1 - atMost);
    }

    /** The wait in seconds that a share {@code quantile} of the arrivals does not exceed. */
    public double waitPercentileSeconds(double quantile) {
        return rho <= 1 - quantile ? 0 : Roots.falling(this::probabilityOfWaitAbove, 1 - quantile, service);
    }
}
