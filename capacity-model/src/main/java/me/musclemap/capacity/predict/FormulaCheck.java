package me.musclemap.capacity.predict;

import java.util.Arrays;
import java.util.Optional;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.ServiceTime;
import me.musclemap.capacity.simulate.Plan;
import me.musclemap.capacity.simulate.QueueSimulation;

/** The response formula beside a simulation of the same cores and the same mix, telemetry posts included. */
public final class FormulaCheck {
    private static final int SERVICES = 4000;
    private static final long REQUESTS = 100_000;
    private static final double P95 = 0.95;
    private static final double P99 = 0.99;

    /** Fuller cores need a longer simulation than is worth its time: it would not have forgotten its empty start. */
    private static final double BUSY_MAX = 0.92;

    private FormulaCheck() {}

    /** What both say, in seconds. */
    public record Both(double formulaP95, double simulatedP95, double formulaP99, double simulatedP99) {
        /** How far the formula's p95 lies from the simulated one, relative. */
        public double disagreement() {
            return Math.abs(formulaP95 - simulatedP95) / simulatedP95;
        }
    }

    /** Both at a rate; empty where the cores are idle or full. */
    public static Optional<Both> at(
            DemandModel model, TrafficMix mix, double headlinePerSecond, double cores, long seed) {
        double busy = model.at(mix.rates(headlinePerSecond), cores).utilisation();
        if (!(busy > 0.01) || busy > BUSY_MAX) {
            return Optional.empty();
        }
        boolean[] all = new boolean[mix.perRequest().length];
        Arrays.fill(all, true);
        double total = mix.total();
        double[] share = mix.perRequest().clone();
        for (int c = 0; c < share.length; c++) {
            share[c] /= total;
        }
        var formula = ProcessorSharing.of(model, new TrafficMix(share, all), busy, cores);
        ServiceTime service = service(model, share, busy);
        int servers = (int) Math.max(1, Math.round(cores));
        var simulated = QueueSimulation.run(
                busy * servers / service.mean(),
                servers,
                service,
                Discipline.PROCESSOR_SHARING,
                Plan.of(REQUESTS, seed));
        double p95 = simulated.responsePercentile(P95).value();
        return p95 > 0
                ? Optional.of(new Both(
                        formula.quantile(P95),
                        p95,
                        formula.quantile(P99),
                        simulated.responsePercentile(P99).value()))
                : Optional.empty();
    }

    /** The mixture of the classes' CPU times as equally likely values. */
    private static ServiceTime service(DemandModel model, double[] share, double busy) {
        double[] seconds = new double[SERVICES];
        int filled = 0;
        double due = 0;
        for (int c = 0; c < share.length; c++) {
            due += share[c] * SERVICES;
            int count = (int) Math.round(due) - filled;
            double mean = model.totalDemandAt(c, busy);
            for (int i = 0; i < count && filled < SERVICES; i++) {
                double p = (i + 0.5) / count;
                seconds[filled++] = mean > 0
                        ? ServiceTime.lognormal(mean, ProcessorSharing.WITHIN_CLASS_CV2)
                                .quantile(p)
                        : 0;
            }
        }
        return ServiceTime.empirical(Arrays.copyOf(seconds, Math.max(1, filled)));
    }
}
