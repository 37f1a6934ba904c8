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

    /** A number as PromQL and people read it: at most six significant digits, no exponent. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        return BigDecimal.valueOf(value)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** A share in percent. */
    static String percent(double ratio) {
        return number(Math.round(ratio * 1e4) / 1e2) + " %";
    }

    /** The pattern that matches exactly these values. */
    static String anyOf(List<String> values) {
        return String.join("|", values);
    }
}
