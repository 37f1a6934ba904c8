package me.musclemap.capacity.predict;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Selection;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.SimulatedCampaign.World;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.validate.HeldOutComparison;
import me.musclemap.capacity.validate.HeldOutComparison.Compared;

/** How often the stated 90 % intervals hold what they are of, in campaigns of a world whose truth is known. */
final class SimulatedCoverage {
    private static final double KNEE_SHARE = 0.601;
    private static final double SECONDS = 5;
    private static final int WORKOUTS = 200_000;

    private final World world;
    private final int restarts;
    private final double spread;
    private final int campaigns;
    private final int draws;

    /** @param spread relative deviation of a restart's costs */
    SimulatedCoverage(World world, int restarts, double spread, int campaigns, int draws) {
        this.world = world;
        this.restarts = restarts;
        this.spread = spread;
        this.campaigns = campaigns;
        this.draws = draws;
    }

    private RunRecord record(int campaign, int count) {
        return restarts == 1
                ? SimulatedCampaign.record(world, campaign)
                : SimulatedCampaign.restarts(world, count, spread, campaign);
    }

    /** Share of campaigns whose interval of the rate at 70 % CPU holds that of the world: the mean over restarts to come. */
    double ofTheRate() {
        double truth = SimulatedCampaign.rateAt(world, 0.7);
        return IntStream.range(0, campaigns)
                .parallel()
                .mapToDouble(i -> rate(record(1000 + i, restarts)).contains(truth) ? 1 : 0)
                .average()
                .orElse(0);
    }

    /**
     * The same at twice the data, where one restart more had half of it.
     *
     * @param growthMillis that a request costs more each time that the data double
     */
    double ofTheRateAtTwiceTheData(double growthMillis) {
        int[] workouts = new int[restarts + 1];
        Arrays.fill(workouts, WORKOUTS);
        workouts[restarts - 1] = WORKOUTS / 2;
        DemandModel plain = world.truth();
        double[] growth = new double[plain.background().length];
        growth[SimulatedCampaign.STATIONS.indexOf("postgres")] = growthMillis / 1000;
        double truth = SimulatedCampaign.headlineRate(
                new DemandModel(plain.background(), plain.demand(), plain.loadPart(), plain.form(), growth, WORKOUTS)
                        .grownTo(2 * WORKOUTS));
        return IntStream.range(0, campaigns)
                .parallel()
                .mapToDouble(i ->
                        rate(SimulatedCampaign.restarts(world, workouts, spread, growthMillis, 2000 + i), 2 * WORKOUTS)
                                        .contains(truth)
                                ? 1
                                : 0)
                .average()
                .orElse(0);
    }

    private Interval rate(RunRecord run) {
        return rate(run, WORKOUTS);
    }

    private Interval rate(RunRecord run, int workouts) {
        Selection all = Selection.of(run, Set.of("fit", "held-out"), Double.POSITIVE_INFINITY);
        FittedRun fitted = FittedRun.of(run, all, draws, 1);
        double[] drawn = new double[draws];
        for (int d = 0; d < draws; d++) {
            // With one restart a spread is assumed on top, which these worlds do not have.
            drawn[d] = SimulatedCampaign.headlineRate(
                    (restarts == 1 ? fitted.model(d) : fitted.headlineModel(d)).grownTo(workouts));
        }
        return Interval.of(
                SimulatedCampaign.headlineRate(fitted.model(FittedRun.BEST).grownTo(workouts)), drawn);
    }

    /** Share of held-out windows of the last restart, whose fit windows were seen, that lie in their intervals. */
    double ofWindowsInTheLastRestart() {
        return ofWindows(i -> record(500 + i, restarts), restarts - 1);
    }

    /** The same in a restart of which nothing was seen. */
    double ofWindowsInARestartToCome() {
        return ofWindows(i -> SimulatedCampaign.without(record(500 + i, restarts + 1), restarts, "fit"), restarts);
    }

    private interface Campaign {
        RunRecord of(int number);
    }

    private double ofWindows(Campaign campaign, int restart) {
        long[] counts = IntStream.range(0, campaigns)
                .parallel()
                .mapToObj(i -> utilisation(compared(campaign.of(i), draws, restart)))
                .map(figures ->
                        new long[] {figures.stream().filter(Compared::inside).count(), figures.size()})
                .reduce(new long[2], (a, b) -> new long[] {a[0] + b[0], a[1] + b[1]});
        return (double) counts[0] / counts[1];
    }

    static FittedRun fitted(RunRecord run, int draws) {
        double knee = run.probe().orElseThrow().kneePerSecond();
        return FittedRun.of(run, Selection.of(run, Set.of("fit"), KNEE_SHARE * knee), draws, 4);
    }

    static DemandFit demand(RunRecord run, int draws) {
        return fitted(run, draws).demand();
    }

    /** Utilisation of the held-out windows of one restart, from the fit windows of all. */
    static HeldOutComparison compared(RunRecord run, int draws, int restart) {
        return compared(run, draws, w -> w.restart() == restart);
    }

    /** The same of those windows of all restarts. */
    static HeldOutComparison compared(RunRecord run, int draws, Predicate<Window> which) {
        var predictor = new Predictor(fitted(run, draws), SECONDS);
        var answers = run.windows().stream()
                .filter(w -> w.role().equals("held-out") && which.test(w))
                .map(w -> answer(run, w, predictor))
                .toList();
        var sealed =
                new SealedPrediction(run.id(), 18, OptionalDouble.empty(), answers, Optional.of(predictor.costs()));
        return HeldOutComparison.of(run, sealed, sealed.sha256()).orElseThrow();
    }

    private static SealedPrediction.Answer answer(RunRecord run, Window w, Predictor predictor) {
        Map<String, Double> shares = new HashMap<>();
        w.finished().forEach((operation, n) -> shares.put(operation.replace("Operation", ""), n.doubleValue()));
        boolean twoCores = w.cores() > run.cpu().cores();
        var condition = new Condition(
                "w" + w.index(),
                OptionalInt.of(w.index()),
                w.mixName(),
                shares,
                w.offeredPerSecond(),
                w.telemetryPerSecond(),
                w.cores(),
                Map.of(),
                OptionalDouble.empty(),
                OptionalInt.of(w.restart()),
                twoCores);
        return new SealedPrediction.Answer(
                condition.name(),
                w.index(),
                w.mixName(),
                w.offeredPerSecond(),
                twoCores ? predictor.answer(condition) : predictor.utilisation(condition),
                Arrays.stream(condition.trafficMix(run.classes()).rates(w.offeredPerSecond()))
                        .boxed()
                        .toList(),
                Map.of());
    }

    static List<Compared> utilisation(HeldOutComparison said) {
        return said.windows().stream()
                .flatMap(row -> row.figures().stream())
                .filter(c -> c.figure().quantity().equals(Figure.UTILISATION)
                        && c.figure().station().isEmpty())
                .toList();
    }
}
