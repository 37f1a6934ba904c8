package me.musclemap.telemetry.stations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real processes that burn real CPU; amounts are compared with each other within a run, never with the clock. */
class StationsTest {
    /** One unit of work, about a tenth of a second: enough that a clock tick of 10 ms does not matter. */
    private static final String BURN = "burn() { i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; }; ";

    private final ChildProcesses children = new ChildProcesses();
    private final ProcFs proc = new ProcFs(Path.of("/proc"));
    private final Stations stations =
            new Stations(proc, Clock.systemUTC(), System::nanoTime, CoreSet.first(proc.coreCount()));

    @AfterEach
    void endChildren() {
        children.close();
    }

    @Test
    void anEndedChildCountsAsMuchAsTheSameWorkInTheRootItself() throws IOException {
        var alone = children.start(BURN + "read go; burn; burn; burn; echo done; read end");
        var parent = children.start(BURN + "read go; for n in 1 2 3; do (burn); done; echo done; read end");
        stations.add("alone", alone.pid());
        stations.add("parent", parent.pid());
        Snapshot begin = stations.look();

        alone.goOn();
        alone.line();
        parent.goOn();
        parent.line();

        var use = window(begin, stations.look());
        assertThat(use.cpuSeconds("alone")).isGreaterThan(0.02);
        assertThat(use.cpuSeconds("parent") / use.cpuSeconds("alone")).isBetween(0.6, 1.7);
    }

    @Test
    void anOrphanCountsWhileItLivesAndWhatItUsedIsKeptAfterItsEnd() throws IOException {
        var root = children.start(
                "sh -c '" + BURN + "(burn; echo burnt; exec sleep 30) & echo $!; read go'; echo orphaned; read end");
        stations.add("root", root.pid());
        Snapshot begin = stations.look();
        var orphan = ProcessHandle.of(Long.parseLong(root.line())).orElseThrow();
        try {
            assertThat(root.line()).isEqualTo("burnt");
            stations.glance();
            root.goOn();
            assertThat(root.line()).isEqualTo("orphaned");
            Snapshot orphaned = stations.look();

            assertThat(orphaned.station("root").processes()).isEqualTo(2);
            double before = window(begin, orphaned).cpuSeconds("root");
            assertThat(before).isGreaterThan(0.01);
            orphan.destroyForcibly();
            awaitProcesses("root", 1);
            assertThat(window(begin, stations.look()).cpuSeconds("root")).isGreaterThanOrEqualTo(before);
        } finally {
            orphan.destroyForcibly();
        }
    }

    @Test
    void aStationWhoseRootEndedKeepsItsLastValueAndSaysSo() throws IOException, InterruptedException {
        var shell = children.start(BURN + "burn; echo done; read end");
        stations.add("gone", shell.pid());
        shell.line();
        Snapshot alive = stations.look();
        shell.goOn();
        shell.process().waitFor();

        Snapshot ended = stations.look();

        assertThat(alive.station("gone").ended()).isFalse();
        assertThat(ended.station("gone").ended()).isTrue();
        assertThat(ended.station("gone").cpuSeconds())
                .isGreaterThanOrEqualTo(alive.station("gone").cpuSeconds());
        assertThat(ended.station("gone").processes()).isZero();
        assertThat(window(alive, ended).json().at("/stations/gone/ended").asBoolean())
                .isTrue();
    }

    @Test
    void twoStationsAreToldApartAndTheRestOfTheCoresIsOther() throws IOException {
        var busy = children.start(BURN + "read go; burn; burn; burn; burn; echo done; read end");
        var idle = children.start("read end");
        stations.add("busy", busy.pid());
        stations.add("idle", idle.pid());
        Snapshot begin = stations.look();
        busy.goOn();
        busy.line();

        var use = window(begin, stations.look());

        assertThat(use.cpuSeconds("idle")).isLessThan(use.cpuSeconds("busy") / 5);
        double host = use.json().at("/host/busySeconds").asDouble();
        assertThat(use.otherCpuSeconds()).isPresent();
        assertThat(use.otherCpuSeconds().getAsDouble() + use.cpuSeconds("busy") + use.cpuSeconds("idle"))
                .isCloseTo(host, within(0.05 + host * 0.05));
    }

    @Test
    void aStationThatMayLeaveTheWatchedCoresLeavesOtherUnknown() throws IOException {
        var onAll = children.start("read end");
        org.junit.jupiter.api.Assumptions.assumeTrue(proc.coreCount() > 1, "needs two cores");
        var first = new Stations(proc, Clock.systemUTC(), System::nanoTime, CoreSet.parse("0"));
        first.add("all", onAll.pid());
        Snapshot begin = first.look();

        boolean everywhere = proc.allowedCores(onAll.pid()).orElseThrow().size() > 1;
        var use = new WindowUse(1, begin, first.look(), CoreSet.parse("0"), 0);

        assertThat(use.otherCpuSeconds().isEmpty()).isEqualTo(everywhere);
    }

    @Test
    void compilerThreadsOfAJvmAreTakenOutOfItsTime() {
        stations.add("self", ProcessHandle.current().pid());

        StationSample sample = stations.look().station("self");

        assertThat(sample.jitSeconds()).isBetween(0.001, sample.cpuSeconds());
        assertThat(sample.openFiles()).isPositive();
        assertThat(sample.residentBytes()).isPositive();
    }

    @Test
    void aProcessThatDoesNotExistIsRefusedByNameAndPid() {
        assertThatThrownBy(() -> stations.add("ghost", 999_999_999L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ghost=999999999");
        assertThatThrownBy(() -> stations.add("other", 1L)).hasMessageContaining("not 'other'");
    }

    private void awaitProcesses(String station, int count) {
        long giveUp = System.nanoTime() + 30_000_000_000L;
        while (stations.look().station(station).processes() > count) {
            assertThat(System.nanoTime()).as("the orphan ends").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }

    private WindowUse window(Snapshot begin, Snapshot end) {
        return new WindowUse(1, begin, end, stations.watched(), 0);
    }
}
