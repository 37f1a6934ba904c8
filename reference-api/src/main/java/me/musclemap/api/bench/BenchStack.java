package me.musclemap.api.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.api.Problem;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.dataset.DataSet;
import me.musclemap.api.embedded.Binaries;
import me.musclemap.api.embedded.Cache;
import me.musclemap.api.embedded.EmbeddedStack;

/** Databases of our own and instances of the service over them, in a temporary directory that goes at the end. */
final class BenchStack implements AutoCloseable {
    private static final int TOKENS_MAX = 20_000;

    private final Path directory;
    private final EmbeddedStack databases;
    private final AccessTokens tokens;
    private final DataSet set;

    BenchStack(DataSet set) {
        this.set = set;
        try {
            directory = Files.createTempDirectory("headroom-bench");
        } catch (IOException e) {
            throw Problem.failed("cannot make a temporary directory", e);
        }
        var cache = Cache.ofThisUser();
        databases = EmbeddedStack.start(
                set, directory.resolve("databases"), "", Binaries.unpack(cache), cache, System.err::println);
        AccessTokens.writeNewKey(key());
        tokens = new AccessTokens(AccessTokens.readKey(key()), Clock.systemUTC());
    }

    EmbeddedStack databases() {
        return databases;
    }

    Path directory() {
        return directory;
    }

    Path key() {
        return directory.resolve("key.json");
    }

    /** Another instance of the service, in a process of its own. */
    Program api(List<String> options, List<String> more) {
        var arguments = new ArrayList<>(List.of(
                "serve",
                "--jdbc-url",
                databases.jdbcUrl(),
                "--db-user",
                databases.user(),
                "--db-password",
                databases.password(),
                "--redis-uri",
                databases.redisUri(),
                "--signing-key",
                key().toString(),
                "--refresh-views",
                "PT0S",
                "--exit-with-parent"));
        if (!more.contains("--rate-limits")) {
            arguments.addAll(List.of("--rate-limits", "off"));
        }
        arguments.addAll(more);
        return Program.start("the API", Program.ours(options, arguments), directory, directory.resolve("api.log"));
    }

    /** A token of each of the first users, all of whom have a workout in progress and pay: users 0, 2, 4… */
    List<String> tokensOfTraining(int most) {
        var all = new ArrayList<String>();
        for (int i = 0; i < set.users() && all.size() < Math.min(most, TOKENS_MAX); i += 2) {
            all.add(tokens.issue(set.userId(i), DataSet.email(i), List.of("user", "premium")));
        }
        return all;
    }

    String token(int user) {
        return tokens.issue(set.userId(user), DataSet.email(user), List.of("user"));
    }

    DataSet set() {
        return set;
    }

    @Override
    public void close() {
        databases.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("cannot remove " + directory + ": " + e.getMessage());
        }
    }
}
