package me.musclemap.capacity.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Normalising constants at every population from none to all, one axis for each class.
 *
 * <p>A value is {@code mantissa * 2^(512 * exponent)}. Constants of large populations span thousands of decades; two
 * numbers of which neither is lost keep full precision and cost less than logarithms. Every operation adds and
 * multiplies numbers that are not negative, so errors do not grow by cancellation.
 *
 * <p>Not thread-safe: operations change the lattice.
 */
final class Lattice {
    private static final double STEP_UP = 0x1p512;
    private static final double STEP_DOWN = 0x1p-512;
    private static final double LARGEST = 0x1p256;
    private static final double SMALLEST = 0x1p-256;
    /** The exponent of zero: below every other, and far enough from the edge to be subtracted. */
    private static final int ZERO = Integer.MIN_VALUE / 4;

    private final int[] population;
    private final int[] stride;
    private final double[] mantissa;
    private final int[] exponent;

    private Lattice(int[] population, int[] stride, double[] mantissa, int[] exponent) {
        this.population = population;
        this.stride = stride;
        this.mantissa = mantissa;
        this.exponent = exponent;
    }

    /** The lattice of users who only think: the product over classes of {@code think^n / n!}. */
    static Lattice ofThinking(int[] population, double[] think) {
        int axes = population.length;
        int[] stride = new int[axes];
        int points = 1;
        for (int axis = axes - 1; axis >= 0; axis--) {
            stride[axis] = points;
            points = Math.multiplyExact(points, population[axis] + 1);
        }
        Lattice lattice = new Lattice(population.clone(), stride, new double[points], new int[points]);
        Arrays.fill(lattice.exponent, ZERO);
        lattice.mantissa[0] = 1;
        lattice.exponent[0] = 0;
        for (int axis = axes - 1; axis >= 0; axis--) {
            lattice.spread(axis, think[axis]);
        }
        return lattice;
    }

    /** Fills axis {@code axis} from the points at which it and all slower axes are 0. */
    private void spread(int axis, double think) {
        int block = stride[axis];
        for (int n = 1; n <= population[axis]; n++) {
            for (int i = n * block; i < (n + 1) * block; i++) {
                store(i, mantissa[i - block] * think / n, exponent[i - block]);
            }
        }
    }

    Lattice copy() {
        return new Lattice(population, stride, mantissa.clone(), exponent.clone());
    }

    /** Index of the point at which every class is complete. */
    int last() {
        return mantissa.length - 1;
    }

    /** Index of the point at which class {@code axis} lacks one user and the others are complete. */
    int lastWithout(int axis) {
        return last() - stride[axis];
    }

    /** The value at {@code index} as a share of the value of {@code other} at {@code otherIndex}. */
    double ratio(int index, Lattice other, int otherIndex) {
        if (mantissa[index] == 0) {
            return 0;
        }
        return Math.scalb(
                mantissa[index] / other.mantissa[otherIndex], 512 * (exponent[index] - other.exponent[otherIndex]));
    }

    boolean isZero(int index) {
        return mantissa[index] == 0;
    }

    /** Multiplies by {@code factor / (1 - sum weight_c z_c)}. */
    void divide(double factor, double[] weight) {
        Rows rows = new Rows(weight);
        int length = rows.length;
        double along = rows.along;
        for (int row = 0; row < rows.count; row++) {
            rows.forward(row);
            int start = row * length;
            for (int n = 0; n < length; n++) {
                int i = start + n;
                double sum = mantissa[i] * factor;
                int scale = exponent[i];
                for (int t = n > 0 ? -1 : 0; t < rows.terms; t++) {
                    int from = t < 0 ? i - 1 : i - rows.offset[t];
                    double term = mantissa[from] * (t < 0 ? along : rows.weightOf[t]);
                    int above = exponent[from] - scale;
                    if (above == 0) {
                        sum += term;
                    } else if (above > 0) {
                        sum = above == 1 ? sum * STEP_DOWN + term : term;
                        scale = exponent[from];
                    } else if (above == -1) {
                        sum += term * STEP_DOWN;
                    }
                }
                store(i, sum, scale);
            }
        }
    }

    /** Multiplies by {@code factor * (shift + sum weight_c z_c)}, and then adds {@code addend} if there is one. */
    void multiply(double factor, double shift, double[] weight, @Nullable Lattice addend) {
        Rows rows = new Rows(weight);
        int length = rows.length;
        double along = rows.along;
        for (int row = rows.count - 1; row >= 0; row--) {
            rows.forward(row);
            int start = row * length;
            for (int n = length - 1; n >= 0; n--) {
                int i = start + n;
                double sum = mantissa[i] * shift * factor;
                int scale = shift == 0 ? ZERO : exponent[i];
                for (int t = n > 0 ? -1 : 0; t < rows.terms; t++) {
                    int from = t < 0 ? i - 1 : i - rows.offset[t];
                    double term = mantissa[from] * (t < 0 ? along : rows.weightOf[t]) * factor;
                    int above = exponent[from] - scale;
                    if (above == 0) {
                        sum += term;
                    } else if (above > 0) {
                        sum = above == 1 ? sum * STEP_DOWN + term : term;
                        scale = exponent[from];
                    } else if (above == -1) {
                        sum += term * STEP_DOWN;
                    }
                }
                if (addend != null) {
                    int above = addend.exponent[i] - scale;
                    if (above == 0) {
                        sum += addend.mantissa[i];
                    } else if (above > 0) {
                        sum = above == 1 ? sum * STEP_DOWN + addend.mantissa[i] : addend.mantissa[i];
                        scale = addend.exponent[i];
                    } else if (above == -1) {
                        sum += addend.mantissa[i] * STEP_DOWN;
                    }
                }
                store(i, sum, scale);
            }
        }
    }

    private void store(int i, double value, int scale) {
        if (value >= SMALLEST && value <= LARGEST) {
            mantissa[i] = value;
            exponent[i] = scale;
        } else if (value > LARGEST) {
            mantissa[i] = value * STEP_DOWN;
            exponent[i] = scale + 1;
        } else if (value == 0) {
            mantissa[i] = 0;
            exponent[i] = ZERO;
        } else {
            mantissa[i] = value * STEP_UP;
            exponent[i] = scale - 1;
        }
    }

    /** The rows of the fastest axis, and for the current row the neighbours that exist on the slower axes. */
    private final class Rows {
        final int length;
        final int count;
        final double along;
        final double[] weightOf;
        final int[] offset;
        int terms;
        private final double[] weight;

        Rows(double[] weight) {
            int axes = population.length;
            this.weight = weight;
            length = axes == 0 ? 1 : population[axes - 1] + 1;
            count = mantissa.length / length;
            along = axes == 0 ? 0 : weight[axes - 1];
            weightOf = new double[axes];
            offset = new int[axes];
        }

        void forward(int row) {
            terms = 0;
            int rest = row;
            for (int axis = population.length - 2; axis >= 0; axis--) {
                int size = population[axis] + 1;
                if (rest % size > 0 && weight[axis] > 0) {
                    weightOf[terms] = weight[axis];
                    offset[terms++] = stride[axis];
                }
                rest /= size;
            }
        }
    }
}
