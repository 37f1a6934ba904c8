package me.musclemap.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.cost.Costs;
import me.musclemap.api.http.Certificate;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the API until it is stopped. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Run the API, until stopped. Prints one JSON line when ready.")
final class ServeCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "0", description = "Port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--listen",
            defaultValue = Api.Guard.LOOPBACK,
            description =
                    "Address of this machine to listen on; 0.0.0.0 for all, when the proxy is on another machine (default: ${DEFAULT-VALUE}).")
    private String listen = Api.Guard.LOOPBACK;

    @Option(
            names = "--jdbc-url",
            required = true,
            description = "PostgreSQL with the schema of this version (see migrate).")
    private String jdbcUrl = "";

    @Option(
            names = "--replica-url",
            description = "A replica of it, for reads that many share; may be repeated. Same user and password.")
    private List<String> replicas = List.of();

    @Option(names = "--db-user", required = true, description = "Its user.")
    private String user = "";

    @Option(names = "--db-password", required = true, description = "Its password.")
    private String password = "";

    @Option(names = "--redis-uri", required = true, description = "Redis, for example redis://127.0.0.1:6379.")
    private String redisUri = "";

    @Option(
            names = "--signing-key",
            required = true,
            description = "File with the ES256 private key (see signing-key).")
    private Path signingKey = Path.of("");

    @Option(names = "--rum-url", description = "The web-vitals collector; without it vitals get 503.")
    private @Nullable URI rumUrl;

    @Option(names = "--traces-url", description = "OTLP/HTTP receiver of traces; without it none are sent.")
    private @Nullable URI tracesUrl;

    @Option(
            names = "--traces-ratio",
            defaultValue = "0.01",
            description = "Share of traces that are recorded (default: ${DEFAULT-VALUE}).")
    private double tracesRatio;

    @Option(
            names = "--pool-size",
            defaultValue = "16",
            description = "Connections to PostgreSQL (default: ${DEFAULT-VALUE}).")
    private int poolSize;

    @Option(
            names = "--in-flight",
            defaultValue = "200",
            description = "Requests worked on at once; more get 503 (default: ${DEFAULT-VALUE}).")
    private int inFlight;

    @Option(
            names = "--refresh-views",
            defaultValue = "PT5M",
            description = "How often the views are made anew; PT0S for never (default: ${DEFAULT-VALUE}).")
    private Duration refreshViews = Duration.ZERO;

    @Option(
            names = "--reuse-port",
            description = "Let other instances listen on the same port; the kernel shares connections out among them.")
    private boolean reusePort;

    @Option(
            names = "--sockets",
            defaultValue = "15000",
            description = "WebSockets held at most; more get 503 (default: ${DEFAULT-VALUE}).")
    private int socketsMax;

    @Option(names = "--compress-sockets", description = "Compress WebSocket messages for clients that ask for it.")
    private boolean compressSockets;

    @Option(
            names = "--cost-profile",
            defaultValue = Costs.REFERENCE,
            description =
                    "reference, or production: every operation is made to cost what it was measured to cost in the real product (default: ${DEFAULT-VALUE}).")
    private String costProfile = Costs.REFERENCE;

    @Option(
            names = "--rate-limits",
            defaultValue = "on",
            description = "on or off: whether callers are limited by user or address (default: ${DEFAULT-VALUE}).")
    private String rateLimits = "on";

    @Option(
            names = "--cors-origin",
            description = "Origin whose pages may read answers, for example https://app.example; may be repeated.")
    private List<String> origins = List.of();

    @Option(
            names = "--connections",
            defaultValue = "20000",
            description = "Connections open at once; more wait to be accepted (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--tls-certificate", description = "PEM file of the server's certificate: speak TLS 1.3 only.")
    private @Nullable Path tlsCertificate;

    @Option(names = "--tls-key", description = "PEM file of its private key, PKCS 8, not encrypted.")
    private @Nullable Path tlsKey;

    @Option(names = "--virtual-threads", description = "Work on virtual threads; needs Java 21 or newer.")
    private boolean virtualThreads;

    @Option(
            names = "--log-level",
            defaultValue = "INFO",
            description = "TRACE, DEBUG, INFO, WARN or ERROR (default: ${DEFAULT-VALUE}).")
    private String logLevel = "INFO";

    @Option(
            names = "--exit-with-parent",
            description =
                    "Stop when standard input ends. Until then a line refresh-views on it makes the views anew at once; the answer is a JSON line.")
    private boolean exitWithParent;

    @Override
    public Integer call() throws InterruptedException {
        var orders = new ServeOrders(ServeCommand::answer);
        if (exitWithParent) {
            ExitWithParent.watch(System.in, orders::obey);
        }
        if (!costProfile.equals(Costs.REFERENCE) && !costProfile.equals(Costs.PRODUCTION)) {
            throw Problem.usage(
                    "--cost-profile=" + costProfile + ": give " + Costs.REFERENCE + " or " + Costs.PRODUCTION);
        }
        if (costProfile.equals(Costs.PRODUCTION) && virtualThreads) {
            throw Problem.usage("--cost-profile=production: leave --virtual-threads out, their CPU cannot be measured");
        }
        ListenAddress.require(listen);
        if (socketsMax < 0) {
            throw Problem.usage("--sockets=" + socketsMax + ": give a number from 0 on");
        }
        if (reusePort && port == 0) {
            throw Problem.usage("--reuse-port: give the port that the instances share with --port");
        }
        if (poolSize < 1 || inFlight < 1) {
            throw Problem.usage("--pool-size=" + poolSize + " --in-flight=" + inFlight + ": give numbers above 0");
        }
        if (virtualThreads && Runtime.version().feature() < 21) {
            throw Problem.usage(
                    "--virtual-threads: this is Java " + Runtime.version().feature() + "; use Java 21 or newer");
        }
        if (!(tracesRatio >= 0 && tracesRatio <= 1)) {
            throw Problem.usage("--traces-ratio=" + tracesRatio + ": give a share from 0 to 1");
        }
        if (!rateLimits.equals("on") && !rateLimits.equals("off")) {
            throw Problem.usage("--rate-limits=" + rateLimits + ": say on or off");
        }
        for (String origin : origins) {
            if (!origin.matches("https?://[A-Za-z0-9.:\\[\\]-]+")) {
                throw Problem.usage(
                        "--cors-origin=" + origin + ": give scheme and host, for example https://app.example");
            }
        }
        if (connections < 1) {
            throw Problem.usage("--connections=" + connections + ": give a number above 0");
        }
        if ((tlsCertificate == null) != (tlsKey == null)) {
            throw Problem.usage("--tls-certificate and --tls-key: give both or none");
        }
        var key = AccessTokens.readKey(signingKey);
        var config = telemetryConfig();
        var stopped = new CountDownLatch(1);
        Running running = Stopping.start(() -> Running.start(settings(key), config));
        answer(readyLine(
                tlsCertificate == null ? "http" : "https", listen, running.api().port(), costProfile));
        orders.refreshBy(running.api()::refreshViews);
        stopped.await(); // a signal or the end of standard input stops us, through the shutdown hook
        return 0;
    }

    private static synchronized void answer(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** What says that the service answers, where, and at what cost. */
    static String readyLine(String scheme, String listen, int port, String costProfile) {
        return "{\"ready\":true,\"url\":\"" + scheme + "://" + ListenAddress.reachable(listen) + ":" + port
                + "\",\"pid\":"
                + ProcessHandle.current().pid()
                + (costProfile.equals(Costs.PRODUCTION) ? ",\"costProfile\":\"production\"}" : "}");
    }

    private TelemetryConfig telemetryConfig() {
        var config = TelemetryConfig.of("reference-api", Main.VERSION);
        try {
            var traced = tracesUrl == null
                    ? new TelemetryConfig("reference-api", Main.VERSION, Optional.empty(), 0, "INFO")
                    : config.tracesTo(tracesUrl, tracesRatio);
            return traced.logFrom(logLevel);
        } catch (IllegalArgumentException e) {
            throw Problem.usage("--log-level=" + logLevel + ": use TRACE, DEBUG, INFO, WARN or ERROR");
        }
    }

    private Api.Settings settings(com.nimbusds.jose.jwk.ECKey key) {
        return new Api.Settings(
                port,
                jdbcUrl,
                replicas,
                user,
                password,
                redisUri,
                key,
                Optional.ofNullable(rumUrl),
                poolSize,
                inFlight,
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                refreshViews,
                virtualThreads,
                new Api.Sharing(reusePort, socketsMax, compressSockets),
                costProfile.equals(Costs.PRODUCTION),
                new Api.Guard(
                        listen,
                        rateLimits.equals("on"),
                        origins,
                        connections,
                        tlsCertificate == null || tlsKey == null
                                ? Optional.empty()
                                : Optional.of(new Certificate(tlsCertificate, tlsKey))));
    }

    /** The service and its telemetry, which ends last. */
    private record Running(Api api, Telemetry telemetry) implements AutoCloseable {
        static Running start(Api.Settings settings, TelemetryConfig config) {
            Telemetry telemetry = Telemetry.start(config);
            try {
                return new Running(new Api(settings, telemetry), telemetry);
            } catch (RuntimeException e) {
                telemetry.close();
                throw e;
            }
        }

        @Override
        public void close() {
            api.close();
            telemetry.close();
        }
    }
}
