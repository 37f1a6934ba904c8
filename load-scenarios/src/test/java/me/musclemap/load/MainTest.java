package me.musclemap.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @TempDir
    private Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run nosuch|unknown scenario 'nosuch': use one of calibrate, smoke",
                "run|no scenario: use calibrate or smoke",
                "run smoke --full|--full: only a calibration has restarts",
                "run smoke --resume x|only calibrate can be resumed",
                "run --resume /nosuch/run|/nosuch/run",
                "run smoke --users=0|--users=0: use 1 or more",
                "run smoke --users=many|Invalid value for option '--users'",
                "run smoke --profile=cloud|--profile=cloud: use embedded",
                "run smoke --target=ftp://x|write an address such as",
                "run calibrate --target=http://127.0.0.1:1|calibrate needs the CPU of every station",
                "run smoke --target=http://192.0.2.1:80|add --i-own-this-target",
                "run smoke --nosuch|Unknown option",
                "workload nosuch|nosuch",
                "frobnicate|Unmatched argument",
            })
    void wrongArgumentsAreExitCodeTwoAndSayWhatToWrite(String arguments, String message) {
        assertThat(execute(arguments.split(" "))).isEqualTo(2);
        assertThat(said(err)).contains(message).doesNotContain("\tat ");
    }

    @Test
    void aTargetThatDoesNotAnswerIsAFailure() {
        assertThat(execute("run", "smoke", "--target=http://127.0.0.1:1")).isEqualTo(1);
        assertThat(said(err)).contains("--target=http://127.0.0.1:1: no answer");
        assertThat(temp.resolve("runs")).doesNotExist();
    }

    @Test
    void aMisspeltKeyOfAWorkloadIsExitCodeTwo() throws IOException {
        var ours = Path.of(System.getProperty("repo.root"), "load-scenarios/workloads");
        Files.copy(ours.resolve("operations.yaml"), temp.resolve("operations.yaml"));
        var bad = temp.resolve("bad.yaml");
        Files.writeString(
                bad, Files.readString(ours.resolve("musclemap-day.yaml")).replaceFirst("journeys:", "journies:"));
        assertThat(execute("run", "smoke", "--workload=" + bad)).isEqualTo(2);
        assertThat(said(err)).contains("journies").hasLineCount(1);
        assertThat(temp.resolve("runs")).doesNotExist();
    }

    @Test
    void aWorkloadIsShownInWords() {
        assertThat(execute("workload")).isZero();
        assertThat(said(out)).contains("musclemap-day");
    }

    @Test
    void everyCommandAnswersHelp() {
        for (var command :
                new String[] {"demo", "up", "run", "workload", "compare", "shard", "merge", "replay", "import"}) {
            assertThat(execute(command, "--help")).isZero();
            assertThat(said(out)).contains("Usage: load " + command);
        }
    }

    private int execute(String... arguments) {
        var environment = Map.of(
                "HEADROOM_HOME", System.getProperty("repo.root"),
                "HEADROOM_RUNS", temp.resolve("runs").toString(),
                "HEADROOM_CACHE", temp.resolve("cache").toString(),
                "JAVA_HOME", System.getProperty("java.home"));
        return Main.execute(
                arguments,
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String said(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
