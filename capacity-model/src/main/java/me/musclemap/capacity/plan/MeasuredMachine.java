package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.uncertainty.Quantiles;

/** The machine that was measured, as it stood: its shared cores and its connection pools, under the policy's limits. */
final class MeasuredMachine {
    private final RunRecord run;
    private final TrafficMix mix;
    private final Assumptions assumptions;
    private final Stack stack;

    MeasuredMachine(RunRecord run, TrafficMix mix, Assumptions assumptions, Stack stack) {
        this.run = run;
        this.mix = mix;
        this.assumptions = assumptions;
        this.stack = stack;
    }

    /** @param driven the highest rate that was driven */
    CapacityAnswer.Limit policy(double driven) {
        Constraint binding = binding(stack.best());
        Quantiles rates = Quantiles.of(capacities());
        return new CapacityAnswer.Limit(
                String.format(
                        Locale.ROOT,
                        "cores at most %.0f %% busy, pools at most %.0f %% in use",
                        assumptions.cpuLimit() * 100,
                        assumptions.poolLimit() * 100),
                rates,
                NamedConstraint.at(binding, binding.capacity()),
                rates.p50() > driven);
    }

    CapacityAnswer.HeadroomNow headroom(double presentPeak) {
        double[] left = capacities();
        for (int d = 0; d < left.length; d++) {
            left[d] = 1 - presentPeak / left[d];
        }
        return new CapacityAnswer.HeadroomNow(
                presentPeak, Quantiles.of(left), NamedConstraint.at(binding(stack.best()), presentPeak));
    }

    /** Policy rates, one for each draw. */
    double[] capacities() {
        return IntStream.range(0, stack.draws().size())
                .parallel()
                .mapToDouble(d -> binding(stack.draws().get(d)).capacity())
                .toArray();
    }

    private Constraint binding(DemandModel model) {
        return constraints(model).stream()
                .min(Comparator.comparingDouble(Constraint::capacity))
                .orElseThrow();
    }

    private List<Constraint> constraints(DemandModel model) {
        double cores = run.cpu().cores();
        var constraints = new ArrayList<Constraint>();
        constraints.add(new Constraint(
                "cpu",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %.0f core%s",
                        assumptions.cpuLimit() * 100,
                        cores,
                        cores == 1 ? "" : "s"),
                largest(model),
                rate -> model.at(mix.rates(rate), cores).utilisation() / assumptions.cpuLimit()));
        int pool =
                run.pools().values().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (pool > 0) {
            constraints.add(new Constraint(
                    "dbPool",
                    String.format(
                            Locale.ROOT, "%.0f %% of %d database connections", assumptions.poolLimit() * 100, pool),
                    Optional.of("postgres"),
                    rate -> {
                        double busy = model.at(mix.rates(rate), cores).utilisation();
                        return rate * stack.poolHold().seconds(busy, 0) / (assumptions.poolLimit() * pool);
                    }));
        }
        return constraints;
    }

    private Optional<String> largest(DemandModel model) {
        double most = -1;
        int station = -1;
        for (int s = 0; s < model.demand().length; s++) {
            double cost = 0;
            for (int c = 0; c < mix.perRequest().length; c++) {
                cost += mix.perRequest()[c] * model.demandAt(s, c, assumptions.cpuLimit());
            }
            if (cost > most) {
                most = cost;
                station = s;
            }
        }
        return station < 0 ? Optional.empty() : Optional.of(stack.stations().get(station));
    }
}
