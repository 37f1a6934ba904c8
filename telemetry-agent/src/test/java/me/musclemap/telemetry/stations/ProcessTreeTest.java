package me.musclemap.telemetry.stations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bookkeeping, on tables of processes made up for each case. Times are in ticks of 10 ms. */
class ProcessTreeTest {
    private static final ProcFs NOWHERE = new ProcFs(Path.of("/nonexistent"));

    @Test
    void theTimeOfAWaitedForChildIsCountedOnce() {
        var tree = new ProcessTree(process(10, 1, 100, 0));
        tree.update(List.of(process(10, 1, 100, 0), process(11, 10, 300, 0)), NOWHERE);
        assertThat(tree.cpuSeconds()).isCloseTo(4.0, within(1e-9));

        tree.update(List.of(process(10, 1, 110, 320)), NOWHERE);

        assertThat(tree.cpuSeconds()).isCloseTo(4.3, within(1e-9));
    }

    @Test
    void theTimeOfAChildThatNobodyWaitsForIsKept() {
        var tree = new ProcessTree(process(10, 1, 100, 0));
        tree.update(List.of(process(10, 1, 100, 0), process(11, 10, 300, 0)), NOWHERE);

        tree.update(List.of(process(10, 1, 100, 0)), NOWHERE);

        assertThat(tree.cpuSeconds()).isCloseTo(4.0, within(1e-9));
    }

    @Test
    void anOrphanIsFollowedToItsNewParentAndKeptAfterItsEnd() {
        var tree = new ProcessTree(process(10, 1, 0, 0));
        tree.update(List.of(process(10, 1, 0, 0), process(11, 10, 50, 0), process(12, 11, 70, 0)), NOWHERE);
        tree.update(List.of(process(10, 1, 0, 50), process(12, 1, 90, 0)), NOWHERE);
        assertThat(tree.cpuSeconds()).isCloseTo(1.4, within(1e-9));

        tree.update(List.of(process(10, 1, 0, 50)), NOWHERE);

        assertThat(tree.cpuSeconds()).isCloseTo(1.4, within(1e-9));
    }

    @Test
    void aGrandchildThatEndedWithItsParentIsCountedOnce() {
        var tree = new ProcessTree(process(10, 1, 0, 0));
        tree.update(List.of(process(10, 1, 0, 0), process(11, 10, 50, 0), process(12, 11, 70, 0)), NOWHERE);

        tree.update(List.of(process(10, 1, 0, 125)), NOWHERE);

        assertThat(tree.cpuSeconds()).isCloseTo(1.25, within(1e-9));
    }

    @Test
    void anotherProcessWithTheSamePidIsNoMember() {
        var tree = new ProcessTree(process(10, 1, 0, 0));
        tree.update(List.of(process(10, 1, 0, 0), process(11, 10, 50, 0)), NOWHERE);

        var stranger = new ProcessStat(11, 'S', 1, 777, 9_999, 0, 1, 0);
        tree.update(List.of(process(10, 1, 0, 50), stranger), NOWHERE);

        assertThat(tree.cpuSeconds()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void theRootEndsWhenItIsOnlyAZombie() {
        var tree = new ProcessTree(process(10, 1, 100, 0));
        tree.update(List.of(process(10, 1, 100, 0)), NOWHERE);
        assertThat(tree.rootAlive()).isTrue();

        tree.update(List.of(new ProcessStat(10, 'Z', 1, 5, 120, 0, 1, 0)), NOWHERE);

        assertThat(tree.rootAlive()).isFalse();
        assertThat(tree.cpuSeconds()).isCloseTo(1.2, within(1e-9));
    }

    @Test
    void aNameWithBracketsAndSpacesIsReadAsOneField() {
        var stat = ProcessStat.parse("42 (a) b (c) S 7 42 42 0 -1 4194304 102 0 0 0 11 12 13 14 20 0 3 0 139485 "
                + "2998272 416 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0");

        assertThat(stat).isEqualTo(new ProcessStat(42, 'S', 7, 139_485, 23, 27, 3, 416 * 4096L));
    }

    private static ProcessStat process(long pid, long parent, long ownTicks, long childTicks) {
        return new ProcessStat(pid, 'S', parent, 5, ownTicks, childTicks, 2, 0);
    }
}
