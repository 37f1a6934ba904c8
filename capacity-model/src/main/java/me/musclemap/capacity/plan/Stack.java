package me.musclemap.capacity.plan;

import java.util.List;
import java.util.OptionalInt;
import me.musclemap.capacity.fit.DemandModel;

/**
 * A named stack: what its requests cost, in draws. One stack is never presented as another.
 *
 * @param stations in the order of the models
 * @param measuredCores on how many cores it was measured; beyond four times as many nothing is answered
 * @param ratePerSecondMax the highest headline rate that was driven; infinite where the cores alone bound the range
 * @param residentBytes memory of all its processes under load
 * @param eventLoopsPerCore processes of the API that each run on one core at most; empty for an API of many threads
 * @param estimated whether its knee was never measured
 */
public record Stack(
        String name,
        List<String> stations,
        DemandModel best,
        List<DemandModel> draws,
        PoolHold poolHold,
        double measuredCores,
        double ratePerSecondMax,
        double residentBytes,
        double bytesPerSocket,
        OptionalInt eventLoopsPerCore,
        boolean estimated) {
    public Stack {
        stations = List.copyOf(stations);
        draws = List.copyOf(draws);
    }

    /** One draw as if it were the best estimate, on cores that take so many times as long. */
    Stack drawn(int draw, double slower) {
        return new Stack(
                name,
                stations,
                draws.get(draw).scaled(slower),
                draws,
                poolHold.scaled(slower),
                measuredCores,
                ratePerSecondMax,
                residentBytes,
                bytesPerSocket,
                eventLoopsPerCore,
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
        return new DemandModel(background, demand, loadPart, model.form());
    }
}
