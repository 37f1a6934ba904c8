package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainGatlingTest {
    @TempDir
    private Path dir;

    @Test
    void itSendsItsPlanToTheTargetAndWritesItsOwnFile() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        int core = ProcessUse.cores().get(0);
        try (var target = Target.start(java, core, Optional.empty(), dir)) {
            var plan = new PlainPlan(
                    target.url(),
                    "file",
                    List.of(new PlainPlan.Step(50, 2)),
                    0,
                    List.of(
                            new PlainPlan.Sent("Ping", "/api/graphql", Optional.of(BenchWorkload.BODY), 1),
                            new PlainPlan.Sent("Get", BenchWorkload.PATH, Optional.empty(), 1)),
                    Optional.of("Bearer t"),
                    true,
                    dir.toString());
            try (var plain = Plain.start(java, core, plan, 128, dir)) {
                for (int tries = 0; target.count() < 100 && tries < 600; tries++) {
                    Pauses.seconds(0.1);
                }
                assertThat(target.count()).isEqualTo(100);
                assertThat(plain.late(0, 0)).isFinite().isNotNegative();
                assertThat(ProcessUse.cpuSeconds(plain.pid())).isPositive();
            }
        }
        try (var files = Files.walk(dir)) {
            assertThat(files.filter(file -> file.endsWith("simulation.log"))).hasSize(1);
        }
    }
}
