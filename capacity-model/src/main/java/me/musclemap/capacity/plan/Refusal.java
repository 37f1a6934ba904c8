package me.musclemap.capacity.plan;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.uncertainty.Quantiles;

/** When a model must say that it does not fit rather than print a rate that nobody can believe. */
final class Refusal {
    /** How many times the low end the high end of the headline rate may be. */
    private static final double SPREAD_MAX = 20;

    /** More than one window strays by: below this share of a rate that was served, the model is contradicted. */
    private static final double SERVED_MIN = 0.9;

    private final FittedRun fitted;
    private final double cores;
    private final double cpuLimit;

    Refusal(FittedRun fitted, double cpuLimit) {
        this.fitted = fitted;
        this.cores = fitted.run().cpu().cores();
        this.cpuLimit = cpuLimit;
    }

    /** Why there is no answer; empty where there is one. */
    Optional<String> of(Quantiles rate) {
        DemandModel model = fitted.demand().model();
        double idle = Arrays.stream(model.background()).sum() / cores;
        if (idle >= cpuLimit) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "the model does not fit: it finds the cores %.0f %% busy without a request, and the policy allows %.0f %%",
                    idle * 100,
                    cpuLimit * 100));
        }
        Optional<String> contradicted = contradicted(model);
        if (contradicted.isPresent()) {
            return contradicted;
        }
        if (!(rate.p90() <= SPREAD_MAX * rate.p10())) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "the model does not fit: its capacity is uncertain by more than a factor of %.0f",
                    SPREAD_MAX));
        }
        return Optional.empty();
    }

    /** A capacity cannot be below a rate that was served in the same mix with cores to spare. */
    private Optional<String> contradicted(DemandModel model) {
        for (Observation o : fitted.demand().selection().loaded()) {
            if (o.utilisation() >= cpuLimit || !(o.headlinePerSecond() > 0)) {
                continue;
            }
            double served = o.headlinePerSecond();
            double says =
                    fitted.rateAtUtilisation(model, fitted.mixOf(o), o.window().cores(), cpuLimit);
            if (says < SERVED_MIN * served) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "the model does not fit: window %d served %s requests/s with the cores %.0f %% busy, and the model says that %s fill them to %.0f %%",
                        o.window().index(),
                        Verdict.rounded(served),
                        o.utilisation() * 100,
                        Verdict.rounded(says),
                        cpuLimit * 100));
            }
        }
        return Optional.empty();
    }
}
