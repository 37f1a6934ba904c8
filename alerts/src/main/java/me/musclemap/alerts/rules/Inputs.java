package me.musclemap.alerts.rules;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.ExpectedCpu;
import me.musclemap.alerts.capacity.RunFacts;
import me.musclemap.alerts.capacity.Weights;

/** What the rules are made from. */
record Inputs(CapacityAnswer capacity, RunFacts run, Weights weights, ExpectedCpu expected) {
    static Inputs of(CapacityAnswer capacity, RunFacts run) {
        return new Inputs(capacity, run, new Weights(capacity, run), ExpectedCpu.of(capacity));
    }

    /** A number as PromQL reads it: at most six significant digits, no exponent. */
    static String number(double value) {
        return rounded(value, 6);
    }

    /** A number for people: three significant digits. */
    static String brief(double value) {
        return rounded(value, 3);
    }

    private static String rounded(double value, int digits) {
        if (value == 0) {
            return "0";
        }
        return BigDecimal.valueOf(value)
                .round(new MathContext(digits))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A share in percent. */
    static String percent(double ratio) {
        return brief(ratio * 100) + " %";
    }

    /** The pattern that matches exactly these values. */
    static String anyOf(List<String> values) {
        return String.join("|", values);
    }
}
