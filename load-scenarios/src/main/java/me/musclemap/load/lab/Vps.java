package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.load.record.RunRecord;

/**
 * What stands around the API on the plan's first machine: PgBouncer between it and PostgreSQL, Caddy with TLS 1.3 in front of
 * it, Prometheus and its exporters beside it. All are children of the lab on loopback ports of their own, on the cores of the
 * system under test. Not thread-safe.
 */
final class Vps {
    /** The stations that this adds. */
    static final List<String> STATIONS =
            List.of("caddy", "pgbouncer", "prometheus", "node-exporter", "postgres-exporter", "redis-exporter");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Lab lab;
    private final VpsPrograms programs;
    private final List<String> pin;
    private final Path work;
    private final Path logs;
    private final Map<String, Long> stations = new LinkedHashMap<>();

    Vps(Lab lab, VpsPrograms programs, Cores cores, Path logs) {
        this.lab = lab;
        this.programs = programs;
        this.pin = cores.pinSystemUnderTest();
        this.logs = logs;
        work = lab.workDirectory().resolve("vps");
        try {
            Files.createDirectories(work);
        } catch (IOException e) {
            throw LabException.failed(work + ": cannot be made: " + e.getMessage());
        }
    }

    /** Station to root process of what was started so far. */
    Map<String, Long> stations() {
        return Map.copyOf(stations);
    }

    /** The programs and their versions, for the record. */
    List<RunRecord.Component> components() {
        return programs.components();
    }

    /** How the databases are started from the programs of this machine. */
    List<String> databaseArguments() {
        return List.of(
                "--postgres-home",
                programs.postgresHome().toString(),
                "--redis-server",
                programs.redisServer().toString());
    }

    /**
     * Starts PgBouncer with the plan's settings, and gives the URL that reaches PostgreSQL through it. Statements are not kept
     * prepared: in transaction mode the next one may come to another connection.
     */
    String throughPgBouncer(JsonNode database) {
        var direct = URI.create(database.at("/postgres/jdbcUrl").asText().substring("jdbc:".length()));
        int port = freePort();
        var users = write(
                "users.txt",
                "\"%s\" \"%s\"%n"
                        .formatted(
                                database.at("/postgres/user").asText(),
                                database.at("/postgres/password").asText()));
        var settings = write("pgbouncer.ini", """
                [databases]
                * = host=127.0.0.1 port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = transaction
                max_client_conn = 1000
                default_pool_size = 20
                max_db_connections = 50
                ignore_startup_parameters = extra_float_digits
                log_connections = 0
                log_disconnections = 0
                """.formatted(direct.getPort(), port, users));
        // PgBouncer refuses to run as root.
        var unprivileged =
                "root".equals(System.getProperty("user.name")) ? List.of("unshare", "--user", "--") : List.<String>of();
        start("pgbouncer", unprivileged, List.of(programs.pgbouncer().toString(), settings.toString()), port);
        return "jdbc:postgresql://127.0.0.1:" + port + direct.getPath() + "?prepareThreshold=0";
    }

    /**
     * Starts Caddy before the API: TLS 1.3 only (Go fixes its cipher suites), zstd and gzip, the plan's headers. The plan's
     * one-year cache header is left out: it would let private answers be kept by anybody.
     */
    URI caddyBefore(URI api) {
        int port = freePort();
        var settings = write("Caddyfile", """
                {
                	admin off
                	auto_https disable_redirects
                	skip_install_trust
                	default_sni 127.0.0.1
                	storage file_system %s
                	log {
                		level WARN
                	}
                }
                https://127.0.0.1:%d {
                	bind 127.0.0.1
                	tls internal {
                		protocols tls1.3
                	}
                	encode zstd gzip
                	header {
                		X-Content-Type-Options "nosniff"
                		X-Frame-Options "DENY"
                		Strict-Transport-Security "max-age=31536000; includeSubDomains; preload"
                	}
                	reverse_proxy 127.0.0.1:%d {
                		trusted_proxies private_ranges
                	}
                }
                """.formatted(work.resolve("caddy"), port, api.getPort()));
        start(
                "caddy",
                List.of("env", "HOME=" + work),
                List.of(programs.caddy().toString(), "run", "--config", settings.toString(), "--adapter", "caddyfile"),
                port);
        return URI.create("https://127.0.0.1:" + port);
    }

    /** Starts the exporters, and Prometheus that scrapes them and our own programs every 15 seconds. */
    void monitoring(JsonNode database, URI api, URI rum) {
        int node = freePort();
        start(
                "node-exporter",
                List.of(),
                List.of(programs.nodeExporter().toString(), "--web.listen-address=127.0.0.1:" + node),
                node);
        int postgres = freePort();
        var jdbc = URI.create(database.at("/postgres/jdbcUrl").asText().substring("jdbc:".length()));
        var source = "DATA_SOURCE_NAME=postgresql://%s:%s@127.0.0.1:%d%s?sslmode=disable"
                .formatted(
                        database.at("/postgres/user").asText(),
                        database.at("/postgres/password").asText(),
                        jdbc.getPort(),
                        jdbc.getPath());
        start(
                "postgres-exporter",
                List.of("env", source),
                List.of(programs.postgresExporter().toString(), "--web.listen-address=127.0.0.1:" + postgres),
                postgres);
        int redis = freePort();
        start(
                "redis-exporter",
                List.of(),
                List.of(
                        programs.redisExporter().toString(),
                        "--redis.addr=" + database.at("/redis/uri").asText(),
                        "--web.listen-address=127.0.0.1:" + redis),
                redis);
        var jobs = new LinkedHashMap<String, Integer>();
        jobs.put("api", api.getPort());
        jobs.put("rum", rum.getPort());
        jobs.put("node", node);
        jobs.put("postgres", postgres);
        jobs.put("redis", redis);
        var settings = new StringBuilder("global:\n  scrape_interval: 15s\nscrape_configs:\n");
        jobs.forEach((job, port) -> settings.append("  - job_name: ")
                .append(job)
                .append("\n    static_configs: [{targets: [\"127.0.0.1:")
                .append(port)
                .append("\"]}]\n"));
        int port = freePort();
        start(
                "prometheus",
                List.of(),
                List.of(
                        programs.prometheus().toString(),
                        "--config.file=" + write("prometheus.yml", settings.toString()),
                        "--storage.tsdb.path=" + work.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn"),
                port);
    }

    /** Starts a program that is not ours: it dies with the lab, and is there when its port answers. */
    private void start(String station, List<String> before, List<String> command, int port) {
        var whole = new ArrayList<>(before);
        whole.addAll(List.of("setpriv", "--pdeathsig", "KILL", "--"));
        // What it writes to stdout is for people: our own programs alone answer there.
        whole.addAll(List.of("sh", "-c", "exec \"$0\" \"$@\" 1>&2"));
        whole.addAll(command);
        var child = lab.start(station, pin, whole, logs.resolve(station + ".log"));
        long patient = System.nanoTime() + PATIENCE.toNanos();
        while (!answers(port)) {
            child.check();
            if (System.nanoTime() > patient) {
                throw LabException.failed(station + ": does not answer on port " + port + " after "
                        + PATIENCE.toSeconds() + " s (log: " + logs.resolve(station + ".log") + ")");
            }
            pause();
        }
        stations.put(station, child.pid());
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted while the stack was starting");
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            // Not yet: whoever waits asks again, and gives up with a message of its own.
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw LabException.failed("no free port: " + e.getMessage());
        }
    }

    private Path write(String name, String text) {
        var file = work.resolve(name);
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot be written: " + e.getMessage());
        }
    }
}
