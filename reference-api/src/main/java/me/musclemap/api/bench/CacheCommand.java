package me.musclemap.api.bench;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import me.musclemap.api.Problem;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the loss of the cache costs. */
@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        description = "Throughput and CPU a request with Redis warm, cold (just emptied) and gone.")
final class CacheCommand implements Callable<Integer> {
    private static final int CONNECTIONS = 16;

    @Option(
            names = "--window",
            defaultValue = "PT6S",
            description = "Length of one measurement (default: ${DEFAULT-VALUE}).")
    private Duration window = Duration.ZERO;

    @Option(names = "--rounds", defaultValue = "3", description = "Measurements of each (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Override
    public Integer call() {
        try (var stack = new BenchStack(new DataSet(20_000, 40_000, 42));
                var telemetry = Telemetry.start(TelemetryConfig.of("bench", "0").logFrom("ERROR"));
                var redis = RedisStore.open(stack.databases().redisUri(), telemetry.database("redis"));
                Program api = stack.api(PeerCommand.JVM, List.of())) {
            var questions = new Questions(stack, 10_000);
            LongFunction<byte[]> own = questions.meAndStats();
            LongFunction<byte[]> shared = questions.exercises();
            LongFunction<byte[]> mixed = n -> n % 10 < 8 ? own.apply(n) : shared.apply(n);
            System.err.println("warming up");
            Load.run(api.url(), CONNECTIONS, Duration.ofSeconds(40), new AtomicLong(), mixed);
            System.out.printf(
                    "%-8s %10s %10s %10s %12s %12s%n", "Redis", "per s", "p50 ms", "p99 ms", "API us", "PostgreSQL us");
            for (int round = 0; round < rounds; round++) {
                row("warm", stack, api, mixed);
                redis.commands().flushall();
                row("cold", stack, api, mixed);
                ProcessHandle.of(stack.databases().redisPid()).ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
                Load.run(api.url(), CONNECTIONS, Duration.ofSeconds(2), new AtomicLong(), mixed);
                row("gone", stack, api, mixed);
                stack.databases().revive();
                Load.run(api.url(), CONNECTIONS, window, new AtomicLong(), mixed); // warm again
            }
        }
        return 0;
    }

    private void row(String name, BenchStack stack, Program api, LongFunction<byte[]> requests) {
        URI url = api.url();
        long postgres = stack.databases().postgresPid();
        double apiBefore = ProcessUse.cpuSeconds(api.pid());
        double postgresBefore = ProcessUse.cpuSeconds(postgres);
        Load.Result result = Load.run(url, CONNECTIONS, window, new AtomicLong(), requests);
        if (result.good() == 0) {
            throw Problem.failed("nothing was answered: " + result.firstBad());
        }
        System.out.printf(
                "%-8s %10.0f %10.2f %10.2f %12.0f %12.0f%s%n",
                name,
                result.perSecond(),
                result.milliseconds(0.5),
                result.milliseconds(0.99),
                (ProcessUse.cpuSeconds(api.pid()) - apiBefore) / result.good() * 1e6,
                (ProcessUse.cpuSeconds(postgres) - postgresBefore) / result.good() * 1e6,
                result.bad() == 0 ? "" : "  " + result.bad() + " failed: " + result.firstBad());
    }
}
