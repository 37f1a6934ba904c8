package me.musclemap.api.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import me.musclemap.api.Problem;
import me.musclemap.api.dataset.DataSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** CPU per request of the service and of a Fastify one over the same databases, turn about. */
@Command(
        name = "peer",
        mixinStandardHelpOptions = true,
        description =
                "CPU per request beside a Fastify 5 + mercurius service over the same PostgreSQL and Redis (needs node, and npm ci in bench/peer-fastify).")
final class PeerCommand implements Callable<Integer> {
    /** As the lab starts the service, but for the collector, which is the same on one core. */
    static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xms512m",
            "-Xmx512m",
            "-XX:ActiveProcessorCount=1",
            "-XX:-UseDynamicNumberOfCompilerThreads",
            "-Duser.timezone=UTC");

    private static final int CONNECTIONS = 8;
    private static final List<String> OPERATIONS = List.of("me", "exercises", "executed", "log-set");

    @Option(
            names = "--peer",
            description = "Directory of the peer (default: reference-api/bench/peer-fastify).",
            defaultValue = "reference-api/bench/peer-fastify")
    private Path peer = Path.of(".");

    @Option(
            names = "--warm-up",
            defaultValue = "PT60S",
            description = "Of both at once, with each question (default: ${DEFAULT-VALUE}).")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--window",
            defaultValue = "PT5S",
            description = "Length of one measurement (default: ${DEFAULT-VALUE}).")
    private Duration window = Duration.ZERO;

    @Option(names = "--pairs", defaultValue = "5", description = "Measurements of each (default: ${DEFAULT-VALUE}).")
    private int pairs;

    @Option(
            names = "--operation",
            description = "One of me, exercises, executed, log-set; may be repeated (default: all, in this order).")
    private List<String> wanted = OPERATIONS;

    @Option(
            names = "--rate-limits",
            defaultValue = "on",
            description = "on or off: whether both count requests in Redis (default: ${DEFAULT-VALUE}).")
    private String rateLimits = "on";

    @Option(names = "--api-option", description = "More options of serve, for example --virtual-threads.")
    private List<String> apiOptions = new ArrayList<>();

    @Option(names = "--jvm-option", description = "More options of its JVM.")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--no-peer", description = "Measure the service alone.")
    private boolean alone;

    @Override
    public Integer call() {
        Path server = peer.toAbsolutePath().normalize().resolve("server.js");
        if (!alone && !Files.isDirectory(server.resolveSibling("node_modules"))) {
            throw Problem.usage("--peer=" + peer + ": run npm ci in it first (needs Node 20 or newer)");
        }
        if (!rateLimits.equals("on") && !rateLimits.equals("off")) {
            throw Problem.usage("--rate-limits=" + rateLimits + ": say on or off");
        }
        for (String operation : wanted) {
            if (!OPERATIONS.contains(operation)) {
                throw Problem.usage("--operation=" + operation + ": give one of " + String.join(", ", OPERATIONS));
            }
        }
        try (var stack = new BenchStack(new DataSet(5_000, 10_000, 42))) {
            var options = new ArrayList<>(JVM);
            options.addAll(jvmOptions);
            var arguments = new ArrayList<>(List.of("--rate-limits", rateLimits));
            arguments.addAll(apiOptions);
            try (Program api = stack.api(options, arguments)) {
                if (alone) {
                    measure(stack, List.of(api));
                    return 0;
                }
                try (Program node = node(stack, server)) {
                    measure(stack, List.of(api, node));
                    return 0;
                }
            }
        }
    }

    private Program node(BenchStack stack, Path server) {
        String address = stack.databases()
                .jdbcUrl()
                .replace(
                        "jdbc:postgresql://",
                        "postgres://" + stack.databases().user() + ":"
                                + stack.databases().password() + "@");
        var command = List.of(
                "node",
                server.toString(),
                "--contract="
                        + server.resolve("../../../contract/schema.graphqls").normalize(),
                "--signing-key=" + stack.key(),
                "--redis-uri=" + stack.databases().redisUri(),
                "--postgres-uri=" + address,
                "--rate-limits=" + rateLimits);
        return Program.start(
                "Fastify", command, stack.directory(), stack.directory().resolve("peer.log"));
    }

    private void measure(BenchStack stack, List<Program> programs) {
        programs.forEach(program -> ProcessUse.pin(program.pid(), "0"));
        ProcessUse.pin(stack.databases().postgresPid(), "1");
        ProcessUse.pin(stack.databases().redisPid(), "1");
        ProcessUse.pin(ProcessHandle.current().pid(), "1");
        var questions = new Questions(stack, 2_000);
        Map<String, LongFunction<byte[]>> kinds = new LinkedHashMap<>();
        for (String operation : wanted) {
            switch (operation) {
                case "me" -> kinds.put("Me + stats", questions.meAndStats());
                case "exercises" -> kinds.put("Exercises", questions.exercises());
                case "executed" -> kinds.put("Exercises, executed", questions.exercisesExecuted());
                default -> kinds.put("LogSet", questions.logSet());
            }
        }
        System.out.printf(
                "%-20s %-8s %12s %10s %10s %10s  (microseconds of CPU a request)%n",
                "", "", "median", "min", "max", "per s");
        for (var kind : kinds.entrySet()) {
            warmUp(programs, kind.getValue());
            var cpu = new LinkedHashMap<Program, double[]>();
            programs.forEach(program -> cpu.put(program, new double[pairs]));
            var rate = new LinkedHashMap<Program, Double>();
            for (int pair = 0; pair < pairs; pair++) {
                // Turn about, and the first one is the other each time.
                for (int i = 0; i < programs.size(); i++) {
                    Program program = programs.get((i + pair) % programs.size());
                    double before = ProcessUse.cpuSeconds(program.pid());
                    Load.Result result = run(program, kind.getValue(), window);
                    double used = ProcessUse.cpuSeconds(program.pid()) - before;
                    cpu.getOrDefault(program, new double[pairs])[pair] = used / result.good() * 1e6;
                    rate.merge(program, result.perSecond(), Math::max);
                }
            }
            print(kind.getKey(), programs, cpu, rate);
        }
    }

    private void warmUp(List<Program> programs, LongFunction<byte[]> kind) {
        var threads = programs.stream()
                .map(program -> new Thread(() -> run(program, kind, warmUp), "warm-up"))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.failed("interrupted");
            }
        }
    }

    private static Load.Result run(Program program, LongFunction<byte[]> kind, Duration lasting) {
        Load.Result result =
                Load.run(program.url(), CONNECTIONS, lasting, new AtomicLong(System.nanoTime() >>> 20), kind);
        if (result.bad() > 0 || result.good() == 0) {
            throw Problem.failed(program + " answered " + result.bad() + " requests badly: " + result.firstBad());
        }
        return result;
    }

    private static void print(
            String kind, List<Program> programs, Map<Program, double[]> cpu, Map<Program, Double> rate) {
        for (Program program : programs) {
            double[] sorted = cpu.getOrDefault(program, new double[0]).clone();
            Arrays.sort(sorted);
            System.out.printf(
                    "%-20s %-8s %12.1f %10.1f %10.1f %10.0f%n",
                    kind,
                    program,
                    median(sorted),
                    sorted[0],
                    sorted[sorted.length - 1],
                    rate.getOrDefault(program, 0.0));
        }
        if (programs.size() == 2) {
            double[] ours = cpu.getOrDefault(programs.get(0), new double[0]);
            double[] theirs = cpu.getOrDefault(programs.get(1), new double[0]);
            double[] ratios = new double[ours.length];
            Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
            Arrays.sort(ratios);
            System.out.printf(
                    "%-20s %-8s %12.2f %10.2f %10.2f%n",
                    kind, "ratio", median(ratios), ratios[0], ratios[ratios.length - 1]);
        }
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
