package me.musclemap.load.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayTest {
    private static final Path HOME =
            Path.of(System.getProperty("repo.root", "..")).toAbsolutePath();

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();
    private final TreeMap<String, Integer> asked = new TreeMap<>();

    /** One line of Caddy, with the operation's name as Apollo's client sends it. */
    private void caddy(double seconds, String client, String operation) {
        asked.merge(operation, 1, Integer::sum);
        lines.add(
                "{\"level\":\"info\",\"ts\":%s,\"logger\":\"http.log.access\",\"request\":{\"remote_ip\":\"%s\",\"method\":\"POST\",\"uri\":\"/api/graphql\",\"headers\":{\"X-Apollo-Operation-Name\":[\"%s\"],\"Referer\":[\"https://musclemap.example/dashboard\"]}},\"status\":200,\"duration\":0.01}"
                        .formatted(1.7e9 + seconds, client, operation));
    }

    /** 60 people who log in, look at two pages and leave; 20 who log eight sets. */
    private void log() {
        var random = new SplittableRandom(11);
        for (int person = 0; person < 80; person++) {
            double at = person * 100;
            var client = "192.0.2." + person;
            caddy(at, client, "Login");
            at += 20 + random.nextDouble(10);
            caddy(at, client, "MyStats");
            caddy(at + 0.2, client, "Tips");
            if (person % 4 == 0) {
                at += 60;
                caddy(at, client, "StartWorkoutSession");
                for (int set = 0; set < 8; set++) {
                    at += 80 + random.nextDouble(40);
                    caddy(at, client, "LogSet");
                }
            } else {
                at += 40 + random.nextDouble(20);
                caddy(at, client, "StatLeaderboard");
            }
        }
    }

    private int replay(String... arguments) throws IOException {
        if (!lines.isEmpty()) {
            Files.write(dir.resolve("access.log"), lines);
        }
        return execute(arguments);
    }

    private int execute(String... arguments) {
        var config = new LabConfig(HOME, dir, dir, dir, dir, dir, List.of());
        return new CommandLine(new ReplayCommand(() -> config, new PrintStream(out, true, StandardCharsets.UTF_8)))
                .setExecutionExceptionHandler((problem, line, parsed) -> {
                    if (problem instanceof ReplayException replay) {
                        new PrintStream(err, true, StandardCharsets.UTF_8).println(replay.getMessage());
                        return replay.exitCode();
                    }
                    throw problem;
                })
                .execute(arguments);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static double share(Workload workload, String operation) {
        var perSession = workload.ownMix().requestsPerSession();
        return perSession.getOrDefault(operation, 0.0)
                / perSession.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Test
    void aLogThatNamesItsOperationsGivesJourneysWithTheSharesOfTheLog() throws IOException {
        log();
        var mine = dir.resolve("mine.yaml");
        assertThat(replay(dir.resolve("access.log").toString(), "--out=" + mine))
                .isZero();
        var workload = Workload.load(mine);
        assertThat(workload.journeys()).hasSize(2);
        double all = asked.values().stream().mapToInt(Integer::intValue).sum();
        asked.forEach((operation, count) ->
                assertThat(share(workload, operation)).as(operation).isCloseTo(count / all, within(0.01)));
        // Two kinds of visits: about 70 s with the last page, and about 1,000 s.
        assertThat(workload.journeys().stream()
                        .filter(journey -> journey.requestsPerSession().containsKey("LogSet"))
                        .findFirst()
                        .orElseThrow()
                        .sessionSeconds())
                .isBetween(800.0, 1100.0);
        assertThat(said())
                .contains("480 requests in 80 visits, 2 kinds", "0.0 % of the requests are another operation");
        assertThat(Files.readString(mine)).doesNotContain("192.0.2", "example");
    }

    @Test
    void visitsThatCameWithATokenArePlayedWithALogin() throws IOException {
        log();
        lines.removeIf(line -> line.contains("\"Login\""));
        var mine = dir.resolve("mine.yaml");
        assertThat(replay(dir.resolve("access.log").toString(), "--out=" + mine))
                .isZero();
        assertThat(Workload.load(mine).journeys()).allSatisfy(journey -> {
            assertThat(journey.requestsPerSession()).containsEntry("Login", 1.0);
            assertThat(journey.why()).contains("played with a login before it");
        });
    }

    @Test
    void aLogWithoutNamesChangesTheWeightsOfTheBasesJourneysOnly() throws IOException {
        // Community leaderboards are asked over REST: 200 of them beside 2,000 GraphQL requests without a name.
        for (int i = 0; i < 200; i++) {
            common(i, "GET", "/api/leaderboards/simple?metric=workout_count");
            common(i, "GET", "/api/leaderboards/user-rank?metric=workout_count");
        }
        for (int i = 0; i < 2000; i++) {
            common(i, "POST", "/api/graphql");
        }
        common(1, "GET", "/assets/app.js");
        var mine = dir.resolve("mine.yaml");
        assertThat(replay(dir.resolve("access.log").toString(), "--out=" + mine, "--name=march"))
                .isZero();
        var workload = Workload.load(mine);
        var base = Workload.load(HOME.resolve("load-scenarios/workloads/musclemap-day.yaml"));
        assertThat(workload.name()).isEqualTo("march");
        assertThat(workload.journeys()).hasSameSizeAs(base.journeys());
        assertThat(workload.mixesByName()).containsKey("evening");
        assertThat(share(workload, "LeaderboardSimple")).isGreaterThan(2 * share(base, "LeaderboardSimple"));
        assertThat(said()).contains("2000 of 2000 GraphQL requests have no name", "1 other paths");
    }

    private void common(int second, String method, String uri) {
        lines.add("192.0.2.%d - - [22/Nov/2026:20:%02d:%02d +0000] \"%s %s HTTP/1.1\" 200 512 \"-\" \"test\""
                .formatted(second % 200, second / 60 % 60, second % 60, method, uri));
    }

    @Test
    void whatCannotBeReadSaysWhatToDo() throws IOException {
        var mine = "--out=" + dir.resolve("mine.yaml");
        assertThat(execute(mine)).isEqualTo(2);
        assertThat(complained()).contains("name an access log, or a server");
        assertThat(execute(dir.resolve("none.log").toString(), mine)).isEqualTo(2);
        assertThat(complained()).contains("none.log: cannot be read: not there");
        lines.addAll(List.of("what is this", "and this"));
        assertThat(replay(dir.resolve("access.log").toString(), mine)).isEqualTo(2);
        assertThat(complained()).contains("2 of 2 lines are neither");
        lines.clear();
        caddy(1, "192.0.2.1", "Login");
        assertThat(replay(dir.resolve("access.log").toString(), mine)).isEqualTo(4);
        assertThat(complained()).contains("at least 50 are needed");
        assertThat(execute("--prometheus=http://127.0.0.1:1", mine)).isEqualTo(2);
        assertThat(execute("--prometheus=http://127.0.0.1:1", "--from=1700000000", "--to=1700003600", mine))
                .isEqualTo(1);
        assertThat(complained()).contains("http://127.0.0.1:1: no answer");
        assertThat(execute("--prometheus=http://127.0.0.1:1", "--from=1700000000", "--to=1707776000", mine))
                .as("ninety days are no problem by themselves")
                .isEqualTo(1);
        assertThat(dir.resolve("mine.yaml")).doesNotExist();
    }
}
