package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import me.musclemap.rum.browser.DemoSite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the demo page. */
@Command(
        name = "demo-page",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description =
                "Serves the demo page of MuscleMap before a running API and a running collector, until it is stopped.")
final class DemoPageCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8091", description = "0 takes a free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--api", required = true, paramLabel = "URL", description = "the API, as headroom up prints it")
    private URI api = URI.create("http://127.0.0.1");

    @Option(names = "--collector", required = true, paramLabel = "URL", description = "the collector")
    private URI collector = URI.create("http://127.0.0.1");

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var site = open()) {
            System.out.println(
                    JsonNodeFactory.instance.objectNode().put("ready", true).put("url", site.url()));
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private DemoSite open() throws IOException {
        try {
            return new DemoSite(port, api, collector);
        } catch (java.net.BindException e) {
            throw new IOException("--port=" + port + ": is taken: choose another, or 0 for any free one", e);
        }
    }
}
