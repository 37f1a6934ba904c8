package me.musclemap.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the rule does over thousands of campaigns, from noise that is known and from a ledger of it. */
class CampaignsTest {
    private static final int CAMPAIGNS = 2000;
    /** Three standard errors of a share of 5 % in 2,000. */
    private static final double CHANCE = 3 * Math.sqrt(0.05 * 0.95 / CAMPAIGNS);

    private static final Rule RULE = new Rule(0.05, 0.05);

    /** The logarithm of a run's figure at its place in the campaign. */
    record Noise(double spread, double driftPerRun, boolean heavy) {
        IntToDoubleFunction campaign(SplittableRandom random) {
            return place ->
                    driftPerRun * place + spread * (heavy && random.nextInt(10) == 0 ? 6 : 1) * random.nextGaussian();
        }
    }

    static Stream<Named<Noise>> noises() {
        return Stream.of(
                Named.of("quiet machine", new Noise(0.04, 0, false)),
                Named.of("noisy machine", new Noise(0.15, 0, false)),
                Named.of("one run in ten spoilt", new Noise(0.06, 0, true)),
                Named.of("a machine that gets 2 % slower each run", new Noise(0.04, 0.02, false)));
    }

    private static double alarms(Noise noise, Rule rule, int pairs, double trueChange) {
        var random = new SplittableRandom(42);
        int alarms = 0;
        for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
            var run = noise.campaign(random);
            var worse = new double[pairs];
            for (int pair = 0; pair < pairs; pair++) {
                double first = run.applyAsDouble(2 * pair);
                double second = run.applyAsDouble(2 * pair + 1);
                worse[pair] = Math.log1p(trueChange) + (pair % 2 == 0 ? second - first : first - second);
            }
            alarms += rule.judge(worse) == Rule.Finding.REGRESSION ? 1 : 0;
        }
        return alarms / (double) CAMPAIGNS;
    }

    @ParameterizedTest
    @MethodSource("noises")
    void falseAlarmsStayBelowTheStatedLevel(Noise noise) {
        for (int pairs : new int[] {5, 8, 12}) {
            assertThat(alarms(noise, new Rule(0.05, 0), pairs, 0)).isLessThanOrEqualTo(0.05 + CHANCE);
            assertThat(alarms(noise, RULE, pairs, 0)).isLessThanOrEqualTo(0.05 + CHANCE);
        }
    }

    @Test
    void aTrueChangeIsSeenAndMorePairsSeeMore() {
        var noise = new Noise(0.08, 0, false);
        double few = alarms(noise, RULE, 5, 0.20);
        double more = alarms(noise, RULE, 12, 0.20);
        assertThat(more).isGreaterThan(few).isGreaterThan(0.9);
        assertThat(alarms(noise, RULE, 12, 0.03)).isLessThan(0.2);
    }

    @Test
    void aLedgerTellsThePairsThatAreNeeded() {
        var random = new SplittableRandom(1);
        var quiet = random.doubles(24, -0.05, 0.05).toArray();
        var noisy = random.doubles(24, -0.4, 0.4).toArray();
        var onQuiet = new Campaigns(quiet, RULE, 3);
        var onNoisy = new Campaigns(noisy, RULE, 3);
        assertThat(onQuiet.alarms(8, 0)).isLessThanOrEqualTo(0.05 + CHANCE);
        assertThat(onQuiet.pairsNeeded(0.20).orElseThrow())
                .isLessThan(onNoisy.pairsNeeded(0.20).orElseThrow());
        assertThat(onNoisy.pairsNeeded(0.01)).isEmpty();
    }

    /** A sample whose mean and spread are those of the noise that is then played with as many pairs as were asked for. */
    @Test
    void thePairsThatAreSaidToBeNeededAreEnough() {
        double mean = Math.log(1.12);
        double spread = 0.1;
        var sample =
                new double[] {mean - 1.2 * spread, mean - 0.6 * spread, mean, mean + 0.6 * spread, mean + 1.2 * spread};
        int more = RULE.morePairs(sample, OptionalDouble.of(spread)).orElseThrow();
        var noise = new Noise(spread / Math.sqrt(2), 0, false);
        assertThat(alarms(noise, RULE, 5 + more, 0.12)).isBetween(0.8, 0.97);
        assertThat(RULE.morePairs(new double[] {-0.3, -0.2, 0.05, 0.3, 0.4}, OptionalDouble.empty()))
                .isEmpty();
    }
}
