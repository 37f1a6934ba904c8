package me.musclemap.capacity.thresholds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdsTest {
    private static final double SATURATION = 500;

    /** One core full at 500 requests a second, a p99 of 6 ms on an idle one. */
    private static Thresholds.Basis basis(double growthPerDay, int pool, double holdSeconds, double heapBytes) {
        return basis(growthPerDay, pool, holdSeconds, heapBytes, 0.02, Thresholds.Configured.NOTHING);
    }

    private static Thresholds.Basis basis(
            double growthPerDay,
            int pool,
            double holdSeconds,
            double heapBytes,
            double residualRatio,
            Thresholds.Configured configured) {
        var observables = new Thresholds.Observables() {
            @Override
            public double utilisation(double perSecond) {
                return perSecond / SATURATION;
            }

            @Override
            public OptionalDouble p99Seconds(double perSecond) {
                return OptionalDouble.of(0.006 / (1 - Math.min(0.999, utilisation(perSecond))));
            }

            @Override
            public double connections(double perSecond) {
                return perSecond * holdSeconds;
            }
        };
        return new Thresholds.Basis(
                300,
                SATURATION,
                growthPerDay,
                14,
                observables,
                pool,
                holdSeconds,
                8e9,
                1e9,
                heapBytes,
                residualRatio,
                configured);
    }

    private static Threshold one(List<Threshold> thresholds, String observable) {
        return thresholds.stream()
                .filter(t -> t.observable().equals(observable))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theWarningLeavesTheLeadTimeToAct() {
        List<Threshold> thresholds = Thresholds.of(basis(0.01, 16, 0.002, 1e9));
        Threshold rate = one(thresholds, "requestRate");
        assertThat(rate.critical()).isEqualTo(300);
        assertThat(rate.warning() * Math.exp(0.01 * 14)).isCloseTo(300, within(1e-9));
        assertThat(one(thresholds, "cpuUtilisation").warning()).isCloseTo(rate.warning() / SATURATION, within(1e-12));
        assertThat(one(thresholds, "p99").critical()).isCloseTo(0.015, within(1e-9));
        assertThat(thresholds)
                .allSatisfy(t -> assertThat(t.warning()).as(t.observable()).isLessThanOrEqualTo(t.critical()));
    }

    /** Of a pool of 20, 50 and 100: the plan's 80 % is late, and the shares are Erlang's. */
    @ParameterizedTest
    @CsvSource({"20, 0.549, 26 %", "50, 0.696, 9 %", "100, 0.778, 2 %"})
    void thePlansPoolAlertIsSaidToBeLate(int size, double useAtOnePercent, String waiting) {
        assertThat(Thresholds.useAtWaiting(size, 0.01)).isCloseTo(useAtOnePercent, within(0.002));
        String why = one(Thresholds.of(basis(0.005, size, 0.002, 1e9)), "poolUtilisation")
                .why();
        assertThat(why).contains(waiting + " of them at the plan's 80 %");
    }

    @Test
    void whetherLoadAloneFillsThePoolDependsOnHowLongAConnectionIsHeld() {
        assertThat(one(Thresholds.of(basis(0.005, 16, 0.002, 1e9)), "poolUtilisation")
                        .why())
                .contains("only slow statements or a lock");
        assertThat(one(Thresholds.of(basis(0.005, 16, 0.03, 1e9)), "poolUtilisation")
                        .why())
                .contains("load alone takes it there");
    }

    @Test
    void thePlansLatencyAlertIsSaidToComeWhenNothingIsLeft() {
        assertThat(one(Thresholds.of(basis(0.005, 16, 0.002, 1e9)), "p99").why())
                .contains("the plan's 1 s comes with 99 % of the cores busy");
    }

    @Test
    void memoryWarnsEarlierTheFasterLoadGrowsAndSaysWhenItCannotFire() {
        Threshold slow = one(Thresholds.of(basis(0.001, 16, 0.002, 1e9)), "memory");
        Threshold fast = one(Thresholds.of(basis(0.02, 16, 0.002, 7e9)), "memory");
        assertThat(slow.warning()).isCloseTo(0.8 * 8e9, within(1.0));
        assertThat(fast.warning()).isLessThan(slow.warning());
        assertThat(slow.canFire()).isFalse();
        assertThat(fast.canFire()).isTrue();
    }

    @Test
    void requestsInFrontOfThePoolAreCounted() {
        Threshold queue = one(Thresholds.of(basis(0.005, 16, 0.002, 1e9)), "poolQueue");
        assertThat(queue.warning()).isGreaterThanOrEqualTo(1);
        assertThat(queue.critical()).isGreaterThanOrEqualTo(2 * queue.warning());
        assertThat(Thresholds.of(basis(0.005, 0, 0.002, 1e9)))
                .extracting(Threshold::observable)
                .doesNotContain("poolQueue", "poolWait", "poolUtilisation");
    }

    /** The setting in the second place is what silences it; without it the same alert can be heard. */
    @ParameterizedTest
    @CsvSource({
        "p99, request 0.01 s, given up after 0.0100 s",
        "poolWait, wait 0.0005 s, nobody waits longer",
        "poolWait, 16 in flight, each finds one of 16 connections",
        "poolQueue, 17 in flight, no more than 17 requests",
        "poolUtilisation, 1 connections, the database accepts 1 connections",
        "poolUtilisation, 1 in flight, no more than 1 requests",
        "requestRate, 1 connections, the 1 connections give out first",
        "cpuUtilisation, 1 connections, the 1 connections give out first",
        "modelError, residual 0.4, can be off by 100 %",
        "memory, heap 1e9, heaps are capped"
    })
    void anAlertThatItsConfigurationSilencesSaysSoAndTheSameOneCanFireWithoutIt(
            String observable, String setting, String why) {
        double none = Double.POSITIVE_INFINITY;
        double number = Double.parseDouble(setting.replaceAll("[^0-9]*([0-9][0-9.]*(?:e[0-9]+)?).*", "$1"));
        boolean inFlight = setting.endsWith("in flight");
        var configured = new Thresholds.Configured(
                setting.startsWith("request") ? number : none,
                setting.startsWith("wait") ? number : none,
                inFlight ? number : none,
                setting.endsWith("connections") ? number : none);
        Threshold silenced = one(
                Thresholds.of(basis(
                        0.005,
                        16,
                        0.01,
                        setting.startsWith("heap") ? number : 8e9,
                        setting.startsWith("residual") ? number : 0.02,
                        configured)),
                observable);
        Threshold heard = one(Thresholds.of(basis(0.005, 16, 0.01, 8e9)), observable);
        assertThat(silenced.canFire()).isFalse();
        assertThat(silenced.why()).contains(why);
        assertThat(heard.canFire()).isTrue();
        assertThat(heard.why()).doesNotContain("never fire").doesNotContain("capped");
    }

    @Test
    void theSettingsOfTheMeasuredStackStandInThePlanAndCanBeChanged() {
        Thresholds.Configured shipped = me.musclemap.capacity.plan.Phases.shipped(java.util.Map.of())
                .assumptions()
                .configured();
        assertThat(shipped.poolWaitSecondsMax()).isEqualTo(0.9);
        assertThat(shipped.requestSecondsMax()).isInfinite();
        assertThat(me.musclemap.capacity.plan.Phases.shipped(java.util.Map.of("assumptions.requestSecondsMax", "3"))
                        .assumptions()
                        .configured()
                        .requestSecondsMax())
                .isEqualTo(3);
    }
}
