package me.musclemap.rum.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.compare.Comparison;

/** How often a comparison of releases is right: alarms where nothing changed, and where something did. */
public final class CompareBench {
    private CompareBench() {}

    /**
     * One line of the answer.
     *
     * @param viewsOfEach page views of each release
     * @param regressed share of runs that said so, 0 to 1; the others are shares too
     */
    public record Row(String scenario, int viewsOfEach, int runs, double regressed, double fine, double undecided) {}

    /** A scenario: what the candidate has that the baseline has not. */
    private record Scenario(String name, double candidateMobileShare, double slower) {}

    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("nothing changed", 0.6, 1),
            new Scenario("other visitors: phones 60 % to 75 %", 0.75, 1),
            new Scenario("5 % slower", 0.6, 1.05),
            new Scenario("10 % slower", 0.6, 1.10),
            new Scenario("20 % slower", 0.6, 1.20),
            new Scenario("10 % slower, phones 60 % to 75 %", 0.75, 1.10));

    /** Runs every scenario {@code runs} times with each number of page views; the same seed gives the same answer. */
    public static List<Row> run(int runs, long seed, int... viewsOfEach) {
        var rows = new ArrayList<Row>();
        var rule = Comparison.Rule.of(1);
        for (Scenario scenario : SCENARIOS) {
            for (int views : viewsOfEach) {
                var random = new SplittableRandom(seed);
                int regressed = 0;
                int fine = 0;
                for (int run = 0; run < runs; run++) {
                    Comparison comparison = Comparison.of(
                            Vital.LCP,
                            new Visits(views, 0.6, 1).of("1.0", random),
                            new Visits(views, scenario.candidateMobileShare, scenario.slower).of("1.1", random),
                            rule);
                    regressed += comparison.verdict().word().equals("regressed") ? 1 : 0;
                    fine += comparison.verdict().word().equals("fine") ? 1 : 0;
                }
                rows.add(new Row(
                        scenario.name,
                        views,
                        runs,
                        (double) regressed / runs,
                        (double) fine / runs,
                        (double) (runs - regressed - fine) / runs));
            }
        }
        return rows;
    }
}
