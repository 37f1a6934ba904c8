package me.musclemap.rum.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SketchTest {
    static Stream<SplittableRandom> seeds() {
        return IntStream.range(0, 200).mapToObj(SplittableRandom::new);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aQuantileIsWithinOnePercentOfTheExactOneAndEqualsTheLibrarys(SplittableRandom random) {
        double[] values = heavyTailed(random, 1 + random.nextInt(3000));
        var sketch = new Sketch();
        var oracle = new DDSketch(new LogarithmicMapping(Sketch.RELATIVE_ERROR), UnboundedSizeDenseStore::new);
        for (double value : values) {
            sketch.add(value);
            oracle.accept(value);
        }
        Arrays.sort(values);

        for (double share : new double[] {0, 0.5, 0.75, 0.95, 1}) {
            double exact = values[(int) Math.floor(share * (values.length - 1))];
            assertThat(sketch.quantile(share)).isCloseTo(exact, within(exact * 0.010001 + 1e-4));
            assertThat(sketch.quantile(share)).isEqualTo(oracle.getValueAtQuantile(share));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mergingInAnyOrderGivesTheSketchOfAll(SplittableRandom random) {
        double[] values = heavyTailed(random, 500);
        var whole = new Sketch();
        var parts = new ArrayList<>(Stream.generate(Sketch::new).limit(5).toList());
        for (double value : values) {
            whole.add(value);
            parts.get(random.nextInt(parts.size())).add(value);
        }
        var merged = new Sketch();
        while (!parts.isEmpty()) {
            merged.merge(parts.remove(random.nextInt(parts.size())));
        }

        assertThat(merged).isEqualTo(whole);
        assertThat(merged.encode()).isEqualTo(whole.encode());
        assertThat(Sketch.decode(whole.encode())).isEqualTo(whole);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void takingOutWhatWasPutInLeavesNoTrace(SplittableRandom random) {
        double[] kept = heavyTailed(random, 100);
        double[] removed = heavyTailed(random, 100);
        var sketch = new Sketch();
        var expected = new Sketch();
        for (int i = 0; i < kept.length; i++) {
            sketch.add(removed[i]);
            sketch.add(kept[i]);
            expected.add(kept[i]);
        }
        for (double value : removed) {
            sketch.remove(value);
        }

        assertThat(sketch).isEqualTo(expected);
        assertThat(sketch.quantile(0.75)).isEqualTo(expected.quantile(0.75));
    }

    @Test
    void whatIsNotInCannotBeTakenOut() {
        var sketch = new Sketch();
        sketch.add(100);

        assertThatThrownBy(() -> sketch.remove(200)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sketch.add(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sketch.add(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new Sketch().quantile(0.5)).hasMessageContaining("empty");
    }

    /** Lognormal with a Pareto tail, and a third of zeros, as layout shifts have. */
    private static double[] heavyTailed(SplittableRandom random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            double u = random.nextDouble();
            if (u < 0.3) {
                values[i] = 0;
            } else if (u < 0.97) {
                values[i] = 1500 * Math.exp(0.6 * gaussian(random));
            } else {
                values[i] = Math.min(600_000, 4000 / Math.pow(1 - random.nextDouble(), 0.8));
            }
        }
        return values;
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
