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
                "run nosuch|unknown scenario 'nosuch': use one of calibrate, smoke, ramp, knee",
                "run|no scenario: use one of smoke, calibrate, ramp",
                "run smoke --rate=5|--rate: smoke has no objective to hold",
                "run calibrate --users=100|use --users 5202 or more",
                "run ramp --rate=-5|--rate=-5.0: use requests per second above 0",
                "run ramp --rate=5 --users=7|--users and --rate: give one of them",
                "run ramp --rate=900 --dataset-users=5000|use --dataset-users 31674 or more",
                "run spike --users=50000 --dataset-users=100000|use --dataset-users 250000 or more",
                "run ramp --slo=p99<0s|cannot be met at any load",
                "run ramp --slo=p42<1s|limits nothing known: use one of p50",
                "run ramp --slo=errors<1s|a share ends in %",
                "run ramp --slo=fast|write for example p99<1s",
                "run ramp --duration=soon|write a time such as 90s",
                "run ramp --duration=1s|use 4 s or more",
                "run failover --kill=cable|use one of postgres, redis, api",
                "run ramp --kill=api|only failover kills something",
                "run failover --target=http://127.0.0.1:1|failover kills a program of the stack",
                "run million --target=http://127.0.0.1:1|million mints a token",
                "run ramp --accounts=nosuch|add --target",
                "run ramp --target=http://127.0.0.1:1 --accounts=nosuch.csv|--accounts=nosuch.csv: no such file: give lines of",
                "run ramp --target=http://127.0.0.1:1 --workload=chat|needs conversations that only a data set of ours has",
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
                "bench|name a bench: cost, peers",
                "bench cost --rate=0|--rate=0.0: write more than 0",
                "bench ceiling --to=5|--to=5: write --from=2000 or more",
                "bench omission --window=3|--window=3: write more than twice --stall=2.0",
                "bench ceiling --warm-up=300|--warm-up=300: write at most 120",
                "bench omission --window=300|--window=300: write at most 120",
                "bench sockets --sockets=7|--sockets=7: write 1001 to",
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
    void accountsThatAreNoneOrTooFewAreExitCodeTwo() throws IOException {
        var file = Files.writeString(temp.resolve("accounts.csv"), "a@x.example,secret\nnobody\n");
        assertThat(execute("run", "smoke", "--target=http://127.0.0.1:1", "--accounts=" + file))
                .isEqualTo(2);
        assertThat(said(err))
                .contains("--accounts=" + file + ": line 2: is no account")
                .hasLineCount(1);
        Files.writeString(file, "a@x.example,secret\n");
        assertThat(execute("run", "smoke", "--users=3", "--target=http://127.0.0.1:1", "--accounts=" + file))
                .isEqualTo(2);
        assertThat(said(err))
                .contains("it has 1 accounts, and 3 users are asked for")
                .doesNotContain("\tat ");
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
                new String[] {"demo", "up", "run", "workload", "compare", "shard", "merge", "replay", "import", "bench"
                }) {
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
