package me.musclemap.api.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivilegesTest {
    @TempDir
    private Path directory = Path.of("");

    /** What root falls back to where no user namespace may be made. */
    @Test
    void asRootPostgresRunsAsNobodyToo() throws Exception {
        assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")), "only root has to");
        var cache = new Cache(Path.of(System.getProperty("repo.root", ".."))
                .resolve("reference-api/target/test cache")
                .toAbsolutePath());
        Binaries binaries = Binaries.unpack(cache);
        Path data = directory.resolve("closed to others").resolve("data");
        Postgres.initialise(binaries, Privileges.NOBODYS, data, "secret");
        Files.createFile(data.resolveSibling("postgres.log"));
        var children = new Children();
        try (Postgres postgres = Postgres.startMeasured(binaries, Privileges.NOBODYS, children, data, "", "secret");
                Connection connection = postgres.connect("postgres", Postgres.SUPERUSER, "secret");
                var rows = connection.createStatement().executeQuery("show data_directory")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(data.toString());
            Path process = Path.of("/proc", Long.toString(postgres.child().pid()));
            assertThat(Files.getAttribute(process, "unix:uid"))
                    .as("the user that it runs as")
                    .isEqualTo(Privileges.NOBODYS.owner());
            assertThat(Files.getAttribute(data.resolve("PG_VERSION"), "unix:uid"))
                    .isEqualTo(Privileges.NOBODYS.owner());
        } finally {
            children.close();
        }
    }
}
