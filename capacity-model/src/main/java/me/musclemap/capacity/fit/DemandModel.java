package me.musclemap.capacity.fit;

import java.util.function.DoubleUnaryOperator;

/**
 * What requests cost: cores busy at station s = background + sum over classes of rate x (demand + load part x factor of the
 * utilisation). The utilisation depends on the cores busy in turn, so a load is solved as a fixed point.
 *
 * <p>Source: the utilisation law, Lazowska et al., Quantitative System Performance (1984), section 3.2.
 *
 * <p>Immutable by agreement: the arrays are not to be changed.
 *
 * @param background cores busy without a request, by station
 * @param demand CPU seconds per request, by station and class
 * @param loadPart CPU seconds per request of any class that depend on the load, by station
 * @param growth CPU seconds that a request of any class costs more each time that the workouts double, by station
 * @param workouts the size of the data that {@code demand} is of; 0 where it is not known
 * @param secondCore what all of it is multiplied by on more cores than were fitted
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record DemandModel(
        double[] background,
        double[][] demand,
        double[] loadPart,
        LoadForm form,
        double[] growth,
        double workouts,
        SecondCore secondCore) {
    private static final int ROUNDS = 60;

    /** Costs of which nothing is known on more cores. */
    public DemandModel(
            double[] background,
            double[][] demand,
            double[] loadPart,
            LoadForm form,
            double[] growth,
            double workouts) {
        this(background, demand, loadPart, form, growth, workouts, SecondCore.NOT_MEASURED);
    }

    /** The same costs, where a second core is worth something else. */
    public DemandModel with(SecondCore other) {
        return new DemandModel(background, demand, loadPart, form, growth, workouts, other);
    }

    /** Costs that do not grow with the data. */
    public DemandModel(double[] background, double[][] demand, double[] loadPart, LoadForm form) {
        this(background, demand, loadPart, form, new double[background.length], 0);
    }

    /** The same service with so many workouts in its database; itself where growth was not measured. */
    public DemandModel grownTo(double workoutCount) {
        if (!(workouts > 0) || !(workoutCount > 0)) {
            return this;
        }
        double doublings = Math.log(workoutCount / workouts) / Math.log(2);
        double[][] grown = new double[demand.length][];
        for (int s = 0; s < grown.length; s++) {
            grown[s] = demand[s].clone();
            for (int c = 0; c < grown[s].length; c++) {
                grown[s][c] = Math.max(0, grown[s][c] + growth[s] * doublings);
            }
        }
        return new DemandModel(background, grown, loadPart, form, growth, workoutCount, secondCore);
    }

    /**
     * Cores busy at a load.
     *
     * @param busyCores by station
     * @param utilisation sum of them over the cores; above 1 the load cannot be carried
     */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    public record Load(double[] busyCores, double utilisation) {}

    /** Solves for the cores busy under these rates by class, on so many shared cores. */
    public Load at(double[] ratesPerSecond, double cores) {
        return solve(ratesPerSecond, cores, utilisation -> 0);
    }

    /**
     * The same beside something else on the same cores, which they share as neighbours do.
     *
     * @param besideCores the cores that it keeps busy when all of them are so busy, falling nowhere; not looked at where cores do
     *     not mind each other
     * @return cores busy with these requests; the utilisation holds what is beside them
     */
    public Load beside(double[] ratesPerSecond, double cores, DoubleUnaryOperator besideCores) {
        return solve(ratesPerSecond, cores, secondCore.applies(cores) ? besideCores : utilisation -> 0);
    }

    private Load solve(double[] ratesPerSecond, double cores, DoubleUnaryOperator besideCores) {
        double fixed = sum(background);
        double requests = 0;
        for (int c = 0; c < ratesPerSecond.length; c++) {
            requests += ratesPerSecond[c];
            for (double[] station : demand) {
                fixed += ratesPerSecond[c] * station[c];
            }
        }
        double loadCost = requests * sum(loadPart);
        double low = 0;
        double high = ((fixed + loadCost) * secondCore.factor(1, cores) + besideCores.applyAsDouble(1)) / cores;
        // The right side moves by less than the left for a falling form and is bounded for a rising one: bisect, never
        // diverge.
        for (int round = 0; round < ROUNDS && high - low > 1e-13; round++) {
            double middle = (low + high) / 2;
            double own = (fixed + loadCost * form.factor(middle)) * secondCore.factor(middle, cores);
            if ((own + besideCores.applyAsDouble(middle)) / cores > middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double utilisation = (low + high) / 2;
        return new Load(busyCores(ratesPerSecond, utilisation, cores), utilisation);
    }

    private double[] busyCores(double[] ratesPerSecond, double utilisation, double cores) {
        double factor = form.factor(utilisation);
        double dearer = secondCore.factor(utilisation, cores);
        double[] busy = background.clone();
        for (int s = 0; s < busy.length; s++) {
            for (int c = 0; c < ratesPerSecond.length; c++) {
                busy[s] += ratesPerSecond[c] * (demand[s][c] + loadPart[s] * factor);
            }
            busy[s] *= dearer;
        }
        return busy;
    }

    /** CPU seconds of one request of a class at a station when as many cores as were fitted are so busy. */
    public double demandAt(int station, int requestClass, double utilisation) {
        return demand[station][requestClass] + loadPart[station] * form.factor(utilisation);
    }

    /** The costs that are paid on so many cores when these are so busy, as if they were the same under any load. */
    public DemandModel onCores(double utilisation, double cores) {
        return secondCore.applies(cores)
                ? scaled(secondCore.factor(utilisation, cores)).with(SecondCore.NOT_MEASURED)
                : this;
    }

    /** CPU seconds of one request of a class at all stations when as many cores as were fitted are so busy. */
    public double totalDemandAt(int requestClass, double utilisation) {
        double total = 0;
        for (int s = 0; s < demand.length; s++) {
            total += demandAt(s, requestClass, utilisation);
        }
        return total;
    }

    /** The same model with every cost, background included, multiplied. */
    public DemandModel scaled(double factor) {
        double[][] costs = new double[demand.length][];
        for (int s = 0; s < costs.length; s++) {
            costs[s] = times(demand[s], factor);
        }
        return new DemandModel(
                times(background, factor),
                costs,
                times(loadPart, factor),
                form,
                times(growth, factor),
                workouts,
                secondCore);
    }

    /** The same with so many times these cores busy more without a request, never fewer than none. */
    public DemandModel plusBackground(double[] cores, double times) {
        double[] more = background.clone();
        for (int s = 0; s < more.length; s++) {
            more[s] = Math.max(0, more[s] + times * cores[s]);
        }
        return new DemandModel(more, demand, loadPart, form, growth, workouts, secondCore);
    }

    private static double[] times(double[] values, double factor) {
        double[] result = values.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] *= factor;
        }
        return result;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
