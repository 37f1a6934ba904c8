package me.musclemap.load.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.record.Validity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompareCommandTest {
    @TempDir
    private Path temp;

    private RecordedRuns runs = new RecordedRuns(Path.of(""));
    private final List<Path> base = new ArrayList<>();
    private final List<Path> candidate = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void here() {
        runs = new RecordedRuns(temp);
    }

    private void pairs(int count, double slower, double noise) throws IOException {
        var random = new SplittableRandom(3);
        for (int pair = 0; pair < count; pair++) {
            double first = Math.exp(noise * random.nextGaussian());
            double second = Math.exp(noise * random.nextGaussian());
            base.add(runs.write(RecordedRuns.plan("aaa", 2 * pair).with(20 * first, first)));
            candidate.add(runs.write(
                    RecordedRuns.plan("bbb", 2 * pair + 1).with(20 * second * (1 + slower), second * (1 + slower))));
        }
    }

    private int compare(String... more) {
        var arguments = new ArrayList<String>();
        base.forEach(run -> arguments.addAll(List.of("--base", run.toString())));
        candidate.forEach(run -> arguments.addAll(List.of("--candidate", run.toString())));
        arguments.addAll(List.of(more));
        return execute(arguments);
    }

    private int execute(List<String> arguments) {
        var config = new LabConfig(temp, temp, temp, temp.resolve("cache"), temp.resolve("lock"), temp, List.of());
        var command = new CompareCommand(() -> config, stream(out), stream(err));
        return new CommandLine(command)
                .setExecutionExceptionHandler((problem, line, parsed) -> {
                    if (problem instanceof CompareException compare) {
                        stream(err).println(compare.getMessage());
                        return compare.exitCode();
                    }
                    throw problem;
                })
                .execute(arguments.toArray(String[]::new));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aSlowerCandidateIsARegressionAndExitCodeThree() throws IOException {
        pairs(8, 0.3, 0.03);
        assertThat(compare()).isEqualTo(3);
        assertThat(said().lines().findFirst().orElse("")).contains("capacity about -2");
        assertThat(said()).contains("p99 from the intended start *", "60.", "commit aaa -> bbb", "regression: p99");
        assertThat(said()).contains("largest rise of CPU per request: api, +0.2");
    }

    @Test
    void anEqualCandidateIsNoRegression() throws IOException {
        pairs(8, 0, 0.01);
        assertThat(compare()).isZero();
        assertThat(said()).endsWith("less than the margin of 5 %\n");
    }

    @Test
    void fewPairsAreUndecidedAndSayHowManyMore() throws IOException {
        pairs(2, 0.5, 0.01);
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("undecided: 3 more pairs needed");
    }

    @Test
    void withFewPairsOnlyAsManySecondaryMetricsAreTestedAsCouldReject() throws IOException {
        pairs(6, 0, 0.02);
        compare();
        // 2^-6 is 0.016: three of them fit below 0.05.
        assertThat(said().lines().filter(line -> line.contains("not tested: 6 pairs")))
                .hasSize(1);
    }

    @Test
    void telemetryAndOtherSecondsAreNoPartOfThePercentile() throws IOException {
        pairs(5, 0, 0);
        compare("--json");
        var answer = new ObjectMapper().readTree(said());
        assertThat(answer.at("/metrics/0/metric").asText()).isEqualTo("corrected-p99");
        assertThat(answer.at("/metrics/0/base").asDouble()).isBetween(0.0599, 0.0601);
        // One request and a half of compilation are taken off: 1 s of CPU for 1,000 requests.
        assertThat(answer.at("/metrics/1/base").asDouble()).isBetween(0.000999, 0.001001);
    }

    @Test
    void theSameAnswerIsWrittenForPeopleAndForServers() throws Exception {
        pairs(6, 0.5, 0.01);
        var junit = temp.resolve("junit.xml");
        var markdown = temp.resolve("answer.md");
        assertThat(compare("--junit", junit.toString(), "--markdown", markdown.toString()))
                .isEqualTo(3);
        var suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(junit.toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
        assertThat(Files.readString(markdown)).contains("regression", "| **p99 from the intended start** |");
    }

    @Test
    void whatDiffersBesideTheBuildIsNotComparable() throws IOException {
        pairs(5, 0, 0);
        RecordedRuns.changeProfile(candidate.get(2), "vps");
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("not comparable: the runs differ in their profile: embedded and vps");
    }

    @Test
    void aRunThatIsNotValidOrWasKilledIsNotComparable() throws IOException {
        pairs(5, 0, 0);
        var spoilt = RecordedRuns.plan("bbb", 11);
        base.add(runs.write(RecordedRuns.plan("aaa", 10)));
        candidate.add(
                runs.write(new RecordedRuns.Plan("bbb", 7, spoilt.start(), 20, 1, 100, Validity.Finding.notValid)));
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("is not valid: steal, 10 % steal");
        RecordedRuns.kill(base.get(1));
        out.reset();
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("did not come to its end");
    }

    @Test
    void pairsOfTwoSeedsAndBlockedOrdersAreNotComparable() throws IOException {
        base.add(runs.write(RecordedRuns.plan("aaa", 0)));
        candidate.add(runs.write(
                new RecordedRuns.Plan("bbb", 8, RecordedRuns.plan("bbb", 1).start(), 20, 1, 100, Validity.Finding.ok)));
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("two seeds, 7 and 8");
        base.clear();
        candidate.clear();
        for (int i = 0; i < 5; i++) {
            base.add(runs.write(RecordedRuns.plan("aaa", i)));
            candidate.add(runs.write(RecordedRuns.plan("bbb", 5 + i)));
        }
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("the runs are not interleaved");
    }

    @Test
    void runsAtOtherRatesHaveNoWindowInCommon() throws IOException {
        base.add(runs.write(RecordedRuns.plan("aaa", 0)));
        var other = RecordedRuns.plan("bbb", 1);
        candidate.add(runs.write(new RecordedRuns.Plan("bbb", 7, other.start(), 20, 1, 130, Validity.Finding.ok)));
        assertThat(compare()).isEqualTo(4);
        assertThat(said()).contains("no window of the same mix and rate");
    }

    @Test
    void theLedgerGivesThisMachinesFalseAlarmRateWithEachVerdict() throws IOException {
        var arguments = new ArrayList<>(List.of("--record-aa"));
        var random = new SplittableRandom(5);
        for (int i = 0; i < 24; i++) {
            arguments.add(runs.write(RecordedRuns.plan("aaa", i).with(20 * Math.exp(0.05 * random.nextGaussian()), 1))
                    .toString());
        }
        assertThat(execute(arguments)).isZero();
        assertThat(said()).contains("24 runs added", "drawn from 12 pairs");
        out.reset();
        assertThat(execute(arguments)).isZero();
        assertThat(said()).contains("0 runs added");
        out.reset();
        pairs(8, 0.3, 0.03);
        assertThat(compare()).isEqualTo(3);
        assertThat(said()).containsPattern("false alarms on this machine: [0-4]\\.\\d % of 2,000 campaigns of 8 pairs");
    }

    @Test
    void wrongArgumentsSayWhatToWrite() throws IOException {
        pairs(1, 0, 0);
        assertThat(compare("--primary=p999")).isEqualTo(2);
        assertThat(complained()).contains("--primary=p999: use one of capacity, corrected-p99");
        assertThat(compare("--alpha=0.7")).isEqualTo(2);
        assertThat(complained()).contains("--alpha=0.7");
        assertThat(execute(List.of(base.get(0).toString()))).isEqualTo(2);
        assertThat(complained()).contains("name BASE and CANDIDATE");
        assertThat(execute(List.of("--run", "smoke", base.get(0).toString(), temp.toString())))
                .isEqualTo(2);
        assertThat(complained()).contains("has no executable 'headroom'");
        assertThat(execute(List.of("--record-aa"))).isEqualTo(2);
        assertThat(compare("--ledger=" + base.get(0).resolve("run.json"))).isEqualTo(2);
    }

    @Test
    void checkoutsAreDrivenInTurnThroughTheirOwnLaunchers() throws IOException {
        var log = temp.resolve("driven");
        var left = checkout("left", log);
        var right = checkout("right", log);
        for (int pair = 0; pair < 5; pair++) {
            // The first of a pair changes sides.
            boolean baseFirst = pair % 2 == 0;
            link(left, pair, runs.write(RecordedRuns.plan("aaa", 2 * pair + (baseFirst ? 0 : 1))));
            link(
                    right,
                    pair,
                    runs.write(RecordedRuns.plan("bbb", 2 * pair + (baseFirst ? 1 : 0))
                            .with(40, 2)));
        }
        assertThat(execute(List.of("--run", "soak --rate 100", "--pairs", "5", left.toString(), right.toString())))
                .isEqualTo(3);
        assertThat(Files.readAllLines(log))
                .containsExactly("left", "right", "right", "left", "left", "right", "right", "left", "left", "right");
    }

    /** A launcher that answers with one recorded run after the other. */
    private Path checkout(String name, Path log) throws IOException {
        var directory = Files.createDirectories(temp.resolve(name));
        var launcher = directory.resolve("headroom");
        Files.writeString(launcher, """
                #!/bin/sh
                [ "$1 $2 $3 $4 $5" = "load run soak --rate 100" ] || exit 2
                cd "$(dirname "$0")" || exit 1
                echo %s >>'%s'
                next=$(ls -d run-* | head -n 1)
                path=$(readlink "$next")
                rm "$next"
                echo "{\\"directory\\":\\"$path\\"}"
                """.formatted(name, log));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return directory;
    }

    private static void link(Path checkout, int number, Path run) throws IOException {
        Files.createSymbolicLink(checkout.resolve("run-" + number), run);
    }
}
