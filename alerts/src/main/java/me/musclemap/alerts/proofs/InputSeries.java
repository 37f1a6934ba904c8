package me.musclemap.alerts.proofs;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A series of samples at an even step, made of stretches of steady change, in the notation of {@code promtool test
 * rules}. Exact decimals, so that the file is the same everywhere.
 */
record InputSeries(String series, List<Stretch> stretches) {
    /** {@code minutes} in which the value changes by {@code changePerSecond}, after a jump to {@code start} if given. */
    private record Stretch(int minutes, BigDecimal changePerSecond, boolean jumps, BigDecimal start) {}

    static InputSeries of(String series) {
        return new InputSeries(series, List.of());
    }

    /** Goes on with a counter that rises by this much a second. */
    InputSeries rising(double perSecond, int minutes) {
        return with(new Stretch(minutes, decimal(perSecond), false, BigDecimal.ZERO));
    }

    /** Goes on with a gauge at this value. */
    InputSeries steady(double value, int minutes) {
        return with(new Stretch(minutes, BigDecimal.ZERO, true, decimal(value)));
    }

    /** Goes on with a gauge that leaves this value at this speed. */
    InputSeries sloping(double from, double changePerSecond, int minutes) {
        return with(new Stretch(minutes, decimal(changePerSecond), true, decimal(from)));
    }

    private InputSeries with(Stretch stretch) {
        var all = new ArrayList<>(stretches);
        all.add(stretch);
        return new InputSeries(series, List.copyOf(all));
    }

    /** The samples in promtool's notation {@code start+change x count}. */
    String values(int stepSeconds) {
        var words = new StringJoiner(" ");
        var value = BigDecimal.ZERO;
        for (var stretch : stretches) {
            var change = stretch.changePerSecond().multiply(BigDecimal.valueOf(stepSeconds));
            int samples = stretch.minutes() * 60 / stepSeconds;
            var start = stretch.jumps() ? stretch.start() : value;
            words.add(text(start) + (change.signum() < 0 ? "-" : "+") + text(change.abs()) + "x" + (samples - 1));
            value = start.add(change.multiply(BigDecimal.valueOf(samples)));
        }
        return words.toString();
    }

    static BigDecimal decimal(double value) {
        return BigDecimal.valueOf(value).round(new MathContext(9, RoundingMode.HALF_UP));
    }

    private static String text(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
