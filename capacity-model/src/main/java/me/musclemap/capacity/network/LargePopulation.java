package me.musclemap.capacity.network;

import java.util.Arrays;
import java.util.stream.IntStream;
import me.musclemap.capacity.network.ProductForm.Stretches;

/**
 * Populations too large to convolve: the rates at which the users, thinking or waiting in the open network of those rates,
 * are as many as there are. The error falls as the population grows.
 *
 * <p>For given shares of the classes the users grow with the total rate, so bisection finds it; the shares are iterated.
 */
final class LargePopulation {
    private static final int ROUNDS_MAX = 1000;

    private final Network network;
    private final long[] population;
    private final double[] openLoad;

    private LargePopulation(Network network, long[] population, double[] openLoad) {
        this.network = network;
        this.population = population;
        this.openLoad = openLoad;
    }

    static Stretches stretches(Network network, long[] population, double[] openLoad) {
        return new LargePopulation(network, population, openLoad).solve();
    }

    private Stretches solve() {
        double[] rate = Approximation.throughput(network, population, openLoad);
        double[] stretch = stretch(rate);
        for (int round = 0; round < ROUNDS_MAX; round++) {
            double[] share = shares(stretch);
            double[] next = atTotal(share, total(share));
            double change = IntStream.range(0, rate.length)
                    .mapToDouble(c -> Math.abs(next[c] - rate[c]) / Math.max(next[c], Double.MIN_NORMAL))
                    .max()
                    .orElse(0);
            System.arraycopy(next, 0, rate, 0, rate.length);
            stretch = stretch(rate);
            if (change < 1e-12) {
                break;
            }
        }
        double[][] same = new double[rate.length][];
        for (int c = 0; c < rate.length; c++) {
            same[c] = population[c] == 0 ? new double[network.stations()] : stretch;
        }
        return new Stretches(rate, same, stretch, false);
    }

    private double cycle(int c, double[] stretch) {
        double seconds = network.think(c);
        for (int k = 0; k < network.stations(); k++) {
            seconds += network.demand(c, k) * stretch[k];
        }
        return seconds;
    }

    private double[] shares(double[] stretch) {
        double[] rate = IntStream.range(0, population.length)
                .mapToDouble(c -> population[c] == 0 ? 0 : population[c] / cycle(c, stretch))
                .toArray();
        double total = Arrays.stream(rate).sum();
        return Arrays.stream(rate).map(r -> r / total).toArray();
    }

    private static double[] atTotal(double[] share, double total) {
        return Arrays.stream(share).map(s -> s * total).toArray();
    }

    /** The total rate at which the users of all classes together are as many as there are. */
    private double total(double[] share) {
        double low = 0;
        double high = most(share);
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                return low;
            }
            double[] rate = atTotal(share, middle);
            double[] stretch = stretch(rate);
            double users = IntStream.range(0, share.length)
                    .mapToDouble(c -> rate[c] * cycle(c, stretch))
                    .sum();
            if (users < Arrays.stream(population).sum()) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    /** The total rate that saturates the first station, or that needs all users in service. */
    private double most(double[] share) {
        double[] alone = new double[network.stations()];
        Arrays.fill(alone, 1);
        double users = Arrays.stream(population).sum();
        double cycle = IntStream.range(0, share.length)
                .mapToDouble(c -> share[c] * cycle(c, alone))
                .sum();
        double most = users / cycle;
        for (int k = 0; k < network.stations(); k++) {
            double perRequest = network.offeredLoad(k, share);
            if (network.servers(k) > 0 && perRequest > 0) {
                most = Math.min(most, (network.servers(k) - openLoad[k]) / perRequest);
            }
        }
        return most;
    }

    private double[] stretch(double[] rate) {
        return IntStream.range(0, network.stations())
                .mapToDouble(k -> {
                    int servers = network.servers(k);
                    double load = openLoad[k] + network.offeredLoad(k, rate);
                    // at the very capacity the wait has no end: stay the last bits below it
                    return ProductForm.openStretch(
                            servers, Math.min(load, servers == 0 ? load : servers * (1 - 1e-15)));
                })
                .toArray();
    }
}
