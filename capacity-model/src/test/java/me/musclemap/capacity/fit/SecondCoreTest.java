package me.musclemap.capacity.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SecondCoreTest {
    private static final SecondCore FITTED_ALONE = new SecondCore(1.6, 0, 1);

    /**
     * Cores in a Markov chain: of n busy ones each has n - 1 of the others busy beside it.
     *
     * @return utilisation, and CPU time over that on idle neighbours
     */
    private static double[] exactly(double ratio, int cores, double work) {
        double[] probability = new double[cores + 1];
        probability[0] = 1;
        double sum = 1;
        double busy = 0;
        for (int n = 1; n <= cores; n++) {
            double speed = 1 / (1 + (ratio - 1) * (n - 1) / (cores - 1));
            double rate = work / (n * speed);
            probability[n] = probability[n - 1] * rate;
            if (n == cores) {
                probability[n] /= 1 - rate;
            }
            sum += probability[n];
            busy += n * probability[n];
        }
        return new double[] {busy / sum / cores, busy / sum / work};
    }

    @Test
    void theFormulaIsNearTheMarkovChainOfSoManyCores() {
        for (int cores : new int[] {2, 4, 8}) {
            for (double ratio : new double[] {1.2, 1.4, 1.6}) {
                for (double share = 0.1; share < 0.95; share += 0.1) {
                    double[] exact = exactly(ratio, cores, share * cores / ratio);
                    assertThat(new SecondCore(ratio, 0, 1).factor(exact[0], cores))
                            .as("ratio %s on %s cores", ratio, cores)
                            .isCloseTo(exact[1], within(0.02 * exact[1]));
                }
            }
        }
    }

    @Test
    void twoCoresAreBusyTogetherMoreOftenThanByChance() {
        assertThat(SecondCore.share(0.5, 2)).isCloseTo(2 * 0.5 / 1.5, within(1e-12));
        assertThat(SecondCore.share(0.7, 2))
                .isGreaterThan(SecondCore.share(0.7, 4))
                .isGreaterThan(0.7);
        assertThat(SecondCore.share(0.7, 300)).isEqualTo(0.7);
        assertThat(SecondCore.share(0, 2)).isZero();
        assertThat(SecondCore.share(1.3, 2)).isOne();
        assertThat(SecondCore.share(0.9, 1))
                .as("nobody is beside a single core")
                .isZero();
    }

    @Test
    void whatAFittedCostHoldsAlreadyIsNotPaidTwice() {
        SecondCore besideGenerator = FITTED_ALONE.fittedAt(0.5);
        assertThat(besideGenerator.factor(1, 2)).isCloseTo(1.6 / 1.3, within(1e-12));
        assertThat(besideGenerator.factor(0.05, 2))
                .as("idle neighbours are cheaper than a busy generator")
                .isLessThan(1);
        assertThat(besideGenerator.factor(0.9, 1))
                .as("the core that was fitted")
                .isOne();
    }

    @Test
    void aRequestOnTwoThreadsOfOneCoreIsSolvedWithWhatItsNeighbourCosts() {
        var alike = new DemandModel(new double[] {0.1}, new double[][] {{0.004}}, new double[] {0}, LoadForm.CONSTANT);
        DemandModel threads = alike.with(FITTED_ALONE);
        double before = 0;
        for (double rate = 10; rate <= 600; rate += 10) {
            double[] rates = {rate};
            DemandModel.Load load = threads.at(rates, 2);
            double whole = alike.at(rates, 2).utilisation();
            assertThat(load.utilisation()).isGreaterThan(before).isBetween(whole, 1.6 * whole + 1e-9);
            assertThat(load.utilisation())
                    .as("the fixed point")
                    .isCloseTo(whole * FITTED_ALONE.factor(load.utilisation(), 2), within(1e-9));
            assertThat(load.busyCores()[0]).isCloseTo(2 * load.utilisation(), within(1e-9));
            assertThat(threads.at(rates, 1).utilisation())
                    .isEqualTo(alike.at(rates, 1).utilisation());
            before = load.utilisation();
        }
    }

    @Test
    void whatRunsBesideIsANeighbourToo() {
        DemandModel threads = new DemandModel(
                        new double[] {0}, new double[][] {{0.004}}, new double[] {0}, LoadForm.CONSTANT)
                .with(FITTED_ALONE);
        double[] rates = {100};
        DemandModel.Load load = threads.beside(rates, 2, busy -> 0.5);
        assertThat(load.busyCores()[0]).isGreaterThan(threads.at(rates, 2).busyCores()[0]);
        assertThat(load.utilisation()).isCloseTo((load.busyCores()[0] + 0.5) / 2, within(1e-9));
        assertThat(threads.with(SecondCore.NOT_MEASURED)
                        .beside(rates, 2, busy -> 0.5)
                        .utilisation())
                .as("nothing is known of neighbours: as without them")
                .isCloseTo(0.2, within(1e-9));
    }

    @Test
    void ratiosBelowOneAreRefused() {
        assertThatThrownBy(() -> new SecondCore(0.9, 0, 1)).hasMessageContaining("0.9");
    }
}
