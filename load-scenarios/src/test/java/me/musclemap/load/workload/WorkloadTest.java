package me.musclemap.load.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WorkloadTest {
    private static final Path DAY =
            Path.of(System.getProperty("repo.root", ".."), "load-scenarios", "workloads", "musclemap-day.yaml");

    @TempDir
    private Path dir;

    @Test
    void theDaysWorkoutIsThatOfTheRealClient() {
        var workout = Workload.load(DAY).journeys().get(0);
        assertThat(workout.sessionSeconds() / 60).isBetween(42.0, 50.0);
        var requests = workout.requestsPerSession();
        assertThat(requests).containsEntry("LogSet", 16.0).containsEntry("Login", 1.0);
        assertThat(requests.get("ActiveWorkoutSession")).isBetween(17.0, 20.0);
        var day = Workload.load(DAY);
        assertThat(day.requestsPerSecondPerUser()).isBetween(0.02, 0.03);
        assertThat(day.socketShare()).isBetween(0.01, 0.1);
    }

    @Test
    void everyMixSumsToOneOverItsHeadlineClasses() {
        var day = Workload.load(DAY);
        assertThat(day.mixes()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(day.mixesByName().values()).anyMatch(Mix::heldOut);
        day.mixes().forEach((name, shares) -> {
            var sum = day.classes().stream()
                    .filter(FitClass::headline)
                    .mapToDouble(fitClass -> shares.getOrDefault(fitClass.name(), 0.0))
                    .sum();
            assertThat(sum).as(name).isCloseTo(1, offset(1e-9));
        });
    }

    @Test
    void theMixesDifferEnoughToTellTheClassesApart() {
        var mixes = Workload.load(DAY).mixes();
        for (var fitClass : List.of("read", "heavyRead", "write", "login")) {
            var shares = mixes.values().stream()
                    .mapToDouble(shareOf -> shareOf.getOrDefault(fitClass, 0.0))
                    .summaryStatistics();
            assertThat(shares.getMax() / shares.getMin()).as(fitClass).isGreaterThan(1.4);
        }
    }

    @Test
    void theSameFileHasTheSameHashAndAnotherWeightAnother() throws IOException {
        var changed = edited("weight: 60", "weight: 61");
        assertThat(Workload.load(DAY).sha256())
                .isEqualTo(Workload.load(DAY).sha256())
                .isNotEqualTo(Workload.load(changed).sha256());
    }

    @Test
    void inWordsItNamesWhatOneUserDoes() {
        var text = new WorkloadInWords(Workload.load(DAY)).text();
        assertThat(text)
                .contains("One user in session makes 0.0")
                .contains("LogSet")
                .contains("held out");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(
                        "thinkTimes:", "thinkTime:", List.of("thinkTime: unknown key", "did you mean 'thinkTimes'")),
                Arguments.of("requests: [Login]", "reqests: [Login]", List.of("pages.login.reqests", "'requests'")),
                Arguments.of(
                        "weight: 60",
                        "weight: -60",
                        List.of("journeys.workout.weight", "must not be negative, was -60")),
                Arguments.of(
                        "weight: 60",
                        "weight: many",
                        List.of("journeys.workout.weight", "must be a number, was \"many\"")),
                Arguments.of("think: glance", "think: glanse", List.of("unknown think time 'glanse'", "'glance'")),
                Arguments.of("requests: [Login]", "requests: [Logon]", List.of("unknown operation 'Logon'", "'Login'")),
                Arguments.of(
                        "- page: dashboard", "- page: dashbord", List.of("unknown page 'dashbord'", "'dashboard'")),
                Arguments.of("from: 12, to: 20", "from: 12, to: 2", List.of("repeat.to", "at least 'from'")),
                Arguments.of(
                        "Login, Register, Refresh", "Register, Refresh", List.of("classes", "without a class: Login")),
                Arguments.of("sigma: 0.6}}", "sigma: 0.6}", List.of("line ", "not readable YAML")),
                Arguments.of("name: musclemap-day", "name: a b", List.of("name:", "is no name")),
                Arguments.of("operations.yaml", "nothing.yaml", List.of("nothing.yaml", "no such file")),
                Arguments.of("for: held-out", "for: later", List.of("mixes.evening.for", "held-out")));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsFileItsKeyAndWhatToWrite(String text, String mistake, List<String> said)
            throws IOException {
        var file = edited(text, mistake);
        assertThatThrownBy(() -> Workload.load(file))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining(dir.toString())
                .hasMessageContainingAll(said.toArray(String[]::new));
    }

    static Stream<ThinkTime> thinkTimes() {
        return Stream.of(
                new ThinkTime.Constant(3),
                new ThinkTime.Uniform(1, 5),
                new ThinkTime.Exponential(4),
                new ThinkTime.LogNormal(10, 0.7));
    }

    @ParameterizedTest
    @MethodSource("thinkTimes")
    void aPauseKeepsToItsMeanAndToItsTail(ThinkTime think) {
        var random = new SplittableRandom(42);
        var n = 200_000;
        var sum = 0.0;
        var longer = 0;
        var seenFromWithin = 0.0;
        var square = 0.0;
        for (var i = 0; i < n; i++) {
            var seconds = think.seconds(random);
            sum += seconds;
            square += seconds * seconds;
            longer += seconds > 3.5 ? 1 : 0;
            seenFromWithin += think.secondsSeenFromWithin(random);
        }
        assertThat(sum / n).isCloseTo(think.meanSeconds(), within(0.02 * think.meanSeconds()));
        assertThat((double) longer / n).isCloseTo(think.probabilityLongerThan(3.5), within(0.01));
        // the mean length of the pause around a random moment is E[L²] / E[L]
        assertThat(seenFromWithin / n).isCloseTo(square / sum, within(0.03 * square / sum));
    }

    private Path edited(String text, String replacement) throws IOException {
        var before = Files.readString(DAY);
        assertThat(before).contains(text);
        var file = dir.resolve("edited.yaml");
        Files.writeString(file, before.replace(text, replacement));
        Files.copy(
                DAY.resolveSibling("operations.yaml"),
                dir.resolve("operations.yaml"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return file;
    }
}
