package me.musclemap.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.api.embedded.Binaries;
import me.musclemap.api.embedded.Cache;
import me.musclemap.api.embedded.EmbeddedStack;
import me.musclemap.telemetry.logs.JsonLogging;
import me.musclemap.telemetry.scrub.Scrubber;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs PostgreSQL and Redis with a seeded data set until it is stopped. */
@Command(
        name = "embedded",
        mixinStandardHelpOptions = true,
        description =
                "Run PostgreSQL and Redis from Maven artefacts with a seeded data set, until stopped. Prints one JSON line when ready.")
final class EmbeddedCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, description = "Where they live while they run; removed at the end.")
    private Path directory = Path.of(".");

    @Option(
            names = "--users",
            defaultValue = "100000",
            description = "Accounts in the data set (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--workouts",
            defaultValue = "200000",
            description = "Finished workouts (default: ${DEFAULT-VALUE}).")
    private int workouts;

    @Option(names = "--seed", defaultValue = "42", description = "Seed of the data set (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--cpus",
            defaultValue = "",
            description = "Cores they may run on, as taskset -c takes them (default: all).")
    private String cpus = "";

    @Option(
            names = "--postgres-home",
            description = "Run the PostgreSQL installed here, which has bin/postgres; with --redis-server.")
    private @Nullable Path postgresHome;

    @Option(names = "--redis-server", description = "Run this Redis; with --postgres-home.")
    private @Nullable Path redisServer;

    @Option(names = "--exit-with-parent", description = "Stop when standard input ends.")
    private boolean exitWithParent;

    private final AtomicReference<@Nullable EmbeddedStack> running = new AtomicReference<>();

    @Override
    public Integer call() throws InterruptedException {
        JsonLogging.start("reference-api-embedded", Main.VERSION, "WARN", new Scrubber());
        if (exitWithParent) {
            ExitWithParent.watch(System.in, this::obey);
        }
        if (!cpus.matches("([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?")) {
            throw Problem.usage("--cpus=" + cpus + ": give cores as taskset takes them, for example 0 or 0,2-3");
        }
        var set = new DataSet(users, workouts, seed);
        var cache = Cache.ofThisUser();
        var binaries = binaries(cache);
        var stopped = new CountDownLatch(1);
        var stack =
                Stopping.start(() -> EmbeddedStack.start(set, directory, cpus, binaries, cache, System.err::println));
        running.set(stack);
        answer(readyLine(stack));
        stopped.await(); // a signal or the end of standard input stops us, through the shutdown hook
        return 0;
    }

    /**
     * {@code restart postgres} and {@code restart redis} start again what was killed, on its old port; {@code checkpoint} has
     * PostgreSQL write its changed pages now.
     */
    private void obey(String order) {
        var stack = running.get();
        if (stack == null || order.isBlank()) {
            return;
        }
        try {
            var word = order.strip();
            if (word.equals("checkpoint")) {
                answer("{\"checkpointed\":true,\"seconds\":"
                        + stack.checkpoint().toNanos() / 1e9 + "}");
                return;
            }
            if (!word.startsWith("restart ")) {
                throw Problem.usage("order '" + word + "': write restart postgres, restart redis or checkpoint");
            }
            var program = word.substring("restart ".length());
            if (!program.equals("postgres") && !program.equals("redis")) {
                throw Problem.usage("restart '" + program + "': use postgres or redis");
            }
            stack.revive();
            long pid = program.equals("postgres") ? stack.postgresPid() : stack.redisPid();
            answer("{\"restarted\":\"" + program + "\",\"pid\":" + pid + "}");
        } catch (Problem e) {
            answer(new ObjectMapper()
                    .createObjectNode()
                    .put("error", e.getMessage())
                    .toString());
        }
    }

    private static synchronized void answer(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private Binaries binaries(Cache cache) {
        if (postgresHome == null && redisServer == null) {
            return Binaries.unpack(cache);
        }
        if (postgresHome == null || redisServer == null) {
            throw Problem.usage("--postgres-home and --redis-server: give both, or neither for those that came along");
        }
        return Binaries.installed(postgresHome, redisServer);
    }

    private static String readyLine(EmbeddedStack stack) {
        var postgres = new LinkedHashMap<String, Object>();
        postgres.put("pid", stack.postgresPid());
        postgres.put("jdbcUrl", stack.jdbcUrl());
        postgres.put("user", stack.user());
        postgres.put("password", stack.password());
        postgres.put("version", stack.postgresVersion());
        var redis = new LinkedHashMap<String, Object>();
        redis.put("pid", stack.redisPid());
        redis.put("uri", stack.redisUri());
        redis.put("version", stack.redisVersion());
        var dataset = new LinkedHashMap<String, Object>();
        dataset.put("users", stack.dataSet().users());
        dataset.put("workouts", stack.dataSet().workouts());
        dataset.put("exercises", stack.dataSet().exercises());
        dataset.put("snapshotSha256", stack.snapshotSha256());
        var line = new LinkedHashMap<String, Object>(Map.of("ready", true));
        line.put("postgres", postgres);
        line.put("redis", redis);
        line.put("dataset", dataset);
        line.put("snapshotBuilt", stack.snapshotBuilt());
        try {
            return new ObjectMapper().writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values always become JSON", e);
        }
    }
}
