package me.musclemap.capacity.condition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.ServiceTime;
import me.musclemap.capacity.simulate.Plan;
import me.musclemap.capacity.simulate.ServiceSystem;
import me.musclemap.capacity.simulate.ServiceSystem.Pool;
import me.musclemap.capacity.simulate.ServiceSystem.RequestType;
import me.musclemap.capacity.simulate.ServiceSystem.Source;
import me.musclemap.capacity.simulate.ServiceSystem.Station;
import me.musclemap.capacity.simulate.ServiceSystem.Step;
import me.musclemap.capacity.simulate.SystemSimulation;

/**
 * The condition, played: shared cores, the connection pool held over the statements and their round trips, service times as the
 * latency log has them, and pauses of the API's collector, in which nobody is served.
 */
final class ConditionSimulation {
    private static final long REQUESTS = 400_000;
    /** Fuller cores would need a longer simulation to forget its empty start. */
    private static final double BUSY_MAX = 0.97;

    private static final int CORES = 0;
    private static final int ELSEWHERE = 1;
    private static final int CONNECTIONS = 0;
    private static final double BACKGROUND_JOB_SECONDS = 0.001;
    /** With fewer requests than this for each job of the background nobody waits for anybody, and playing takes for ever. */
    private static final double RARE = 0.02;

    /** Of the API's work, what is left to do when the database has answered. */
    private static final double AFTER_DATABASE = 0.5;

    /** Pauses of the API's collector, from the run's counters: per request of any class, and how long. */
    record Pauses(double perRequest, double seconds) {
        static final Pauses NONE = new Pauses(0, 0);

        static Pauses of(List<Observation> windows) {
            double count = 0;
            double seconds = 0;
            double requests = 0;
            for (Observation o : windows) {
                if (o.window().use().isPresent()) {
                    for (var series : o.window().use().get().counters().entrySet()) {
                        boolean ofApi = series.getKey().matches("(api:)?jvm_gc_pause_seconds_(count|sum)\\{.*");
                        if (ofApi && series.getKey().contains("_count{")) {
                            count += series.getValue();
                        } else if (ofApi) {
                            seconds += series.getValue();
                        }
                    }
                    requests += o.totalPerSecond() * o.window().durationSeconds();
                }
            }
            return count > 0 && seconds > 0 && requests > 0 ? new Pauses(count / requests, seconds / count) : NONE;
        }
    }

    private final RunRecord run;
    private final NamedCondition condition;
    private final World.Setting setting;
    private final ServiceShapes shapes;
    private final Pauses pauses;

    ConditionSimulation(
            RunRecord run, NamedCondition condition, World.Setting setting, ServiceShapes shapes, Pauses pauses) {
        this.run = run;
        this.condition = condition;
        this.setting = setting;
        this.shapes = shapes;
        this.pauses = pauses;
    }

    /** Empty where the cores are too full, or requests too rare, to be simulated in a second or two. */
    Optional<SystemSimulation> run(World best) {
        double rate = condition.requestsPerSecond();
        double busy = best.utilisation(rate);
        boolean full = condition.poolSize().isPresent()
                && best.connections(rate) >= BUSY_MAX * condition.poolSize().getAsInt();
        boolean rare = rate * setting.mix().total() < RARE * background(best.model()) / BACKGROUND_JOB_SECONDS;
        if (!(busy > 0) || busy > BUSY_MAX || full || rare) {
            return Optional.empty();
        }
        double total = rate * setting.mix().total();
        DemandModel paid = best.model().onCores(busy, condition.cores());
        double background = background(paid);
        double backgroundRate = background / BACKGROUND_JOB_SECONDS;
        var types = new ArrayList<RequestType>();
        double[] rates = setting.mix().rates(rate);
        double extra = Math.max(
                0,
                best.utilisation(rate) * condition.cores()
                        - best.model().at(rates, condition.cores()).utilisation() * condition.cores());
        double besideRate = 0;
        for (int c = 0; c < rates.length; c++) {
            if (rates[c] > 0) {
                types.add(type(c, rates[c], paid, busy, extra / total));
                double all = paid.totalDemandAt(c, busy);
                double beside = all - shapes.waitedForSeconds(c, all);
                if (beside > 1e-3 * all) {
                    types.add(load("beside " + run.classes().get(c).name(), rates[c], beside));
                    besideRate += rates[c];
                }
            }
        }
        if (backgroundRate > 0) {
            types.add(load("background", backgroundRate, BACKGROUND_JOB_SECONDS));
        }
        var system = new ServiceSystem(
                List.of(
                        new Station(
                                "cores",
                                servers(),
                                Discipline.PROCESSOR_SHARING,
                                pauses.perRequest() * total,
                                ServiceTime.exponential(Math.max(1e-6, pauses.seconds()))),
                        new Station("elsewhere", 0, Discipline.FIRST_COME_FIRST_SERVED)),
                condition.poolSize().isPresent()
                        ? List.of(new Pool("connections", condition.poolSize().getAsInt()))
                        : List.of(),
                types);
        return Optional.of(SystemSimulation.run(
                system, Source.arrivals(total + besideRate + backgroundRate), Plan.of(REQUESTS, run.seed())));
    }

    /** CPU that nobody waits for. */
    private RequestType load(String name, double rate, double seconds) {
        return new RequestType(
                name, rate, List.of(Step.serve(CORES, ServiceTime.exponential(slower() * seconds))), false);
    }

    private int servers() {
        return (int) Math.max(1, Math.round(condition.cores()));
    }

    /** A part of a core is played as a whole one that is slower. */
    private double slower() {
        return servers() / condition.cores();
    }

    private static double background(DemandModel model) {
        double background = 0;
        for (double cores : model.background()) {
            background += cores;
        }
        return background;
    }

    private RequestType type(int c, double rate, DemandModel model, double busy, double moreDatabaseSeconds) {
        double all = model.totalDemandAt(c, busy);
        double statements = setting.statements()[c];
        double delay = shapes.delaySeconds(c, all);
        // What the collector takes while everybody waits is played as pauses, and must not be paid twice.
        double collected = pauses.perRequest() * pauses.seconds();
        double waitedFor = all == 0 ? 0 : shapes.waitedForSeconds(c, all) / all;
        double database = waitedFor * (setting.database() < 0 ? 0 : model.demandAt(setting.database(), c, busy));
        double application = Math.max(0.2 * (waitedFor * all - database), waitedFor * all - database - collected);
        boolean pooled = condition.poolSize().isPresent() && statements > 0;
        var steps = new ArrayList<Step>();
        steps.add(Step.serve(ELSEWHERE, ServiceTime.constant(Math.max(1e-9, delay))));
        steps.add(Step.serve(CORES, shapes.scaled(c, slower() * application * (1 - AFTER_DATABASE))));
        if (pooled) {
            steps.add(Step.take(CONNECTIONS));
        }
        steps.add(Step.serve(CORES, shapes.scaled(c, slower() * (database + moreDatabaseSeconds))));
        if (statements * condition.roundTripSeconds() > 0) {
            steps.add(Step.serve(ELSEWHERE, ServiceTime.constant(statements * condition.roundTripSeconds())));
        }
        if (pooled) {
            steps.add(Step.give(CONNECTIONS));
        }
        steps.add(Step.serve(CORES, shapes.scaled(c, slower() * application * AFTER_DATABASE)));
        return new RequestType(
                run.classes().get(c).name(), rate, steps, setting.mix().headline()[c]);
    }
}
