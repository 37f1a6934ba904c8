package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import me.musclemap.load.record.RunRecord;
import org.jspecify.annotations.Nullable;

/**
 * The installed programs that the VPS profile runs. Immutable.
 *
 * @param postgresHome the directory that has {@code bin/postgres}: Debian keeps the server off PATH
 */
record VpsPrograms(
        Path caddy,
        Path pgbouncer,
        Path postgresHome,
        Path redisServer,
        Path prometheus,
        Path nodeExporter,
        Path postgresExporter,
        Path redisExporter) {
    private static final Path DEBIAN_POSTGRES = Path.of("/usr/lib/postgresql");
    private static final Pattern VERSION = Pattern.compile("v?(\\d+(\\.\\d+)+)");

    /** Finds all of them in these directories, or says once what is missing and how it is had. */
    static VpsPrograms find(List<Path> path) {
        return find(path, DEBIAN_POSTGRES);
    }

    static VpsPrograms find(List<Path> path, Path postgresVersions) {
        var search = new Search(path);
        var caddy = search.program("caddy", "caddy");
        var pgbouncer = search.program("pgbouncer", "pgbouncer");
        var redis = search.program("redis-server", "redis-server");
        var prometheus = search.program("prometheus", "prometheus");
        var node = search.program("prometheus-node-exporter", "prometheus-node-exporter");
        var postgresExporter = search.program("prometheus-postgres-exporter", "prometheus-postgres-exporter");
        var redisExporter = search.program("prometheus-redis-exporter", "prometheus-redis-exporter");
        var postgres = postgresHome(search, postgresVersions);
        if (postgres == null) {
            search.missing.add("postgresql");
        }
        if (!search.missing.isEmpty() || postgres == null) {
            throw LabException.wrongArguments("--profile=vps: " + search.missing.size()
                    + " of its programs are not on PATH: install them (Debian: apt-get install "
                    + String.join(" ", new TreeSet<>(search.missing)) + "), or use --profile embedded");
        }
        return new VpsPrograms(caddy, pgbouncer, postgres, redis, prometheus, node, postgresExporter, redisExporter);
    }

    /** PostgreSQL's own directory: that of a server on PATH, or the newest one that Debian installed. */
    private static @Nullable Path postgresHome(Search search, Path versions) {
        var onPath = search.find("postgres")
                .map(server -> server.resolveSibling("..").normalize());
        if (onPath.isPresent()) {
            return onPath.get();
        }
        if (!Files.isDirectory(versions)) {
            return null;
        }
        Path newest = null;
        double version = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(versions, "[0-9]*")) {
            for (var home : found) {
                double its = Double.parseDouble(String.valueOf(home.getFileName()));
                if (its > version && Files.isExecutable(home.resolve("bin/postgres"))) {
                    newest = home;
                    version = its;
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw LabException.failed(versions + ": cannot be read: " + e.getMessage());
        }
        return newest;
    }

    /** Name and version of each that is not a database; the databases say their own. */
    List<RunRecord.Component> components() {
        return List.of(
                new RunRecord.Component("caddy", version(caddy, "version")),
                new RunRecord.Component("pgbouncer", version(pgbouncer, "--version")),
                new RunRecord.Component("prometheus", version(prometheus, "--version")),
                new RunRecord.Component("node-exporter", version(nodeExporter, "--version")),
                new RunRecord.Component("postgres-exporter", version(postgresExporter, "--version")),
                new RunRecord.Component("redis-exporter", version(redisExporter, "--version")));
    }

    private static String version(Path program, String argument) {
        try {
            var process = new ProcessBuilder(program.toString(), argument)
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var found = VERSION.matcher(said);
            return found.find() ? found.group(1) : "unknown";
        } catch (IOException e) {
            throw LabException.failed(program + ": cannot be run: " + e.getMessage());
        }
    }

    private static final class Search {
        private final List<Path> path;
        private final List<String> missing = new ArrayList<>();

        Search(List<Path> path) {
            this.path = path;
        }

        Optional<Path> find(String name) {
            return path.stream()
                    .map(directory -> directory.resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        Path program(String name, String debianPackage) {
            return find(name).orElseGet(() -> {
                missing.add(debianPackage);
                return Path.of(name);
            });
        }
    }
}
