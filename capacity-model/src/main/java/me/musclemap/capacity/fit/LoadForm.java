package me.musclemap.capacity.fit;

/** How the CPU cost of a request depends on how busy the cores are. */
public enum LoadForm {
    /** It does not: the fitted intercept meets the idle window. */
    CONSTANT {
        @Override
        double factor(double utilisation) {
            return 0;
        }
    },
    /** A part of it is paid only when a request finds an idle core to wake, which ever fewer do. */
    FALLING {
        @Override
        double factor(double utilisation) {
            return 1 - Math.min(1, utilisation);
        }
    },
    /** A part of it grows with the share of busy cores: collections, cache misses, lock hand-overs. */
    RISING {
        @Override
        double factor(double utilisation) {
            return Math.min(1, utilisation);
        }
    };

    /** The share of the load-dependent part that is paid at this utilisation, 0 to 1. */
    abstract double factor(double utilisation);
}
