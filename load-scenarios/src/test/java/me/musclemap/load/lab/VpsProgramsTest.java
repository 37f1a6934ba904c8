package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VpsProgramsTest {
    @TempDir
    private Path root;

    @Test
    void allThatIsMissingIsNamedAtOnceWithItsPackage() throws IOException {
        var bin = root.resolve("bin");
        program(bin.resolve("caddy"));
        program(bin.resolve("redis-server"));
        assertThatThrownBy(() -> VpsPrograms.find(List.of(bin), root.resolve("postgresql")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("apt-get install pgbouncer postgresql prometheus prometheus-node-exporter "
                        + "prometheus-postgres-exporter prometheus-redis-exporter)")
                .satisfies(problem ->
                        assertThat(((LabException) problem).exitCode()).isEqualTo(2));
    }

    @Test
    void theNewestPostgresThatDebianInstalledIsTaken() throws IOException {
        var bin = root.resolve("bin");
        for (var name : List.of(
                "caddy",
                "pgbouncer",
                "redis-server",
                "prometheus",
                "prometheus-node-exporter",
                "prometheus-postgres-exporter",
                "prometheus-redis-exporter")) {
            program(bin.resolve(name));
        }
        var versions = root.resolve("postgresql");
        program(versions.resolve("9.6/bin/postgres"));
        program(versions.resolve("15/bin/postgres"));
        Files.createDirectories(versions.resolve("17/bin"));
        var found = VpsPrograms.find(List.of(root.resolve("nowhere"), bin), versions);
        assertThat(found.postgresHome()).isEqualTo(versions.resolve("15"));
        assertThat(found.caddy()).isEqualTo(bin.resolve("caddy"));
        assertThat(found.components())
                .extracting(component -> component.version())
                .containsOnly("2.10.1");
    }

    private static void program(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\necho v2.10.1 h1:abc\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
