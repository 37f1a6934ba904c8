package me.musclemap.capacity.queue;

/** Where a falling function crosses a level. */
final class Roots {
    private Roots() {}

    /** A function that does not rise with its argument. */
    @FunctionalInterface
    interface Falling {
        /** The value at {@code x}, at least 0. */
        double at(double x);
    }

    /**
     * The {@code x >= 0} at which {@code function} falls to {@code level}; 0 if it starts at or below it.
     *
     * @param high a first guess of an upper end; doubled until it is one
     */
    static double falling(Falling function, double level, double high) {
        if (function.at(0) <= level) {
            return 0;
        }
        double low = 0;
        double top = high > 0 ? high : 1;
        while (function.at(top) > level) {
            low = top;
            top *= 2;
            if (Double.isInfinite(top)) {
                return Double.POSITIVE_INFINITY;
            }
        }
        // Bisection to the last bit: 60 to 100 evaluations, and no case in which it fails.
        while (true) {
            double middle = low + (top - low) / 2;
            if (middle <= low || middle >= top) {
                return middle;
            }
            if (function.at(middle) > level) {
                low = middle;
            } else {
                top = middle;
            }
        }
    }
}
