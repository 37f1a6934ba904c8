package me.musclemap.capacity.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.capacity.measure.RunRecord.RequestClass;
import me.musclemap.capacity.measure.Window;
import org.junit.jupiter.api.Test;

class DesignTest {
    private static final List<RequestClass> CLASSES = List.of(
            new RequestClass("read", List.of("A"), true),
            new RequestClass("write", List.of("B"), true),
            new RequestClass("telemetry", List.of("C"), false),
            new RequestClass("beacon", List.of("D"), false));

    @Test
    void postsOfTwoKindsThatComeApartHaveTwoCosts() {
        Design design = design(new double[][] {
            {10, 1, 3, 9}, {20, 9, 8, 2}, {30, 2, 1, 7}, {15, 8, 9, 9}, {25, 1, 9, 1}, {12, 6, 2, 8}, {22, 3, 7, 6}
        });

        assertThat(design.columns()).isEqualTo(4);
        assertThat(design.identifiable()).containsOnly(true);
    }

    @Test
    void postsOfTwoKindsThatAlwaysComeTogetherHaveOneCostAndTheRequestsKeepTheirs() {
        Design design = design(new double[][] {
            {10, 1, 3, 6}, {20, 9, 8, 16}, {30, 2, 1, 2}, {15, 8, 9, 18}, {25, 1, 9, 18}, {12, 6, 2, 4}, {22, 3, 7, 14}
        });

        assertThat(design.columns()).isEqualTo(3);
        assertThat(design.column()[2]).isEqualTo(design.column()[3]);
        assertThat(design.identifiable()).containsExactly(true, true, false, false);
    }

    private static Design design(double[][] rates) {
        var rows = new ArrayList<Observation>();
        double[] weights = new double[rates.length];
        Arrays.fill(weights, 1);
        for (double[] row : rates) {
            rows.add(new Observation(window(), row, new double[0], row[0] + row[1], 0));
        }
        return Design.of(CLASSES, rows, weights);
    }

    private static Window window() {
        return new Window(
                0,
                0,
                "fit",
                7,
                "workload",
                1,
                new Window.Dataset(1, 1),
                1,
                1,
                1,
                0,
                Map.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty());
    }
}
