package me.musclemap.rum.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What one beacon costs the collector, beside what a request costs nginx that answers 204, and an HTTP server that does
 * nothing: each in a process on core 0, driven from core 1, one after the other, again and again.
 */
public final class CpuBench {
    private static final int CONNECTIONS = 128;
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, which Linux never changes

    private final Path directory;
    private final int warmUpSeconds;
    private final int seconds;

    /**
     * What one server cost in one turn.
     *
     * @param cpuMicros of user and system together, for each request
     */
    public record Turn(String server, double perSecond, double cpuMicros, long notAccepted) {}

    /** One server under test. */
    private record Server(String name, Process process, URI url) {}

    /** {@code directory} is for logs and is not emptied. */
    public CpuBench(Path directory, int warmUpSeconds, int seconds) {
        this.directory = directory;
        this.warmUpSeconds = warmUpSeconds;
        this.seconds = seconds;
    }

    /** Every server that is here, {@code turns} times; told of each as it ends. */
    public List<Turn> run(int turns, Optional<Path> nginx, java.util.function.Consumer<Turn> told)
            throws IOException, InterruptedException {
        var servers = new ArrayList<Server>();
        var result = new ArrayList<Turn>();
        try (var senders = new Senders()) {
            servers.add(collector());
            servers.add(java("server doing nothing", "bench", "idle-server"));
            if (nginx.isPresent()) {
                servers.add(nginx(nginx.get()));
            }
            for (Server server : servers) {
                drive(senders, server, warmUpSeconds);
            }
            for (int turn = 0; turn < turns; turn++) {
                for (Server server : servers) {
                    Turn one = drive(senders, server, seconds);
                    told.accept(one);
                    result.add(one);
                }
            }
        } finally {
            for (Server server : servers) {
                server.process.descendants().forEach(ProcessHandle::destroy);
                server.process.destroy();
                server.process.waitFor(10, TimeUnit.SECONDS);
            }
        }
        return result;
    }

    private Server collector() throws IOException {
        return java(
                "collector",
                "serve",
                "--port",
                "0",
                "--data",
                directory.resolve("log").toString(),
                "--exit-with-parent");
    }

    /** This program again, with other arguments. */
    private static Server java(String name, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(
                "taskset",
                "-c",
                "0",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "me.musclemap.rum.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.contains("\"url\"")) {
            process.destroy();
            throw new IOException(name + " did not start");
        }
        return new Server(name, process, URI.create(line.replaceFirst(".*\"url\":\"([^\"]+)\".*", "$1")));
    }

    private Server nginx(Path program) throws IOException {
        int port;
        try (var socket = new java.net.ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path home = Files.createDirectories(directory.resolve("nginx"));
        Path config = home.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off; worker_processes 1; pid %s/nginx.pid; error_log %s/error.log crit;
                events { worker_connections 1024; }
                http {
                  access_log off; keepalive_requests 100000000; client_body_buffer_size 64k; tcp_nodelay on;
                  client_body_temp_path %s/body; proxy_temp_path %s/proxy; fastcgi_temp_path %s/fastcgi;
                  uwsgi_temp_path %s/uwsgi; scgi_temp_path %s/scgi;
                  server { listen 127.0.0.1:%d; location / { return 204; } }
                }
                """.formatted(home, home, home, home, home, home, home, port));
        Process process = new ProcessBuilder(
                        "taskset",
                        "-c",
                        "0",
                        program.toString(),
                        "-e",
                        home + "/error.log",
                        "-p",
                        home.toString(),
                        "-c",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("said").toFile())
                .start();
        // The others end when this process does; it would stay.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return new Server("nginx, return 204", process, URI.create("http://127.0.0.1:" + port));
    }

    private static Turn drive(Senders senders, Server server, int seconds) throws IOException, InterruptedException {
        var beacons = new Timed(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
        long start = System.nanoTime();
        double before = cpuSeconds(server.process);
        if (!senders.run(server.url, CONNECTIONS, beacons, seconds + 30L, TimeUnit.SECONDS)) {
            throw new IOException(server.name + " does not answer");
        }
        double cpu = cpuSeconds(server.process) - before;
        double took = (System.nanoTime() - start) * 1e-9;
        return new Turn(
                server.name, beacons.answered / took, cpu / Math.max(1, beacons.answered) * 1e6, beacons.refused);
    }

    /** Of a process and all below it. Source: proc(5), fields 14 and 15. */
    private static double cpuSeconds(Process process) throws IOException {
        double seconds = cpuSeconds(process.pid());
        for (ProcessHandle child : process.descendants().toList()) {
            seconds += cpuSeconds(child.pid());
        }
        return seconds;
    }

    private static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Page views of about 600 bytes with three vitals, each a new one, until a moment. */
    private static final class Timed implements Senders.Beacons {
        private static final String PATTERN = """
                {"v":1,"s":"5f0c6b2e9d1a4c7b","p":"pageview#############","q":0,"t":1795350186782,"u":"/workouts/12","rel":"1.4.2",\
                "sr":1,"ect":"4g","tp":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",\
                "m":[{"n":"LCP","v":1480.5,"id":"v6-1795350186781-#############","nt":"navigate","a":{"target":"html>body>main>img.hero"}},\
                {"n":"CLS","v":0.018,"id":"v6-1795350186787-#############","nt":"navigate","a":{"target":"div.feed"}},\
                {"n":"INP","v":88,"id":"v6-1795350186790-#############","nt":"navigate","a":{"target":"button.save"}}]}""";

        private static long numbers;

        private final long untilNanos;
        private long answered;
        private long refused;

        Timed(long untilNanos) {
            this.untilNanos = untilNanos;
        }

        @Override
        public long next() {
            return System.nanoTime() < untilNanos ? numbers++ : -1;
        }

        @Override
        public byte[] body(long number) {
            return Formats.numbered(PATTERN, number);
        }

        @Override
        public void answered(long number, int status) {
            answered++;
            refused += status == 204 ? 0 : 1;
        }

        @Override
        public void lost(long number) {
            refused++;
        }
    }
}
