package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FitLadderTest {
    private static final List<String> MIXES = List.of("workload", "writes", "lookups", "polling", "logins");
    private static final Workload DAY =
            Workload.load(Path.of(System.getProperty("repo.root"), "load-scenarios/workloads/musclemap-day.yaml"));

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheSeedTheRungsAreTheSameInAnotherOrder(long seed) {
        var rungs = FitLadder.rungs(MIXES, 15, seed);
        assertThat(rungs).hasSize(15).containsExactlyInAnyOrderElementsOf(FitLadder.rungs(MIXES, 15, seed + 1));
        assertThat(rungs).allMatch(rung -> rung.shareOfKnee() <= 0.6);
        var byMix = rungs.stream().collect(Collectors.groupingBy(FitLadder.Rung::mixName));
        assertThat(byMix.keySet()).containsExactlyInAnyOrderElementsOf(MIXES);
        assertThat(byMix.values()).allSatisfy(same -> {
            assertThat(same).anyMatch(rung -> rung.shareOfKnee() < 0.31);
            assertThat(same).anyMatch(rung -> rung.shareOfKnee() > 0.4);
        });
    }

    /**
     * What the fit will be asked to tell apart, before it is driven: the intercept and the rate of every class, each column
     * scaled to length 1. Above 30 the costs of single classes would be noise.
     */
    @Test
    void thePlannedWindowsTellTheClassesApart() {
        for (var pace : List.of(Pace.DEMO, Pace.QUICK)) {
            assertThat(condition(pace.fitWindows(), DAY.mixes())).isLessThan(30);
        }
        assertThat(condition(
                        Pace.DEMO.fitWindows(),
                        Map.of(Workload.OWN_MIX, DAY.mixes().get(Workload.OWN_MIX))))
                .as("one mix alone tells nothing apart")
                .isGreaterThan(30);
    }

    private static double condition(int windows, Map<String, Map<String, Double>> mixes) {
        var names = mixes.keySet().stream()
                .filter(name -> !DAY.mix(name).orElseThrow().heldOut())
                .toList();
        var rows = FitLadder.rungs(names, windows, 7).stream()
                .map(rung -> row(rung, mixes.getOrDefault(rung.mixName(), Map.of())))
                .toArray(double[][]::new);
        return conditionOfScaledColumns(rows);
    }

    private static double[] row(FitLadder.Rung rung, Map<String, Double> shares) {
        double[] row = new double[1 + DAY.classes().size()];
        row[0] = 1;
        double total = 0;
        for (int c = 1; c < row.length; c++) {
            row[c] = rung.shareOfKnee()
                    * shares.getOrDefault(DAY.classes().get(c - 1).name(), 0.0);
            total += row[c];
        }
        for (int c = 0; c < row.length; c++) {
            row[c] /= Math.sqrt(total);
        }
        return row;
    }

    /** By Jacobi's rotations of the columns' correlation matrix: the root of its largest over its smallest eigenvalue. */
    private static double conditionOfScaledColumns(double[][] rows) {
        int n = rows[0].length;
        double[][] a = new double[n][n];
        for (double[] row : rows) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    a[i][j] += row[i] * row[j];
                }
            }
        }
        double[] length = new double[n];
        for (int i = 0; i < n; i++) {
            length[i] = Math.sqrt(a[i][i]);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] /= length[i] * length[j];
            }
        }
        for (int sweep = 0; sweep < 60; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, p, q);
                }
            }
        }
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, Math.max(a[i][i], 1e-15));
            most = Math.max(most, a[i][i]);
        }
        return Math.sqrt(most / least);
    }

    private static void rotate(double[][] a, int p, int q) {
        if (Math.abs(a[p][q]) < 1e-15) {
            return;
        }
        double angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        for (double[] row : a) {
            double x = row[p];
            double y = row[q];
            row[p] = c * x - s * y;
            row[q] = s * x + c * y;
        }
        for (int k = 0; k < a.length; k++) {
            double x = a[p][k];
            double y = a[q][k];
            a[p][k] = c * x - s * y;
            a[q][k] = s * x + c * y;
        }
    }
}
