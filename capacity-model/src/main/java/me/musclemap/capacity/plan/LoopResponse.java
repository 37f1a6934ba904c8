package me.musclemap.capacity.plan;

import java.util.OptionalDouble;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.Screening;
import me.musclemap.capacity.queue.ServiceTime;

/**
 * Response times of an API of event loops: each serves one request after the other, so that a slow one holds up those behind
 * it, and what it asks of other stations is done meanwhile.
 *
 * @param api station of the loops
 */
record LoopResponse(int api) implements Stack.Response {
    private static final double WITHIN_CLASS_CV2 = 0.5;
    private static final double P99 = 0.99;
    private static final double UTILISATION_MAX = 0.995;

    @Override
    public OptionalDouble p99Seconds(DemandModel model, TrafficMix mix, double utilisation, double cores) {
        double busy = Math.min(utilisation, UTILISATION_MAX);
        DemandModel paid = model.onCores(utilisation, cores);
        double share = 0;
        double mean = 0;
        double square = 0;
        double elsewhere = 0;
        for (int c = 0; c < mix.perRequest().length; c++) {
            double demand = paid.demandAt(api, c, busy);
            share += mix.perRequest()[c];
            mean += mix.perRequest()[c] * demand;
            square += mix.perRequest()[c] * demand * demand * (1 + WITHIN_CLASS_CV2);
            elsewhere += mix.perRequest()[c] * (paid.totalDemandAt(c, busy) - demand);
        }
        mean /= share;
        elsewhere /= share;
        if (!(mean > 0)) {
            return OptionalDouble.empty();
        }
        double cv2 = Math.max(0.1, square / share / (mean * mean) - 1);
        // A loop is as busy as the cores it runs on; what else runs there stretches its work.
        var loop = Screening.of(busy / mean, 1, ServiceTime.lognormal(mean, cv2), Discipline.FIRST_COME_FIRST_SERVED);
        return OptionalDouble.of(loop.responsePercentileSeconds(P99) + elsewhere / (1 - busy));
    }
}
