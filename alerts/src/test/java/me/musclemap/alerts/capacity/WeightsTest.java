package me.musclemap.alerts.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import me.musclemap.alerts.Examples;
import org.junit.jupiter.api.Test;

class WeightsTest {
    private final CapacityAnswer capacity = Examples.capacity();
    private final Weights weights = new Weights(withDemands(true), Examples.run());

    /** A read takes 1 ms at the API and 1 ms at the database, a login 40 ms and 10 ms, the rest 2 ms at the API. */
    private CapacityAnswer withDemands(boolean identifiable) {
        var demands = List.of(
                demand("read", "api", 0.001, identifiable),
                demand("read", "postgres", 0.001, identifiable),
                demand("login", "api", 0.04, identifiable),
                demand("login", "postgres", 0.01, identifiable),
                demand("login", "generator", 7, identifiable),
                demand("heavyRead", "api", 0.002, identifiable),
                demand("write", "api", 0.002, identifiable),
                demand("telemetry", "api", 0.002, identifiable));
        return new CapacityAnswer(
                1,
                capacity.runId(),
                capacity.runSha256(),
                capacity.quality(),
                capacity.stack(),
                capacity.workload(),
                demands,
                capacity.capacity(),
                capacity.curve(),
                capacity.thresholds());
    }

    private static CapacityAnswer.Demand demand(
            String requestClass, String station, double seconds, boolean identifiable) {
        return new CapacityAnswer.Demand(
                requestClass, station, new CapacityAnswer.Interval(seconds, seconds, seconds), identifiable);
    }

    @Test
    void loadInTheWorkloadsMixIsWorthItself() {
        double worth = capacity.workload().mix().entrySet().stream()
                .mapToDouble(share -> share.getValue() * weights.of(share.getKey()))
                .sum();
        assertThat(worth).isCloseTo(1, offset(1e-9));
    }

    @Test
    void aLoginIsWorthAsManyReadsAsItsCpu() {
        // 50 ms against 2 ms; the generator's CPU is not the system's
        assertThat(weights.of("login") / weights.of("read")).isCloseTo(25, offset(1e-9));
    }

    @Test
    void classesThatTheRunCouldNotTellApartCountAsOneAndTelemetryNot() {
        var blunt = new Weights(withDemands(false), Examples.run());
        assertThat(blunt.known()).isFalse();
        assertThat(blunt.of("login")).isEqualTo(1);
        assertThat(blunt.of("telemetry")).isZero();
    }

    @Test
    void anUnknownClassIsWorthARequestOfTheMix() {
        assertThat(weights.of("nobody knows")).isEqualTo(1);
    }

    @Test
    void theExpectedCpuFollowsTheMeasuredPartOfTheCurve() {
        var expected = ExpectedCpu.of(capacity);
        assertThat(expected.largestDeviation()).isLessThan(0.05);
        var point = capacity.curve().stream()
                .filter(each -> !each.extrapolated())
                .toList()
                .get(3);
        assertThat(expected.idleRatio() + expected.ratioPerRequestPerSecond() * point.requestsPerSecond())
                .isCloseTo(point.totalUtilisation(), offset(expected.largestDeviation() + 1e-9));
    }
}
