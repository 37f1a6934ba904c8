package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, as the lab starts it. */
class EmbeddedCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private Process start(String dir, String cache) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of("embedded", "--dir", dir, "--users", "500", "--workouts", "1000", "--exit-with-parent"));
        var builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().put("HEADROOM_CACHE", cache);
        return builder.start();
    }

    private static JsonNode ready(Process process) throws IOException {
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        assertThat(line).as("a line on standard output").isNotNull();
        return TestStack.json(line);
    }

    private static boolean gone(long pid) {
        // What is dead but not yet waited for by its new parent counts as gone.
        return ProcessHandle.of(pid).map(process -> !isRunning(pid)).orElse(true);
    }

    private static boolean isRunning(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitGone(long pid) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!gone(pid)) {
            assertThat(System.nanoTime()).as("process %s ends", pid).isLessThan(until);
            Thread.sleep(20);
        }
    }

    @Test
    void nothingIsLeftWhenItIsKilledAndTheNextOneCleansUp() throws IOException, InterruptedException {
        String cache = TestStack.cache().directory().toString();
        Path first = directory.resolve("first one");
        Process killed = start(first.toString(), cache);
        JsonNode ready = ready(killed);
        long postgres = ready.at("/postgres/pid").asLong();
        long redis = ready.at("/redis/pid").asLong();
        assertThat(ready.at("/dataset/snapshotSha256").asText())
                .as("equal on every machine")
                .isEqualTo(GOLDEN_ROWS_SHA256);
        assertThat(Files.readString(Path.of("/proc/" + postgres + "/cmdline"))).contains("bin/postgres");
        assertThat(Files.readString(Path.of("/proc/" + redis + "/cmdline"))).contains("redis-server");
        killed.destroyForcibly().waitFor();
        awaitGone(postgres);
        awaitGone(redis);
        assertThat(first).as("nobody was left to remove it").exists();

        Path second = directory.resolve("second");
        Process stopped = start(second.toString(), cache);
        ready = ready(stopped);
        assertThat(first).as("removed by the next start").doesNotExist();
        stopped.getOutputStream().close(); // the parent is gone
        assertThat(stopped.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stopped.exitValue()).isZero();
        assertThat(second).doesNotExist();
        awaitGone(ready.at("/postgres/pid").asLong());
        awaitGone(ready.at("/redis/pid").asLong());
    }

    @Test
    void aDirectoryThatHoldsSomethingElseIsLeftAlone() throws IOException, InterruptedException {
        Path full = Files.createDirectory(directory.resolve("full"));
        Files.writeString(full.resolve("thesis.txt"), "years of work");
        Process refused = start(full.toString(), TestStack.cache().directory().toString());
        assertThat(refused.waitFor()).isEqualTo(2);
        assertThat(Files.readString(directory.resolve("stderr")))
                .contains("--dir=")
                .contains("not ours")
                .doesNotContain("\tat ");
        assertThat(full.resolve("thesis.txt")).exists();
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("a file"), "");
        Process failed = start(directory.resolve("dir").toString(), file.toString());
        assertThat(failed.waitFor()).isEqualTo(1);
        assertThat(Files.readString(directory.resolve("stderr")).lines().toList())
                .singleElement()
                .satisfies(line -> assertThat(line).contains(file.toString()));
        assertThat(directory.resolve("dir")).doesNotExist();
    }

    private static final String GOLDEN_ROWS_SHA256 = "13c5f7921db5a0311969d7999e7cfaba03983de310ddd980ccce5a739949b81f";
}
