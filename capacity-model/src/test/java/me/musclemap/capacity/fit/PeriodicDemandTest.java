package me.musclemap.capacity.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.capacity.measure.PeriodicRun;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.SimulatedCampaign;
import me.musclemap.capacity.measure.Window;
import me.musclemap.capacity.uncertainty.Interval;
import org.junit.jupiter.api.Test;

class PeriodicDemandTest {
    private static final RunRecord WITHOUT = SimulatedCampaign.record(SimulatedCampaign.World.plain(), 3);

    private static PeriodicRun refresh(int users, double seconds) {
        return new PeriodicRun(
                "viewRefresh",
                300,
                0,
                6,
                new Window.Dataset(users, 2 * users),
                Map.of("api", 0.1 * seconds, "postgres", 0.9 * seconds),
                Optional.empty());
    }

    private static PeriodicRun spoilt(int users, double seconds) {
        return new PeriodicRun(
                "viewRefresh",
                300,
                0,
                6,
                new Window.Dataset(users, 2 * users),
                Map.of("postgres", seconds),
                Optional.of("machine: 9.0 % steal"));
    }

    private static PeriodicDemand of(PeriodicRun... runs) {
        return PeriodicDemand.of(SimulatedCampaign.withPeriodic(WITHOUT, List.of(runs)))
                .get(0);
    }

    @Test
    void aRunThatMeasuredNoneHasNone() {
        assertThat(PeriodicDemand.of(WITHOUT)).isEmpty();
        assertThat(PeriodicDemand.of(SimulatedCampaign.withPeriodic(WITHOUT, List.of(spoilt(100_000, 60)))))
                .isEmpty();
    }

    @Test
    void oneRefreshIsPutToItsStationsWithAnAssumedSpreadAndGrowsInProportion() {
        PeriodicDemand demand = of(refresh(100_000, 6), spoilt(100_000, 60));
        int postgres = WITHOUT.cpu().stations().indexOf("postgres");
        assertThat(demand.totalCpuSeconds()).isCloseTo(6, within(1e-9));
        assertThat(demand.cpuSeconds()[postgres]).isCloseTo(5.4, within(1e-9));
        assertThat(demand.cores()[postgres]).isCloseTo(5.4 / 300, within(1e-9));
        assertThat(demand.spread()).isEqualTo(PeriodicDemand.ASSUMED_SPREAD);
        assertThat(demand.growthMeasured()).isFalse();
        assertThat(Arrays.stream(demand.coresAt(1_000_000)).sum()).isCloseTo(60.0 / 300, within(1e-9));
        Interval interval = demand.totalCpuSeconds(400, 7);
        assertThat(interval.low()).isBetween(4.5, 5.5);
        assertThat(interval.high()).isBetween(6.6, 7.7);
    }

    @Test
    void atSeveralSizesItsOwnGrowthIsMeasured() {
        PeriodicDemand demand = of(
                refresh(100_000, 6),
                refresh(50_000, 6 / Math.pow(2, 1.2)),
                refresh(200_000, 6 * Math.pow(2, 1.2)),
                refresh(100_000, 6));
        assertThat(demand.growthMeasured()).isTrue();
        assertThat(demand.exponent()).isCloseTo(1.2, within(1e-9));
        assertThat(demand.users()).as("the size that was measured most often").isEqualTo(100_000);
        assertThat(demand.times()).isEqualTo(4);
        assertThat(Arrays.stream(demand.coresAt(400_000)).sum()).isCloseTo(6 * Math.pow(4, 1.2) / 300, within(1e-9));
    }

    @Test
    void whatGoesWithTheLoadDoesNotGrowWithTheData() {
        var checkpoint = new PeriodicRun(
                "checkpoint",
                300,
                0,
                1,
                new Window.Dataset(100_000, 200_000),
                Map.of("postgres", 0.6),
                Optional.empty());
        assertThat(of(checkpoint).coresAt(5_000_000)).isEqualTo(of(checkpoint).cores());
    }

    @Test
    void aWholeCoreIsTheMostThatOneConnectionTakes() {
        assertThat(Arrays.stream(of(refresh(100_000, 6)).coresAt(50_000_000)).sum())
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void theIntervalOfSixRefreshesHoldsTheTruthAsOftenAsItSays() {
        var random = new java.util.SplittableRandom(11);
        int held = 0;
        for (int campaign = 0; campaign < 200; campaign++) {
            var runs = new ArrayList<PeriodicRun>();
            for (int i = 0; i < 6; i++) {
                double gaussian =
                        Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
                runs.add(refresh(100_000, 6 * (1 + 0.08 * gaussian)));
            }
            held += of(runs.toArray(PeriodicRun[]::new))
                            .totalCpuSeconds(200, campaign)
                            .contains(6)
                    ? 1
                    : 0;
        }
        assertThat(held).isBetween(166, 194);
    }
}
