package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probe with work that costs the same whatever the other core does, or with none at all. */
class SecondCoreProbeTest {
    private static final Consumer<String> QUIET = words -> {};

    @TempDir
    private Path directory;

    private FakeHome home;
    private List<Integer> allowed;

    @BeforeEach
    void needsTwoCores() throws IOException {
        allowed = Cores.allowed();
        assumeTrue(Cores.canPin(allowed), "a second core and taskset");
        home = new FakeHome(directory);
    }

    private SecondCoreProbe.Result probe() {
        var config = LabConfig.from(home.environment());
        try (var lab = Lab.open(config, QUIET)) {
            var result = SecondCoreProbe.run(
                    lab,
                    new Programs(config, "me.musclemap.load.drive.GeneratorMain"),
                    Cores.apart(allowed),
                    true,
                    directory.resolve("logs"));
            // Its processes have ended, and the lab does not miss them.
            lab.check();
            return result;
        }
    }

    @Test
    void coresThatDoNotMindEachOtherAreOne() {
        var result = probe();
        if (result.secondCore().isEmpty()) {
            assertThat(result.words()).as("this machine is at work").contains("not measured: other processes took");
            return;
        }
        var measured = result.secondCore().get();
        assertThat(measured.ratio()).isEqualTo(1);
        assertThat(measured.low()).isEqualTo(1);
        assertThat(measured.high()).isEqualTo(1);
        assertThat(measured.rounds()).isPositive();
        assertThat(measured.kinds()).containsOnlyKeys("hashing", "chasing");
        assertThat(result.words()).contains("1.00 times");
    }

    @Test
    void aProbeThatCannotRunCostsTheRunNothingButTheFigure() throws IOException {
        Files.writeString(home.home().resolve("load-scenarios/target/load-scenarios.jar"), "no program");
        var result = probe();
        assertThat(result.secondCore()).isEmpty();
        assertThat(result.words()).startsWith("not measured: second-core-1");
        assertThat(home.survivors()).isEmpty();
    }
}
