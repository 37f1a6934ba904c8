package me.musclemap.api;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.api.hostile.Attack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Attacks a running service with requests that mean harm. */
@Command(
        name = "hostile",
        mixinStandardHelpOptions = true,
        description =
                "Send hostile requests to a running service of yours and count the answers. Exit code 3 when one was 5xx, or none came.")
final class HostileCommand implements Callable<Integer> {
    private static final int USERS = 100;

    @Option(names = "--url", required = true, description = "The service, for example http://127.0.0.1:8080.")
    private URI url = URI.create("");

    @Option(
            names = "--signing-key",
            required = true,
            description = "Its ES256 private key: some requests come from real users.")
    private Path signingKey = Path.of("");

    @Option(names = "--requests", defaultValue = "100000", description = "How many (default: ${DEFAULT-VALUE}).")
    private int requests;

    @Option(names = "--senders", defaultValue = "16", description = "Connections (default: ${DEFAULT-VALUE}).")
    private int senders;

    @Option(
            names = "--seed",
            defaultValue = "42",
            description = "Seed of requests and users (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws InterruptedException {
        if (requests < 1 || senders < 1) {
            throw Problem.usage("--requests=" + requests + " --senders=" + senders + ": give numbers above 0");
        }
        if (url.getHost() == null || url.getPort() < 0 || !"http".equals(url.getScheme())) {
            throw Problem.usage("--url=" + url + ": give http, host and port, for example http://127.0.0.1:8080");
        }
        var tokens = new AccessTokens(AccessTokens.readKey(signingKey), Clock.systemUTC());
        var data = new DataSet(USERS, 0, seed);
        var minted = new ConcurrentHashMap<Integer, String>();
        long began = System.nanoTime();
        Attack.Result result = new Attack(
                        url,
                        seed,
                        user -> minted.computeIfAbsent(
                                user, i -> tokens.issue(data.userId(i), DataSet.email(i), List.of("user"))))
                .run(requests, senders);
        System.out.print(Attack.table(result));
        System.out.printf(
                "%d requests with seed %d in %.0f s: %d answered 5xx or not at all%n",
                requests, seed, (System.nanoTime() - began) / 1e9, result.failed());
        result.failures().forEach(System.out::println);
        return result.failed() == 0 ? 0 : 3;
    }
}
