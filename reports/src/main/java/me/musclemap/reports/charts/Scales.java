package me.musclemap.reports.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Where ticks go. */
final class Scales {
    private Scales() {}

    /** Round values from 0 to {@code high}, about {@code count} of them. */
    static List<LabelledAxis.Tick> linear(double high, int count, DoubleFunction<String> text) {
        double rough = high / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power;
        for (double factor : new double[] {1, 2, 5, 10}) {
            step = factor * power;
            if (step >= rough) {
                break;
            }
        }
        List<LabelledAxis.Tick> ticks = new ArrayList<>();
        for (int i = 0; i * step <= high * 1.0001; i++) {
            ticks.add(new LabelledAxis.Tick(i * step, text.apply(i * step)));
        }
        return ticks;
    }

    /** The values 1, 2 and 5 of each power of ten between {@code low} and {@code high}, at their logarithm; only the powers where they are many. */
    static List<LabelledAxis.Tick> logarithmic(double low, double high, DoubleFunction<String> text) {
        boolean sparse = Math.log10(high / low) > 3.2;
        List<LabelledAxis.Tick> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
            for (int factor : sparse ? new int[] {1} : new int[] {1, 2, 5}) {
                double value = factor * Math.pow(10, power);
                if (value >= low * 0.999 && value <= high * 1.001) {
                    ticks.add(new LabelledAxis.Tick(Math.log10(value), text.apply(value)));
                }
            }
        }
        return ticks;
    }

    /** {@code positions}, moved apart as little as possible so that neighbours keep {@code gap}; in the order given, which must rise. */
    static double[] apart(double[] positions, double gap) {
        double[] moved = positions.clone();
        for (int round = 0; round < 60; round++) {
            for (int i = 1; i < moved.length; i++) {
                double missing = gap - (moved[i] - moved[i - 1]);
                if (missing > 1e-9) {
                    moved[i - 1] -= missing / 2;
                    moved[i] += missing / 2;
                }
            }
        }
        return moved;
    }

    /** The same with all of them from {@code low} to {@code high}, as far as there is room for so many. */
    static double[] apart(double[] positions, double gap, double low, double high) {
        double[] moved = apart(positions, gap);
        double limit = high;
        for (int i = moved.length - 1; i >= 0; i--) {
            moved[i] = Math.min(moved[i], limit);
            limit = moved[i] - gap;
        }
        limit = low;
        for (int i = 0; i < moved.length; i++) {
            moved[i] = Math.max(moved[i], limit);
            limit = moved[i] + gap;
        }
        return moved;
    }
}
