package me.musclemap.capacity.whatif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * Which input moves the answer most: each alone is turned to both ends of its stated uncertainty. Immutable.
 *
 * @param bestUsers users in session with every input as stated
 * @param rows widest first
 * @param withoutEffect inputs that do not move this answer
 */
public record Tornado(double bestUsers, List<Row> rows, List<String> withoutEffect) {
    private static final double NOTHING = 0.0005;

    /** Copies the lists. */
    public Tornado {
        rows = List.copyOf(rows);
        withoutEffect = List.copyOf(withoutEffect);
    }

    /**
     * One input.
     *
     * @param stated as it stands; low and high as they were turned to
     * @param usersAtLow users in session with the input at its low end
     */
    public record Row(String input, String stated, String low, String high, double usersAtLow, double usersAtHigh) {
        /** Width of the bar. */
        public double swing() {
            return Math.abs(usersAtHigh - usersAtLow);
        }
    }

    /** Turns every input of the plan that states a range, the costs that were fitted and the speed of rented cores. */
    public static Tornado of(Question question) {
        double best = question.bestUsers();
        var rows = new ArrayList<Row>();
        rows.add(cost(question));
        rows.add(speed(question));
        question.phases().ranges().stream()
                .filter(r -> !isOfAnotherPhase(r.path(), question))
                .parallel()
                .map(r -> row(question, r))
                .forEachOrdered(rows::add);
        List<String> still = rows.stream()
                .filter(r -> r.swing() < NOTHING * best)
                .map(Row::input)
                .toList();
        return new Tornado(
                best,
                rows.stream()
                        .filter(r -> r.swing() >= NOTHING * best)
                        .sorted(Comparator.comparingDouble(Row::swing).reversed())
                        .toList(),
                still);
    }

    private static boolean isOfAnotherPhase(String path, Question question) {
        return path.startsWith("phases.")
                && !path.startsWith("phases." + question.phase().id() + ".");
    }

    private static Row row(Question question, Phases.Range range) {
        return new Row(
                range.path(),
                range.stated(),
                range.low(),
                range.high(),
                question.with(Map.of(range.path(), range.low())).bestUsers(),
                question.with(Map.of(range.path(), range.high())).bestUsers());
    }

    /** The fit alone: the draws on cores as fast as the measured one. */
    private static Row cost(Question question) {
        double[] users = question.with(Map.of("assumptions.speedSpread", "0")).users();
        Arrays.sort(users);
        double low = Quantiles.quantile(users, (1 - Interval.CONFIDENCE) / 2);
        double high = Quantiles.quantile(users, (1 + Interval.CONFIDENCE) / 2);
        return new Row("CPU per request", "as fitted", "highest of 90 %", "lowest of 90 %", low, high);
    }

    private static Row speed(Question question) {
        double spread = question.phases().assumptions().speedSpread();
        double factor = Math.exp(1.645 * spread);
        return new Row(
                "speed of a rented core",
                "as measured",
                String.format(Locale.ROOT, "%.2f", 1 / factor),
                String.format(Locale.ROOT, "%.2f", factor),
                atSpeed(question, 1 / factor),
                atSpeed(question, factor));
    }

    private static double atSpeed(Question question, double speed) {
        var stack = question.stack();
        return question.study().rate(question.phases(), question.phase(), stack.slower(1 / speed)) / question.perUser();
    }
}
