package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.PeriodicDemand;
import me.musclemap.capacity.measure.RunRecord;

/**
 * Work that comes at intervals, as part of a stack's background: the cores that it keeps busy on average. Immutable by
 * agreement: the arrays are not to be changed.
 *
 * @param works in no particular order
 * @param factors by work, what multiplies its measured cost in this draw and on these cores
 * @param drawFactors by work and draw, what a draw multiplies it by
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
record PeriodicLoad(List<PeriodicDemand> works, double[] factors, double[][] drawFactors) {
    /** A stack whose periodic work is not known. */
    static final PeriodicLoad NONE = new PeriodicLoad(List.of(), new double[0], new double[0][]);

    private static final Map<String, String> WORDS =
            Map.of("viewRefresh", "refresh of the leaderboard views", "checkpoint", "checkpoint of PostgreSQL");

    PeriodicLoad {
        works = List.copyOf(works);
    }

    /** What a run measured, in so many draws. */
    static PeriodicLoad of(RunRecord run, int draws) {
        List<PeriodicDemand> works = PeriodicDemand.of(run);
        double[] factors = new double[works.size()];
        double[][] drawn = new double[works.size()][];
        for (int w = 0; w < factors.length; w++) {
            factors[w] = 1;
            drawn[w] = works.get(w).factors(draws, run.seed());
        }
        return new PeriodicLoad(works, factors, drawn);
    }

    /** In this draw. */
    PeriodicLoad drawn(int draw) {
        double[] drawn = factors.clone();
        for (int w = 0; w < drawn.length; w++) {
            drawn[w] = drawFactors[w][draw];
        }
        return new PeriodicLoad(works, drawn, drawFactors);
    }

    /** On cores that take so many times as long. */
    PeriodicLoad scaled(double times) {
        double[] scaled = factors.clone();
        for (int w = 0; w < scaled.length; w++) {
            scaled[w] *= times;
        }
        return new PeriodicLoad(works, scaled, drawFactors);
    }

    /** The model with this work in its background, at the data that it was measured at. */
    DemandModel in(DemandModel model) {
        DemandModel all = model;
        for (int w = 0; w < factors.length; w++) {
            all = all.plusBackground(works.get(w).cores(), factors[w]);
        }
        return all;
    }

    /** A model that has it in its background already, with what it takes more or less with so many accounts in the data. */
    DemandModel grownIn(DemandModel model, double accounts) {
        DemandModel all = model;
        for (int w = 0; w < factors.length; w++) {
            PeriodicDemand work = works.get(w);
            all = all.plusBackground(work.coresAt(accounts), factors[w]).plusBackground(work.cores(), -factors[w]);
        }
        return all;
    }

    /** What it takes with so many accounts in the data, for a person; empty where none was measured. */
    String at(double accounts) {
        var parts = new ArrayList<String>();
        for (PeriodicDemand work : works) {
            double cores = sum(work.coresAt(accounts));
            boolean grows = work.exponent() > 0;
            if (grows) {
                parts.add(String.format(
                        Locale.ROOT,
                        "; the %s takes %s %% of a core at so many accounts%s (%s)",
                        words(work.name()),
                        Verdict.rounded(cores * 100),
                        cores > 0.999 ? ", it would not end before the next is due" : "",
                        growth(work)));
            }
        }
        return String.join("", parts);
    }

    /** How its cost goes with the data, for a person. */
    static String growth(PeriodicDemand work) {
        if (work.growthMeasured()) {
            return String.format(
                    Locale.ROOT,
                    "its cost was measured to go with the power %.2f of the number of accounts",
                    work.exponent());
        }
        return work.exponent() > 0
                ? "its cost is taken to go in proportion to the accounts, because it reads all of the data"
                : "its cost is taken not to go with the accounts: it goes with what is written";
    }

    /** What it is called in a sentence. */
    static String words(String name) {
        return WORDS.getOrDefault(name, name);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
