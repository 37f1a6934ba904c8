package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FitLadderTest {
    private static final List<String> MIXES = List.of("workload", "writes", "lookups", "polling", "logins");

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheSeedTheRungsAreTheSameInAnotherOrder(long seed) {
        var rungs = FitLadder.rungs(MIXES, 13, 3, seed);
        assertThat(rungs).hasSize(16).containsExactlyInAnyOrderElementsOf(FitLadder.rungs(MIXES, 13, 3, seed + 1));
        assertThat(rungs.stream().filter(rung -> rung.shareOfKnee() <= 0.6)).hasSize(13);
        var byMix = rungs.stream().collect(Collectors.groupingBy(FitLadder.Rung::mixName));
        assertThat(byMix.keySet()).containsExactlyInAnyOrderElementsOf(MIXES);
        assertThat(byMix.values()).allSatisfy(same -> {
            assertThat(same).anyMatch(rung -> rung.shareOfKnee() < 0.31);
            assertThat(same).anyMatch(rung -> rung.shareOfKnee() > 0.4);
        });
    }
}
