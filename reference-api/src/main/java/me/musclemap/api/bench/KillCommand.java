package me.musclemap.api.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.api.Problem;
import me.musclemap.api.dataset.DataSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Kills Redis, PostgreSQL and an instance under load, starts each again, and says who noticed. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description =
                "Kill -9 of Redis, PostgreSQL and one of two instances during mixed load; each is started again. Exit code 3 when an acknowledged write is lost or the service is not back in 10 s.")
final class KillCommand implements Callable<Integer> {
    private static final int WORKERS = 48;
    private static final double BACK_SECONDS_MAX = 10;

    @Option(names = "--rate", defaultValue = "200", description = "Requests a second (default: ${DEFAULT-VALUE}).")
    private int perSecond;

    @Option(
            names = "--before",
            defaultValue = "PT10S",
            description = "Load before the kill (default: ${DEFAULT-VALUE}).")
    private Duration before = Duration.ZERO;

    @Option(
            names = "--dead",
            defaultValue = "PT3S",
            description = "Until it is started again (default: ${DEFAULT-VALUE}).")
    private Duration dead = Duration.ZERO;

    @Option(names = "--after", defaultValue = "PT20S", description = "Load after that (default: ${DEFAULT-VALUE}).")
    private Duration after = Duration.ZERO;

    /** One request, times in seconds since the kill. */
    private record Sent(double due, double tookSeconds, boolean good, String wrong) {}

    @Override
    public Integer call() throws InterruptedException {
        if (perSecond < 1 || perSecond > 2_000) {
            throw Problem.usage("--rate=" + perSecond + ": give 1 to 2000 requests a second");
        }
        boolean all = true;
        try (var stack = new BenchStack(new DataSet(5_000, 10_000, 42))) {
            int port = free();
            List<String> arguments = List.of("--reuse-port", "--port", Integer.toString(port));
            var instances = new ArrayList<>(
                    List.of(stack.api(PeerCommand.JVM, arguments), stack.api(PeerCommand.JVM, arguments)));
            try {
                URI url = instances.get(0).url();
                System.err.println("warming up");
                Load.run(url, 8, Duration.ofSeconds(15), new AtomicLong(), new Questions(stack, 500).meAndStats());
                System.out.printf(
                        "%-12s %8s %8s %12s %14s %14s %10s %8s%n",
                        "killed", "sent", "failed", "window s", "back after s", "acknowledged", "lost", "p99 ms");
                all &= round("Redis", stack, url, () -> kill(stack.databases().redisPid()), stack.databases()::revive);
                all &= round(
                        "PostgreSQL",
                        stack,
                        url,
                        () -> kill(stack.databases().postgresPid()),
                        stack.databases()::revive);
                all &= round(
                        "an instance",
                        stack,
                        url,
                        () -> instances.get(0).kill(),
                        () -> instances.set(0, stack.api(PeerCommand.JVM, arguments)));
            } finally {
                instances.forEach(Program::close);
            }
        }
        return all ? 0 : 3;
    }

    private static int free() {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw Problem.failed("no free port", e);
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    private boolean round(String name, BenchStack stack, URI url, Runnable kill, Runnable restart)
            throws InterruptedException {
        long killAt = System.nanoTime() + before.toNanos();
        long endAt = killAt + dead.plus(after).toNanos();
        var sent = new ConcurrentHashMap<Long, Sent>();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        var next = new AtomicLong();
        long began = System.nanoTime();
        var mixture = new Mixture(stack, name);
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < WORKERS; i++) {
            var worker = new Thread(() -> work(url, began, killAt, endAt, next, mixture, sent, acknowledged), "load");
            worker.start();
            workers.add(worker);
        }
        sleepUntil(killAt);
        kill.run();
        sleepUntil(killAt + dead.toNanos());
        restart.run();
        double restarted = (System.nanoTime() - killAt) / 1e9;
        for (Thread worker : workers) {
            worker.join();
        }
        return report(name, stack, List.copyOf(sent.values()), acknowledged, restarted);
    }

    private void work(
            URI url,
            long began,
            long killAt,
            long endAt,
            AtomicLong next,
            Mixture mixture,
            ConcurrentHashMap<Long, Sent> sent,
            Set<String> acknowledged) {
        Load.@Nullable Connection connection = null;
        while (true) {
            long n = next.getAndIncrement();
            long due = began + n * 1_000_000_000L / perSecond;
            if (due > endAt) {
                close(connection);
                return;
            }
            sleepUntil(due);
            String wrong;
            try {
                if (connection == null) {
                    connection = new Load.Connection(url);
                }
                wrong = connection.exchange(mixture.request(n));
                if (wrong.isEmpty() && mixture.writes(n)) {
                    acknowledged.add(mixture.setId(n));
                }
            } catch (IOException e) {
                wrong = "no answer";
                close(connection);
                connection = null;
            }
            // A request counts from when it was due: one that had to wait for a slow one before it is slow itself.
            double took = (System.nanoTime() - due) / 1e9;
            sent.put(n, new Sent((due - killAt) / 1e9, took, wrong.isEmpty(), wrong));
        }
    }

    private static void close(Load.@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                System.err.println("cannot close a connection: " + e.getMessage());
            }
        }
    }

    private static void sleepUntil(long nanos) {
        while (true) {
            long left = nanos - System.nanoTime();
            if (left <= 0) {
                return;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(left);
        }
    }

    private static boolean report(
            String name, BenchStack stack, List<Sent> sent, Set<String> acknowledged, double restarted) {
        List<Sent> failed = sent.stream().filter(one -> !one.good).toList();
        double first = failed.stream().mapToDouble(Sent::due).min().orElse(0);
        double last = failed.stream()
                .mapToDouble(one -> one.due + one.tookSeconds)
                .max()
                .orElse(0);
        double back = Math.max(0, last - restarted);
        int lost = acknowledged.size() - found(stack, acknowledged);
        double[] took = sent.stream()
                .filter(Sent::good)
                .mapToDouble(Sent::tookSeconds)
                .sorted()
                .toArray();
        System.out.printf(
                "%-12s %8d %8d %12.1f %14.1f %14d %10d %8.0f%n",
                name,
                sent.size(),
                failed.size(),
                failed.isEmpty() ? 0 : last - first,
                back,
                acknowledged.size(),
                lost,
                took.length == 0 ? Double.NaN : took[(int) (took.length * 0.99)] * 1e3);
        failed.stream()
                .map(one -> one.wrong.length() > 60 ? one.wrong.substring(0, 60) : one.wrong)
                .collect(java.util.stream.Collectors.groupingBy(wrong -> wrong, java.util.stream.Collectors.counting()))
                .forEach((wrong, count) -> System.err.println("  " + count + " × " + wrong));
        return lost == 0 && back <= BACK_SECONDS_MAX && !acknowledged.isEmpty();
    }

    private static int found(BenchStack stack, Set<String> ids) {
        var databases = stack.databases();
        try (var connection = DriverManager.getConnection(databases.jdbcUrl(), databases.user(), databases.password());
                var statement = connection.prepareStatement("select count(*) from workout_sets where id = any (?)")) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt(1) : 0;
            }
        } catch (SQLException e) {
            throw Problem.failed("cannot count the sets that were acknowledged", e);
        }
    }

    /** Six reads of oneself, two catalogues and two sets in ten. */
    private static final class Mixture {
        private final Questions questions;
        private final List<String> tokens;
        private final BenchStack stack;
        private final String round;

        Mixture(BenchStack stack, String round) {
            this.stack = stack;
            this.questions = new Questions(stack, 2_000);
            this.tokens = stack.tokensOfTraining(2_000);
            this.round = round.replaceAll("[^A-Za-z]", "");
        }

        boolean writes(long n) {
            return n % 10 >= 8;
        }

        String setId(long n) {
            return "bench-" + round + "-" + n;
        }

        byte[] request(long n) {
            if (writes(n)) {
                int user = (int) (n % tokens.size());
                return Load.post(
                        "/api/graphql",
                        tokens.get(user),
                        "{\"query\":\"mutation LogSet($input: LogSetInput!) { logSet(input: $input) { setLogged { id } } }\",\"variables\":"
                                + "{\"input\":{\"clientSetId\":\"" + setId(n) + "\",\"sessionId\":\""
                                + stack.set().sessionId(2 * user)
                                + "\",\"exerciseId\":\"ex-001\",\"setNumber\":1,\"reps\":5,\"weightKg\":50}}}");
            }
            return n % 10 < 6
                    ? questions.meAndStats().apply(n)
                    : questions.exercises().apply(n);
        }
    }
}
