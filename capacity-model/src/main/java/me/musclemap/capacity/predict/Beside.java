package me.musclemap.capacity.predict;

import java.util.List;
import java.util.Optional;
import me.musclemap.capacity.fit.ForeignLoad;
import me.musclemap.capacity.fit.GeneratorCost;
import me.musclemap.capacity.fit.SecondCore;

/**
 * Figures where the load generator shares the system's cores: one for each station, then the generator's, then that of all of
 * them. The rest of the cores counts in no sum: the lab and the host agent run there too.
 */
final class Beside {
    private Beside() {}

    /**
     * What the generator keeps busy when all of the cores are so busy.
     *
     * @param apart cores that it kept busy where it had one of its own
     * @param theirs what a neighbour costs it
     */
    static double cores(double apart, SecondCore theirs, double utilisation, double cores) {
        return apart * theirs.factor(utilisation, cores);
    }

    /** @param load by station; what follows is not looked at */
    static double[] of(List<String> stations, double[] load, double generator) {
        int n = stations.size();
        double[] figures = new double[n + 2];
        double total = generator;
        for (int s = 0; s < n; s++) {
            figures[s] = load[s];
            total += ForeignLoad.isRest(stations.get(s)) ? 0 : load[s];
        }
        figures[n] = generator;
        figures[n + 1] = Math.min(1, total);
        return figures;
    }

    /** The station of a figure; empty for all of them. */
    static Optional<String> name(List<String> stations, int index) {
        int n = stations.size();
        return index < n
                ? Optional.of(stations.get(index))
                : index == n ? Optional.of(GeneratorCost.STATION) : Optional.empty();
    }
}
