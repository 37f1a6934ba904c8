package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the collector. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Takes beacons at /api/vitals and answers at /v1/query, until it is stopped.")
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8090", description = "0 takes a free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "directory of the segment log")
    private Path data = Path.of(".");

    @Option(
            names = "--keep-mib",
            defaultValue = "1024",
            description = "how much of the segment log is kept (default: ${DEFAULT-VALUE})")
    private int keepMebibytes;

    @Option(names = "--exit-with-parent", description = "end when standard input ends")
    private boolean exitWithParent;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port=" + port + ": use 0 to 65535");
        }
        if (keepMebibytes < 32) {
            throw new IllegalArgumentException("--keep-mib=" + keepMebibytes + ": use at least 32");
        }
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        try (var telemetry = Telemetry.start(TelemetryConfig.of("rum-collector", Main.Version.number()));
                var collector = open(telemetry)) {
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

    private Collector open(Telemetry telemetry) throws IOException {
        try {
            return Collector.start(telemetry, Clock.systemUTC(), data, (long) keepMebibytes << 20, port);
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
