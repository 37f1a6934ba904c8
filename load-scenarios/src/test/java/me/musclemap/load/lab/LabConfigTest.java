package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabConfigTest {
    private static final String JDK = System.getProperty("java.home");

    @Test
    void defaultsAreBelowTheCloneAndTheUsersHome() {
        var config = LabConfig.from(Map.of("HEADROOM_HOME", "/clone", "HOME", "/home/u", "JAVA_HOME", JDK));
        assertThat(config)
                .isEqualTo(new LabConfig(
                        Path.of("/clone"),
                        Path.of(JDK),
                        Path.of("/clone/runs"),
                        Path.of("/home/u/.cache/headroom"),
                        Path.of("/tmp/headroom-cores.lock"),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        List.of(Path.of("/usr/sbin"), Path.of("/sbin"))));
    }

    @Test
    void everyKeyIsMapped() {
        var config = LabConfig.from(Map.of(
                "HEADROOM_HOME", "/clone",
                "JAVA_HOME", JDK,
                "HEADROOM_RUNS", "/runs",
                "HEADROOM_CACHE", "/cache",
                "HEADROOM_CORES_LOCK", "/lock",
                "PATH", "/opt/bin:/usr/sbin",
                "TMPDIR", "/scratch"));
        assertThat(config)
                .isEqualTo(new LabConfig(
                        Path.of("/clone"),
                        Path.of(JDK),
                        Path.of("/runs"),
                        Path.of("/cache"),
                        Path.of("/lock"),
                        Path.of("/scratch"),
                        List.of(Path.of("/opt/bin"), Path.of("/usr/sbin"), Path.of("/sbin"))));
    }

    @Test
    void theCacheOfTheDesktopIsHonoured() {
        var config = LabConfig.from(Map.of("XDG_CACHE_HOME", "/xdg", "JAVA_HOME", JDK));
        assertThat(config.cache()).isEqualTo(Path.of("/xdg/headroom"));
    }

    @Test
    void aPlaceWithoutAJdkIsNamed() {
        assertThatThrownBy(() -> LabConfig.from(Map.of("JAVA_HOME", "/nowhere")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("JAVA_HOME=/nowhere");
    }
}
