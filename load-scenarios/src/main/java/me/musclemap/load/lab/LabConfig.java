package me.musclemap.load.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the lab finds and keeps things. Immutable.
 *
 * @param home the clone
 * @param javaHome the JDK that every Java process runs on
 * @param runs where run records go
 * @param cache this user's cache: binaries, snapshots, the list of running labs
 * @param coresLock the file whose lock is the right to measure on this machine
 * @param scratch where work directories are made
 * @param programs where installed programs are looked for: PATH, and where Debian keeps servers
 */
public record LabConfig(
        Path home, Path javaHome, Path runs, Path cache, Path coresLock, Path scratch, List<Path> programs) {
    /** The configuration in this environment. */
    public static LabConfig from(Map<String, String> environment) {
        var home = path(environment, "HEADROOM_HOME", Path.of(""));
        var userHome = path(environment, "HOME", Path.of(System.getProperty("user.home")));
        var cacheHome = path(environment, "XDG_CACHE_HOME", userHome.resolve(".cache"));
        var scratch = path(environment, "TMPDIR", Path.of(System.getProperty("java.io.tmpdir")));
        var config = new LabConfig(
                home,
                path(environment, "JAVA_HOME", Path.of(System.getProperty("java.home"))),
                path(environment, "HEADROOM_RUNS", home.resolve("runs")),
                path(environment, "HEADROOM_CACHE", cacheHome.resolve("headroom")),
                // Not TMPDIR: two users with scratch directories of their own share the cores all the same.
                path(environment, "HEADROOM_CORES_LOCK", Path.of("/tmp/headroom-cores.lock")),
                scratch,
                programs(environment));
        if (!Files.isExecutable(config.java())) {
            throw LabException.wrongArguments(
                    "JAVA_HOME=" + config.javaHome() + ": no JDK there; start through ./headroom");
        }
        return config;
    }

    /** The java program. */
    public Path java() {
        return javaHome.resolve("bin/java");
    }

    /** The configuration with another directory for run records. */
    public LabConfig withRuns(Path directory) {
        return new LabConfig(home, javaHome, directory.toAbsolutePath(), cache, coresLock, scratch, programs);
    }

    private static List<Path> programs(Map<String, String> environment) {
        return Stream.concat(
                        Arrays.stream(environment.getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isBlank())
                .map(Path::of)
                .distinct()
                .toList();
    }

    private static Path path(Map<String, String> environment, String key, Path otherwise) {
        var value = environment.getOrDefault(key, "");
        return (value.isBlank() ? otherwise : Path.of(value)).toAbsolutePath().normalize();
    }
}
