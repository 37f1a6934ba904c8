package me.musclemap.capacity.simulate;

import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long to simulate. Replications are independent and run on all cores; the same seed gives the same numbers on any
 * machine.
 *
 * @param requests counted in each replication, at least 100
 * @param warmUp requests of each replication that are not counted, at its start
 * @param replications at least 2
 * @param seed of the random numbers
 */
public record Plan(int requests, int warmUp, int replications, long seed) {
    private static final int REPLICATIONS = 10;

    /** Checks the numbers. */
    public Plan {
        if (requests < 100 || warmUp < 0 || replications < 2) {
            throw new IllegalArgumentException("requests=" + requests + " warmUp=" + warmUp + " replications="
                    + replications + ": give at least 100 requests and 2 replications");
        }
    }

    /** Ten replications of {@code total} requests together, with a tenth more to warm up. */
    public static Plan of(long total, long seed) {
        int each = Math.toIntExact(Math.max(100, total / REPLICATIONS));
        return new Plan(each, each / 10, REPLICATIONS, seed);
    }

    /** The results of {@code replication}, each with a generator of its own, in order. */
    <R> Stream<R> run(Function<SplittableRandom, R> replication) {
        SplittableRandom root = new SplittableRandom(seed);
        SplittableRandom[] generator =
                IntStream.range(0, replications).mapToObj(i -> root.split()).toArray(SplittableRandom[]::new);
        return IntStream.range(0, replications).parallel().mapToObj(i -> replication.apply(generator[i]));
    }
}
