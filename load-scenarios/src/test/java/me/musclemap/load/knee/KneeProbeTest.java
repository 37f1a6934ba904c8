package me.musclemap.load.knee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KneeProbeTest {
    private static final double CORE_PER_SECOND = 1000;

    static DoubleStream firstRates() {
        var random = new SplittableRandom(42);
        return DoubleStream.generate(() -> 100 + 1900 * random.nextDouble()).limit(200);
    }

    @ParameterizedTest
    @MethodSource("firstRates")
    void whereverItBeginsItFindsWhereTheCoreIsNinetyPercentBusy(double first) {
        var probe = new KneeProbe(first, 100_000, 30);
        drive(probe, CORE_PER_SECOND);
        assertThat(probe.knee().reached()).isTrue();
        assertThat(probe.knee().perSecond()).isCloseTo(900, within(0.12 * 900));
    }

    @Test
    void itNeverAsksForMoreThanTheUsersWould() {
        var probe = new KneeProbe(200, 400, 30);
        double highest = drive(probe, CORE_PER_SECOND);
        assertThat(highest).isEqualTo(400);
        assertThat(probe.knee().reached()).isFalse();
        assertThat(probe.knee().rule()).contains("not reached");
    }

    @Test
    void itEndsAfterItsLastStep() {
        var probe = new KneeProbe(1, 100_000, 4);
        drive(probe, CORE_PER_SECOND);
        assertThat(probe.knee().reached()).isFalse();
        assertThat(probe.knee().perSecond()).isLessThan(2);
    }

    @Test
    void aStepThatServesTooLittleIsOverTheKneeAndSaysWhy() {
        var probe = new KneeProbe(100, 1000, 10);
        probe.observe(new KneeProbe.Step(4, 100, 100, 100, 0.01, 0.3));
        probe.observe(new KneeProbe.Step(4, 117, 117, 90, 0.01, 0.4));
        assertThat(probe.nextPerSecond()).isEmpty();
        assertThat(probe.knee().rule()).contains("served 76.9 %");
        assertThat(probe.knee().perSecond()).isBetween(100.0, 117.0);
    }

    /** A core that serves what fits into it; gives the highest rate asked for. */
    private static double drive(KneeProbe probe, double corePerSecond) {
        double highest = 0;
        for (var next = probe.nextPerSecond(); next.isPresent(); next = probe.nextPerSecond()) {
            double rate = next.getAsDouble();
            highest = Math.max(highest, rate);
            double utilisation = Math.min(1, rate / corePerSecond);
            double p99 = utilisation >= 1 ? 5 : 0.01 / (1 - utilisation);
            probe.observe(new KneeProbe.Step(4, rate, rate, Math.min(rate, corePerSecond), p99, utilisation));
        }
        return highest;
    }
}
