package me.musclemap.capacity.solve;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.musclemap.capacity.network.ConnectionPool;
import me.musclemap.capacity.network.LayeredPools;
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
import me.musclemap.capacity.solve.Answer.Reason;

/** Cases of pools in front of stations. */
final class PoolCases {
    private static final long SEED = 20_261_122;
    private static final long REQUESTS_CROSS_CHECK = 400_000;
    private static final long REQUESTS = 4_000_000;
    private static final int MOST = 1_000_000;
    private static final int CORES = 0;
    private static final int DISK = 1;
    private static final int THREADS = 0;
    private static final int CONNECTIONS = 1;

    private PoolCases() {}

    static Answer solve(Inputs in) {
        return in.has("users") || in.has("threads") ? layered(in) : pool(in);
    }

    private static Answer pool(Inputs in) {
        ConnectionPool pool = new ConnectionPool(
                in.notNegative("lam"),
                in.count("pool", 1, MOST),
                in.count("cpu_servers", 1, MOST),
                in.notNegative("cpu_service"),
                in.notNegative("disk_service"));
        double saturation = pool.saturationRate();
        if (pool.arrivalsPerSecond() >= saturation) {
            return Answer.infeasible(
                            Reason.UNSTABLE,
                            "lam: " + pool.arrivalsPerSecond() + "/s is not below the " + saturation
                                    + "/s that the full pool sustains")
                    .put("flow_equivalent", new Answer().put("pool_saturation_rate", saturation));
        }
        ConnectionPool.Means flow = pool.flowEquivalent();
        Answer equivalent = new Answer()
                .put("pool_saturation_rate", saturation)
                .put("mean_response", flow.meanResponseSeconds())
                .put("mean_pool_wait", flow.meanPoolWaitSeconds());
        if (!pool.exactIsKnown()) {
            return new Answer().put("flow_equivalent", equivalent).put("simulation", simulated(pool));
        }
        ConnectionPool.Means exact = pool.exact();
        return new Answer()
                .put(
                        "exact_ctmc",
                        new Answer()
                                .put("X", exact.throughputPerSecond())
                                .put("mean_pool_wait", exact.meanPoolWaitSeconds())
                                .put("mean_in_pool", exact.meanHoldSeconds())
                                .put("mean_response", exact.meanResponseSeconds())
                                .put("prob_pool_full", exact.probabilityPoolFull()))
                .put("flow_equivalent", equivalent)
                .put("flow_equivalent_error", flow.meanResponseSeconds() / exact.meanResponseSeconds() - 1);
    }

    private static Answer simulated(ConnectionPool pool) {
        ServiceSystem system = new ServiceSystem(
                List.of(
                        new Station("cpu", pool.processors(), Discipline.FIRST_COME_FIRST_SERVED),
                        new Station("disk", 1, Discipline.FIRST_COME_FIRST_SERVED)),
                List.of(new Pool("connections", pool.connections())),
                List.of(new RequestType(
                        "request",
                        1,
                        List.of(
                                Step.take(0),
                                Step.serve(CORES, exponential(pool.processorSeconds())),
                                Step.serve(DISK, exponential(pool.diskSeconds())),
                                Step.give(0)))));
        if (pool.arrivalsPerSecond() == 0) {
            return new Answer().put("X", 0.0);
        }
        SystemSimulation simulation =
                SystemSimulation.run(system, Source.arrivals(pool.arrivalsPerSecond()), Plan.of(REQUESTS, SEED));
        return new Answer()
                .put("X", simulation.throughput().value())
                .put("mean_pool_wait", simulation.meanPoolWait(0).value())
                .put("mean_response", simulation.meanResponse().value())
                .put("prob_pool_full", simulation.poolFull(0).value());
    }

    private static ServiceTime exponential(double seconds) {
        return seconds == 0 ? ServiceTime.nothing() : ServiceTime.exponential(seconds);
    }

    private static Answer layered(Inputs in) {
        LayeredPools pools = new LayeredPools(
                in.count("users", 0, MOST),
                in.notNegative("think", 0),
                in.count("threads", 1, MOST),
                in.count("connections", 1, MOST),
                in.count("cores", 1, MOST),
                in.notNegative("api_cpu"),
                in.notNegative("db_cpu"),
                in.notNegative("disk"));
        double cycle = pools.thinkSeconds() + pools.apiSeconds() + pools.databaseSeconds() + pools.diskSeconds();
        if (pools.users() > 0 && cycle == 0) {
            return Answer.infeasible(
                    Reason.INFEASIBLE, "think, api_cpu, db_cpu, disk: all 0, so the rate has no bound");
        }
        Shape shape = Shape.of(in);
        Optional<LayeredPools.Means> exact = shape.isExponential() ? pools.exact() : Optional.empty();
        if (pools.users() == 0) {
            return answer(new LayeredPools.Means(0, 0, 0, 0, 0, 0));
        }
        SystemSimulation simulation = simulate(pools, shape, exact.isPresent() ? REQUESTS_CROSS_CHECK : REQUESTS);
        Answer halfWidths = new Answer()
                .put("X", simulation.throughput().halfWidth())
                .put("response", simulation.meanResponse().halfWidth());
        if (exact.isEmpty()) {
            return answer(means(simulation)).put("method", "simulation").put("ci95_half_width", halfWidths);
        }
        LayeredPools.Means means = exact.get();
        boolean agree = simulation.throughput().agreesWith(means.throughputPerSecond(), 0.02)
                && simulation.meanResponse().agreesWith(means.responseSeconds(), 0.02);
        return answer(means)
                .put("method", "Markov chain")
                .put("simulation", answer(means(simulation)).put("ci95_half_width", halfWidths))
                .put("simulation_agrees", agree);
    }

    private static Answer answer(LayeredPools.Means means) {
        return new Answer()
                .put("X", means.throughputPerSecond())
                .put("response", means.responseSeconds())
                .put("cpu_utilisation", means.processorUtilisation())
                .put("disk_utilisation", means.diskUtilisation())
                .put("mean_thread_wait", means.meanThreadWaitSeconds())
                .put("mean_conn_wait", means.meanConnectionWaitSeconds());
    }

    private static LayeredPools.Means means(SystemSimulation simulation) {
        return new LayeredPools.Means(
                simulation.throughput().value(),
                simulation.meanResponse().value(),
                simulation.utilisation(CORES).value(),
                simulation.utilisation(DISK).value(),
                simulation.meanPoolWait(THREADS).value(),
                simulation.meanPoolWait(CONNECTIONS).value());
    }

    private static SystemSimulation simulate(LayeredPools pools, Shape shape, long requests) {
        ServiceSystem system = new ServiceSystem(
                List.of(
                        new Station("cores", pools.cores(), Discipline.PROCESSOR_SHARING),
                        new Station("disk", 1, Discipline.FIRST_COME_FIRST_SERVED)),
                List.of(new Pool("threads", pools.threads()), new Pool("connections", pools.connections())),
                List.of(new RequestType(
                        "request",
                        1,
                        List.of(
                                Step.take(THREADS),
                                Step.serve(CORES, shape.service(pools.apiSeconds())),
                                Step.take(CONNECTIONS),
                                Step.serve(CORES, shape.service(pools.databaseSeconds())),
                                Step.serve(DISK, shape.service(pools.diskSeconds())),
                                Step.give(CONNECTIONS),
                                Step.give(THREADS)))));
        return SystemSimulation.run(
                system, Source.users(pools.users(), exponential(pools.thinkSeconds())), Plan.of(requests, SEED));
    }

    /** The shape of the service times; think times are exponential. */
    private record Shape(String name, double squaredVariation) {
        private static final Pattern VARIATION = Pattern.compile("cv(?:2|\\^2|²)\\s*[=:]?\\s*(\\d+(?:\\.\\d+)?)");

        static Shape of(Inputs in) {
            String name = in.text("distribution", "exponential")
                    .toLowerCase(Locale.ROOT)
                    .strip();
            if (name.startsWith("exponential")) {
                return new Shape(name, 1);
            }
            if (name.startsWith("determin") || name.startsWith("constant")) {
                return new Shape(name, 0);
            }
            if (name.contains("hyper")) {
                return new Shape("hyper", Math.max(1, variation(in, name)));
            }
            if (name.contains("lognormal")) {
                return new Shape("lognormal", variation(in, name));
            }
            if (name.startsWith("erlang")) {
                String stages = name.replaceAll("\\D", "");
                return new Shape("gamma", stages.isEmpty() ? in.positive("cv2") : 1 / Double.parseDouble(stages));
            }
            throw new InvalidInputException(
                    "distribution",
                    "'" + name
                            + "' is not known: give exponential, deterministic, Erlang-k, lognormal or hyperexponential");
        }

        /** As an input of its own, or in the words: "lognormal, cv2 = 4". */
        private static double variation(Inputs in, String name) {
            Matcher stated = VARIATION.matcher(name);
            return !in.has("cv2") && stated.find() ? Double.parseDouble(stated.group(1)) : in.notNegative("cv2");
        }

        boolean isExponential() {
            return name.startsWith("exponential");
        }

        ServiceTime service(double mean) {
            if (mean == 0) {
                return ServiceTime.nothing();
            }
            if (squaredVariation == 0) {
                return ServiceTime.constant(mean);
            }
            return name.equals("lognormal")
                    ? ServiceTime.lognormal(mean, squaredVariation)
                    : name.equals("hyper")
                            ? ServiceTime.hyperexponential(mean, squaredVariation)
                            : ServiceTime.gamma(mean, squaredVariation);
        }
    }
}
