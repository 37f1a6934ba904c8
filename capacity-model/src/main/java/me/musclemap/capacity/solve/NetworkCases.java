package me.musclemap.capacity.solve;

import java.util.Arrays;
import java.util.stream.IntStream;
import me.musclemap.capacity.network.Bounds;
import me.musclemap.capacity.network.Network;
import me.musclemap.capacity.network.NetworkSolution;
import me.musclemap.capacity.network.ProductForm;

/** Cases of product-form networks. */
final class NetworkCases {
    private static final int SERVERS_MAX = 1_000_000_000;
    private static final double USERS_MAX = 1e12;

    private NetworkCases() {}

    private static int[] servers(Inputs in, int stations) {
        int[] servers = in.counts("servers", 0, SERVERS_MAX);
        Inputs.requireLength("servers", servers.length, stations);
        return servers;
    }

    /** Demands of {@code classes} classes; all rows are as long as the first. */
    private static double[][] demand(Inputs in, String key, int classes) {
        double[][] rows = in.rows(key);
        int stations = rows.length == 0 ? 0 : rows[0].length;
        Inputs.requireLength(key, rows.length, classes);
        return in.notNegativeRows(key, stations);
    }

    private static int stations(Inputs in, double[][] demand, String... keys) {
        if (demand.length > 0) {
            return demand[0].length;
        }
        if (in.has("servers")) {
            return in.numbers("servers").length;
        }
        throw new InvalidInputException(keys[0], "no class: give at least one");
    }

    private static double[] think(Inputs in, String key, int classes) {
        if (!in.has(key)) {
            return new double[classes];
        }
        double[] think = in.notNegatives(key);
        Inputs.requireLength(key, think.length, classes);
        return think;
    }

    private static long[] population(Inputs in, String key) {
        double[] users = in.numbers(key);
        for (int c = 0; c < users.length; c++) {
            if (!(users[c] >= 0 && users[c] <= USERS_MAX && users[c] == Math.rint(users[c]))) {
                throw new InvalidInputException(
                        key + "[" + c + "]", users[c] + " must be a whole number from 0 to " + USERS_MAX);
            }
        }
        return Arrays.stream(users).mapToLong(u -> (long) u).toArray();
    }

    private static Answer unstable(ProductForm.UnstableException e) {
        return QueueCases.unstable(e.utilisation()).put("saturated_station", e.station());
    }

    static Answer open(Inputs in) {
        double[] rate = in.notNegatives("lam");
        double[][] demand = demand(in, "demand", rate.length);
        int stations = stations(in, demand, "lam");
        Network network = Network.withoutThink(demand, servers(in, stations));
        double[] offered = IntStream.range(0, stations)
                .mapToDouble(k -> network.offeredLoad(k, rate) / Math.max(1, network.servers(k)))
                .toArray();
        NetworkSolution solution;
        try {
            solution = ProductForm.open(network, rate);
        } catch (ProductForm.UnstableException e) {
            return unstable(e).put("offered_utilisation", offered);
        }
        double[] queue =
                IntStream.range(0, stations).mapToDouble(solution::queueLength).toArray();
        return new Answer()
                .put("feasible", true)
                .put("U", offered)
                .put("offered_utilisation", offered)
                .put("R", byClass(solution, solution::residence))
                .put("Q", queue)
                .put("response", classes(solution, solution::response));
    }

    static Answer closed(Inputs in) {
        long[] population = population(in, "population");
        double[][] demand = demand(in, "demand", population.length);
        int[] servers = servers(in, stations(in, demand, "population"));
        Network network = new Network(demand, servers, think(in, "think", population.length));
        NetworkSolution solution = ProductForm.closed(network, population);
        Answer answer = new Answer()
                .put("X", classes(solution, solution::throughput))
                .put("Q", byClass(solution, solution::queueLength))
                .put("U", byClass(solution, solution::utilisation))
                .put("R", byClass(solution, solution::residence))
                .put("response", classes(solution, solution::response));
        return solution.exact() ? answer : answer.put("method", "not exact: too large for the lattice");
    }

    static Answer mixed(Inputs in) {
        double[] rate = in.notNegatives("open_lambda");
        long[] population = population(in, "closed_N");
        double[][] openDemand = demand(in, "open_demand", rate.length);
        double[][] closedDemand = demand(in, "closed_demand", population.length);
        int stations = stations(in, closedDemand.length > 0 ? closedDemand : openDemand, "closed_N");
        if (openDemand.length > 0) {
            Inputs.requireLength("open_demand[0]", openDemand[0].length, stations);
        }
        int[] servers = servers(in, stations);
        String thinkKey = in.has("closed_think") ? "closed_think" : in.has("closed_Z") ? "closed_Z" : "think";
        Network closed = new Network(closedDemand, servers, think(in, thinkKey, population.length));
        Network open = Network.withoutThink(openDemand, servers);
        ProductForm.MixedSolution mixed;
        try {
            mixed = ProductForm.mixed(closed, population, open, rate);
        } catch (ProductForm.UnstableException e) {
            return unstable(e);
        }
        NetworkSolution c = mixed.closed();
        NetworkSolution o = mixed.open();
        return new Answer()
                .put("closed_X", classes(c, c::throughput))
                .put("closed_Q", byClass(c, c::queueLength))
                .put("closed_R", byClass(c, c::residence))
                .put("open_Q", byClass(o, o::queueLength))
                .put("open_U", byClass(o, o::utilisation))
                .put("open_R", byClass(o, o::residence));
    }

    static Answer bounds(Inputs in) {
        double users = in.notNegative("N");
        double[] demand = in.notNegatives("demand");
        double think = in.notNegative("think", 0);
        Bounds bounds = Bounds.of(users, demand, think);
        int[] one = new int[demand.length];
        Arrays.fill(one, 1);
        Answer answer = new Answer()
                .put("x_upper", bounds.upperPerSecond())
                .put("x_lower", bounds.lowerPerSecond())
                .put("n_star", bounds.users());
        if (users != Math.rint(users) || users > USERS_MAX) {
            return answer; // bounds hold for any number; the exact throughput is of whole users
        }
        Network network = new Network(new double[][] {demand}, one, new double[] {think});
        return answer.put(
                "exact_x",
                ProductForm.closed(network, new long[] {(long) users}).throughput(0));
    }

    @FunctionalInterface
    private interface ByClass {
        double at(int c);
    }

    @FunctionalInterface
    private interface ByClassAndStation {
        double at(int c, int k);
    }

    private static double[] classes(NetworkSolution solution, ByClass value) {
        return IntStream.range(0, solution.classes()).mapToDouble(value::at).toArray();
    }

    private static double[][] byClass(NetworkSolution solution, ByClassAndStation value) {
        return IntStream.range(0, solution.classes())
                .mapToObj(c -> IntStream.range(0, solution.stations())
                        .mapToDouble(k -> value.at(c, k))
                        .toArray())
                .toArray(double[][]::new);
    }
}
