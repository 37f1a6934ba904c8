package me.musclemap.telemetry.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.musclemap.telemetry.stations.CoreSet;
import me.musclemap.telemetry.stations.ProcFs;
import me.musclemap.telemetry.stations.Stations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Exposes stations and host as a metrics page, for a Prometheus in production. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Exposes the CPU of stations and host as a metrics page, until it is stopped.")
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9110",
            description = "where to listen; port 0 takes a free one (default: ${DEFAULT-VALUE})")
    private String listen = "127.0.0.1:9110";

    @Option(
            names = "--station",
            required = true,
            paramLabel = "NAME=PID",
            converter = StationOption.Converter.class,
            description = "a station: all processes descended from this one (also pidfile:PATH, systemd:UNIT)")
    private List<StationOption> stationOptions = List.of();

    @Option(names = "--exit-with-parent", description = "end when standard input ends")
    private boolean exitWithParent;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var proc = new ProcFs(Path.of("/proc"));
        HostPage page;
        InetSocketAddress address;
        try {
            var stations = new Stations(proc, Clock.systemUTC(), System::nanoTime, CoreSet.first(proc.coreCount()));
            stationOptions.forEach(option -> option.addTo(stations));
            page = new HostPage(stations, Path.of("/proc"));
            address = address(listen);
        } catch (IllegalArgumentException e) {
            throw AgentException.usage(e);
        }
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw AgentException.failed("listen=" + listen + ": " + e.getMessage() + "; choose another port", e);
        }
        server.createContext("/metrics", exchange -> answer(exchange, page.text(), HostPage.CONTENT_TYPE));
        server.createContext("/health", exchange -> answer(exchange, "ok\n", "text/plain; charset=utf-8"));
        server.start();
        System.out.println(JsonNodeFactory.instance
                .objectNode()
                .put("ready", true)
                .put(
                        "url",
                        "http://" + server.getAddress().getHostString() + ":"
                                + server.getAddress().getPort())
                .put("pid", ProcessHandle.current().pid()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0), "stop"));
        glanceUntilEnd(page);
        server.stop(0);
        return 0;
    }

    /** Looks each second, so that processes that live shorter than a scrape interval are not missed. */
    private void glanceUntilEnd(HostPage page) throws InterruptedException {
        var ended = new CountDownLatch(1);
        if (exitWithParent) {
            var reader = new Thread(
                    () -> {
                        try {
                            while (System.in.read() >= 0) {}
                        } catch (IOException e) {
                            System.err.println("agent: standard input cannot be read: " + e.getMessage());
                        }
                        ended.countDown();
                    },
                    "parent");
            reader.setDaemon(true);
            reader.start();
        }
        while (!ended.await(1, TimeUnit.SECONDS)) {
            page.glance();
        }
    }

    private static InetSocketAddress address(String listen) {
        int colon = listen.lastIndexOf(':');
        String port = listen.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("listen=" + listen + ": write HOST:PORT, for example 127.0.0.1:9110");
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(listen.substring(0, colon)), Integer.parseInt(port));
        } catch (IOException e) {
            throw new IllegalArgumentException("listen=" + listen + ": no address of this host has that name", e);
        }
    }

    private static void answer(HttpExchange exchange, String text, String contentType) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
