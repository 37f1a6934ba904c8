package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.SecondCore;
import me.musclemap.capacity.predict.TrafficMix;

/**
 * A named stack: what its requests cost, in draws. One stack is never presented as another.
 *
 * @param scope what it is, and what it leaves out
 * @param stations in the order of the models
 * @param measuredCores on how many cores it was measured; beyond four times as many nothing is answered
 * @param ratePerSecondMax the highest headline rate that was driven; infinite where the cores alone bound the range
 * @param residentBytes memory of all its processes under load
 * @param eventLoopsPerCore processes of the API that each run on one core at most; empty for an API of many threads
 * @param caches whether its origin keeps answers
 * @param measuredHits by class, the share that its cache answered when it was measured
 * @param periodic work that comes at intervals, which the models have in their background
 * @param estimated whether its knee was never measured
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record Stack(
        String name,
        String scope,
        List<String> stations,
        DemandModel best,
        List<DemandModel> draws,
        PoolHold poolHold,
        double measuredCores,
        double ratePerSecondMax,
        double residentBytes,
        double bytesPerSocket,
        OptionalInt eventLoopsPerCore,
        boolean caches,
        double[] measuredHits,
        Response response,
        PeriodicLoad periodic,
        boolean estimated) {
    public Stack {
        stations = List.copyOf(stations);
        draws = List.copyOf(draws);
    }

    /** How long requests of a stack take. */
    public interface Response {
        /** The 99th percentile of a headline request when a tier's cores are so busy; empty where it is not known. */
        OptionalDouble p99Seconds(DemandModel model, TrafficMix mix, double utilisation, double cores);
    }

    /**
     * What a second core is worth: as the plan states it, else as it was measured.
     *
     * @param stated empty where the plan takes it as measured
     */
    record SecondCores(OptionalDouble stated, SecondCore best, List<SecondCore> draws) {
        SecondCores {
            draws = List.copyOf(draws);
        }

        private DemandModel of(DemandModel model, SecondCore measured) {
            return model.with(model.secondCore().with(stated.isPresent() ? stated.getAsDouble() : measured.ratio()));
        }
    }

    /** The same stack on cores that mind each other so much. */
    Stack onCoresLike(SecondCores cores) {
        var drawn = new ArrayList<DemandModel>();
        for (int d = 0; d < draws.size(); d++) {
            drawn.add(cores.of(draws.get(d), cores.draws().get(d)));
        }
        return of(cores.of(best, cores.best()), drawn, periodic, 1);
    }

    /** The best estimate on cores that take so many times as long. */
    public Stack slower(double times) {
        return of(best.scaled(times), periodic.scaled(times), times);
    }

    /** One draw as if it were the best estimate, on cores that take so many times as long. */
    Stack drawn(int draw, double slower) {
        return of(draws.get(draw).scaled(slower), periodic.drawn(draw).scaled(slower), slower);
    }

    /**
     * The best estimate with so many workouts and accounts in its database; requests cost the same where their growth was not
     * measured.
     */
    Stack grownTo(double workouts, double accounts) {
        return of(periodic.grownIn(best.grownTo(workouts), accounts), periodic, 1);
    }

    private Stack of(DemandModel model, PeriodicLoad work, double slower) {
        return of(model, draws, work, slower);
    }

    private Stack of(DemandModel model, List<DemandModel> drawn, PeriodicLoad work, double slower) {
        return new Stack(
                name,
                scope,
                stations,
                model,
                drawn,
                poolHold.scaled(slower),
                measuredCores,
                ratePerSecondMax,
                residentBytes,
                bytesPerSocket,
                eventLoopsPerCore,
                caches,
                measuredHits,
                response,
                work,
                estimated);
    }

    /** The costs at some stations only, as when they run on a machine of their own. */
    static DemandModel only(DemandModel model, List<String> stations, List<String> kept) {
        double[] background = new double[kept.size()];
        double[][] demand = new double[kept.size()][];
        double[] loadPart = new double[kept.size()];
        int classes = model.demand().length == 0 ? 0 : model.demand()[0].length;
        for (int k = 0; k < kept.size(); k++) {
            int s = stations.indexOf(kept.get(k));
            background[k] = s < 0 ? 0 : model.background()[s];
            demand[k] = s < 0 ? new double[classes] : model.demand()[s].clone();
            loadPart[k] = s < 0 ? 0 : model.loadPart()[s];
        }
        return new DemandModel(
                background, demand, loadPart, model.form(), new double[background.length], 0, model.secondCore());
    }
}
