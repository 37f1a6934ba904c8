package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import me.musclemap.rum.intake.AddressLimits;
import me.musclemap.rum.intake.IntakeConfig;
import me.musclemap.rum.intake.TestSignature;
import me.musclemap.rum.privacy.RouteWords;
import me.musclemap.rum.store.Database;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the collector. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Takes beacons at /api/vitals and answers at /v1, until it is stopped.")
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8090", description = "0 takes a free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "directory of the segment log")
    private Path data = Path.of(".");

    @Option(
            names = "--keep-mib",
            defaultValue = "1024",
            description =
                    "how much of the segment log is kept; with a database, how much may wait (default: ${DEFAULT-VALUE})")
    private int keepMebibytes;

    @Option(
            names = "--jdbc-url",
            paramLabel = "URL",
            description = "PostgreSQL that holds the counts of all collectors; without it this one keeps its own")
    private @Nullable String jdbcUrl;

    @Option(names = "--db-user", defaultValue = "", description = "user of the database")
    private String databaseUser = "";

    @Option(names = "--db-password", defaultValue = "", description = "its password")
    private String databasePassword = "";

    @Option(
            names = "--flush-seconds",
            defaultValue = "5",
            description = "how often the database is written at most (default: ${DEFAULT-VALUE})")
    private double flushSeconds;

    @Option(
            names = "--country-header",
            defaultValue = "",
            paramLabel = "NAME",
            description = "header in which your proxy names the country, for example CF-IPCountry; default: none")
    private String countryHeader = "";

    @Option(
            names = "--address-header",
            defaultValue = "X-Forwarded-For",
            paramLabel = "NAME",
            description = "header in which your proxy names the sender's address (default: ${DEFAULT-VALUE})")
    private String addressHeader = "";

    @Option(
            names = "--trusted-proxies",
            defaultValue = "1",
            paramLabel = "N",
            description = {
                "how many proxies of yours a beacon comes through: the sender is the Nth address of that header from the right,",
                "since each adds the one that it saw. Behind an API that hands on, count it too; 0: the header is not read",
                "(default: ${DEFAULT-VALUE})"
            })
    private int trustedProxies;

    @Option(
            names = "--routes",
            paramLabel = "FILE",
            description = {
                "routes of your application, one a line, as /workouts/{id}/sets: their words stay, in place of MuscleMap's,",
                "and all else in a path becomes {id}"
            })
    private @Nullable Path routes;

    @Option(
            names = "--address-rate",
            defaultValue = "20",
            paramLabel = "N",
            description = "beacons a second that one address may send (default: ${DEFAULT-VALUE})")
    private double addressRate;

    @Option(
            names = "--address-burst",
            defaultValue = "400",
            paramLabel = "N",
            description = "and how many at once before that (default: ${DEFAULT-VALUE})")
    private int addressBurst;

    @Option(
            names = "--keep-share",
            defaultValue = "1",
            paramLabel = "SHARE",
            description = "share of page views that is kept, by lot; those kept weigh more (default: ${DEFAULT-VALUE})")
    private double keptShare;

    @Option(
            names = "--test-key",
            paramLabel = "FILE",
            description = "key that test traffic is signed with, of at least 16 bytes")
    private @Nullable Path testKey;

    @Option(names = "--exit-with-parent", description = "end when standard input ends")
    private boolean exitWithParent;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CollectorConfig config = config();
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        try (var telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", Main.Version.number()));
                var collector = open(telemetry, config)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitStop(stop, stopped), "stop"));
            System.out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("ready", true)
                    .put("url", collector.url())
                    .put("pid", ProcessHandle.current().pid()));
            if (exitWithParent) {
                followParent(stop);
            }
            stop.await();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private CollectorConfig config() throws IOException {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port=" + port + ": use 0 to 65535");
        }
        if (keepMebibytes < 32) {
            throw new IllegalArgumentException("--keep-mib=" + keepMebibytes + ": use at least 32");
        }
        if (!(flushSeconds >= 0.1 && flushSeconds <= 60)) {
            throw new IllegalArgumentException("--flush-seconds=" + flushSeconds + ": use 0.1 to 60");
        }
        if (jdbcUrl != null && !jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "--jdbc-url=" + jdbcUrl + ": write it like jdbc:postgresql://127.0.0.1:5432/musclemap");
        }
        if (trustedProxies < 0 || trustedProxies > 10) {
            throw new IllegalArgumentException("--trusted-proxies=" + trustedProxies + ": use 0 to 10");
        }
        return new CollectorConfig(
                port,
                data,
                (long) keepMebibytes << 20,
                new IntakeConfig(
                        keptShare, signature(), routes == null ? RouteWords.MUSCLEMAP : RouteWords.read(routes)),
                countryHeader,
                addressHeader,
                trustedProxies,
                Optional.of(new AddressLimits(addressRate, addressBurst)),
                Optional.ofNullable(jdbcUrl).map(url -> new Database.Address(url, databaseUser, databasePassword)),
                Duration.ofMillis(Math.round(flushSeconds * 1000)));
    }

    private Optional<TestSignature> signature() throws IOException {
        if (testKey == null) {
            return Optional.empty();
        }
        byte[] key;
        try {
            key = Files.readString(testKey, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("--test-key=" + testKey + ": cannot be read: write a key into it", e);
        }
        try {
            return Optional.of(new TestSignature(key));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--test-key=" + testKey + ": " + e.getMessage(), e);
        }
    }

    private Collector open(Telemetry telemetry, CollectorConfig config) throws IOException {
        try {
            return Collector.start(telemetry, Clock.systemUTC(), config);
        } catch (IOException e) {
            throw new IOException("cannot serve from --data=" + data + ": " + e.getMessage(), e);
        }
    }

    /** On SIGTERM: what was taken in is written before the process ends. */
    private static void awaitStop(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void followParent(CountDownLatch stop) {
        var reader = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {}
                    } catch (IOException e) {
                        System.err.println("rum: standard input cannot be read: " + e.getMessage());
                    }
                    stop.countDown();
                },
                "parent");
        reader.setDaemon(true);
        reader.start();
    }
}
