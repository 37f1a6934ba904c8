package me.musclemap.capacity.forecast;

import java.util.SplittableRandom;

/** A way in which a series may grow; each fits a series and draws what may follow. */
enum GrowthForm {
    /** By a constant share a day, with a factor for each day of the week. */
    LOG_LINEAR("log-linear") {
        @Override
        Fitted fit(PeakSeries series) {
            return TrendGrowth.logLinear(series);
        }
    },
    /** Towards a ceiling, with a factor for each day of the week. */
    LOGISTIC("logistic") {
        @Override
        Fitted fit(PeakSeries series) {
            return TrendGrowth.logistic(series);
        }
    },
    /** A level, a trend and a week that all move. */
    HOLT_WINTERS("Holt-Winters") {
        @Override
        Fitted fit(PeakSeries series) {
            return SmoothedGrowth.of(series);
        }
    };

    private final String words;

    GrowthForm(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /**
     * Fits a series.
     *
     * @throws me.musclemap.capacity.regression.NotIdentifiableException if the series does not show this form
     * @throws IllegalArgumentException if it is too short for it
     */
    abstract Fitted fit(PeakSeries series);

    /** A form with its parameters. */
    interface Fitted {
        /** The expected peak of a day, in requests per second. */
        double at(int day);

        /**
         * Alternatives of the same form, as uncertain as the series leaves them.
         *
         * @param draws how many
         * @param days peaks of each, from the day after the last
         */
        double[][] paths(SplittableRandom random, int draws, int days);
    }
}
