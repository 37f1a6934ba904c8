package me.musclemap.capacity.network;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * The stationary distribution of a Markov chain whose states lie on levels, and which moves to a neighbouring level at
 * most: a queue length with a few phases for each length.
 *
 * <p>Source: G. Latouche and V. Ramaswami 1999: linear level reduction, and logarithmic reduction for an endless tail.
 */
final class LevelChain {
    private static final int ROUNDS_MAX = 60;

    private LevelChain() {}

    /** Rates of the chain, in events per second. */
    interface StateSpace {
        /** Number of phases of {@code level}. */
        int phases(int level);

        /** Reports every transition out of {@code phase} at {@code level} to {@code to}. */
        void transitions(int level, int phase, Transitions to);
    }

    /** Takes the transitions of a state. */
    @FunctionalInterface
    interface Transitions {
        /** A move by {@code levels} (-1, 0 or 1) into {@code phase} of that level, {@code rate} times a second. */
        void add(int levels, int phase, double rate);
    }

    /** Probabilities of the phases of one level's states up, within and down. */
    private record Blocks(RealMatrix up, RealMatrix local, RealMatrix down) {
        static Blocks of(StateSpace process, int level, boolean last) {
            int phases = process.phases(level);
            RealMatrix up = zeros(phases, last ? 1 : process.phases(level + 1));
            RealMatrix local = zeros(phases, phases);
            RealMatrix down = zeros(phases, level == 0 ? 1 : process.phases(level - 1));
            for (int phase = 0; phase < phases; phase++) {
                int from = phase;
                process.transitions(level, phase, (levels, to, rate) -> {
                    local.addToEntry(from, from, -rate);
                    (levels > 0 ? up : levels < 0 ? down : local).addToEntry(from, to, rate);
                });
            }
            return new Blocks(up, local, down);
        }
    }

    /** The shares of time {@code [level][phase]} of a chain that ends at {@code lastLevel}. */
    static double[][] finite(StateSpace process, int lastLevel) {
        RealMatrix[] rates = new RealMatrix[lastLevel + 1];
        Blocks above = Blocks.of(process, lastLevel, true);
        RealMatrix returning = zeros(process.phases(lastLevel), process.phases(lastLevel));
        for (int level = lastLevel - 1; level >= 0; level--) {
            Blocks blocks = Blocks.of(process, level, false);
            rates[level] =
                    blocks.up().multiply(inverse(above.local().add(returning).scalarMultiply(-1)));
            returning = rates[level].multiply(above.down());
            above = blocks;
        }
        double[] first = firstLevel(above.local().add(returning));
        double[][] share = new double[lastLevel + 1][];
        share[0] = first;
        for (int level = 1; level <= lastLevel; level++) {
            share[level] = rates[level - 1].preMultiply(share[level - 1]);
        }
        normalise(share, 0);
        return share;
    }

    /**
     * The shares of time of the levels up to {@code from}, from which on all levels are alike, and the tail: the last
     * rows are {@code sum_{j>=1} share(from + j)} and {@code sum_{j>=1} j share(from + j)} by phase.
     */
    static double[][] endless(StateSpace process, int from) {
        Blocks alike = Blocks.of(process, from + 1, false);
        RealMatrix tail = tailRates(alike);
        RealMatrix[] rates = new RealMatrix[from + 1];
        Blocks above = Blocks.of(process, from, false);
        RealMatrix returning = tail.multiply(alike.down());
        for (int level = from - 1; level >= 0; level--) {
            Blocks blocks = Blocks.of(process, level, false);
            rates[level] =
                    blocks.up().multiply(inverse(above.local().add(returning).scalarMultiply(-1)));
            returning = rates[level].multiply(above.down());
            above = blocks;
        }
        double[][] share = new double[from + 3][];
        share[0] = firstLevel(above.local().add(returning));
        for (int level = 1; level <= from; level++) {
            share[level] = rates[level - 1].preMultiply(share[level - 1]);
        }
        RealMatrix sum = inverse(
                MatrixUtils.createRealIdentityMatrix(tail.getRowDimension()).subtract(tail));
        share[from + 1] = sum.preMultiply(tail.preMultiply(share[from]));
        share[from + 2] = sum.preMultiply(share[from + 1]);
        normalise(share, 1);
        return share;
    }

    /** R with {@code share(n + 1) = share(n) R}, by logarithmic reduction. */
    private static RealMatrix tailRates(Blocks blocks) {
        RealMatrix identity =
                MatrixUtils.createRealIdentityMatrix(blocks.local().getRowDimension());
        RealMatrix stay = inverse(blocks.local().scalarMultiply(-1));
        RealMatrix high = stay.multiply(blocks.up());
        RealMatrix low = stay.multiply(blocks.down());
        RealMatrix first = low;
        RealMatrix path = high;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            RealMatrix around = high.multiply(low).add(low.multiply(high));
            RealMatrix once = inverse(identity.subtract(around));
            high = once.multiply(high.multiply(high));
            low = once.multiply(low.multiply(low));
            RealMatrix more = path.multiply(low);
            first = first.add(more);
            path = path.multiply(high);
            if (more.getNorm() < 1e-17 || path.getNorm() < 1e-17) {
                break;
            }
        }
        RealMatrix leave = blocks.local().add(blocks.up().multiply(first)).scalarMultiply(-1);
        return blocks.up().multiply(inverse(leave));
    }

    /** The distribution over the phases of level 0 of the chain censored on it, up to a factor. */
    private static double[] firstLevel(RealMatrix censored) {
        double[][] rate = censored.getData();
        for (double[] row : rate) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.max(0, row[j]);
            }
        }
        return MarkovChain.stationary(rate);
    }

    private static void normalise(double[][] share, int beyond) {
        double total = 0;
        for (int level = 0; level < share.length - beyond; level++) {
            for (double value : share[level]) {
                total += value;
            }
        }
        for (double[] row : share) {
            for (int j = 0; j < row.length; j++) {
                row[j] /= total;
            }
        }
    }

    private static RealMatrix inverse(RealMatrix matrix) {
        return new LUDecomposition(matrix, 0).getSolver().getInverse();
    }

    private static RealMatrix zeros(int rows, int columns) {
        return new Array2DRowRealMatrix(rows, columns);
    }
}
