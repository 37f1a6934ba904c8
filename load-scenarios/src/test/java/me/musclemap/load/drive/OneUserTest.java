package me.musclemap.load.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;

/** One session of one user, as --debug shows it. */
class OneUserTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void everyRequestAndItsAnswerAreShownAndWhatFailsIsNamed() {
        try (var target = new FakeTarget(0, true)) {
            target.statuses.put("LogSet", 503);
            int failed = user(target.url(), true).play();
            assertThat(failed).isPositive();
            assertThat(target.seen).hasSizeGreaterThan(10).allSatisfy(seen -> {
                assertThat(seen.address()).matches("10\\.\\d+\\.\\d+\\.\\d+");
                assertThat(text()).contains(seen.operation().startsWith("/") ? seen.path() : seen.operation());
            });
            assertThat(text().lines().filter(line -> line.contains("    < ")))
                    .as("an answer for each request")
                    .hasSize(target.seen.size());
            assertThat(text().lines().filter(line -> line.contains("< 503") && line.contains("FAILED")))
                    .hasSize(failed);
            assertThat(text())
                    .contains(
                            "one user on the journey 'workout'",
                            target.seen.size() + " requests, " + failed + " failed")
                    .doesNotContain("\"token\":\"given\"", "\"password\":\"headroom-");
        }
    }

    @Test
    void withoutLeaveNoAddressIsMadeUp() {
        try (var target = new FakeTarget(0, true)) {
            assertThat(user(target.url(), false).play()).isZero();
            assertThat(target.seen)
                    .isNotEmpty()
                    .allSatisfy(seen -> assertThat(seen.address()).isEmpty());
        }
    }

    @Test
    void aTargetThatIsNotThereIsOneLine() {
        assertThatThrownBy(() -> user("http://127.0.0.1:1", false).play())
                .isInstanceOf(GeneratorException.class)
                .hasMessageStartingWith("http://127.0.0.1:1: no answer to ");
    }

    private OneUser user(String target, boolean clientAddresses) {
        return new OneUser(
                Workload.load(GeneratorProcess.musclemapDay()),
                URI.create(target),
                Optional.empty(),
                7,
                Optional.empty(),
                clientAddresses,
                new PrintStream(shown, true, StandardCharsets.UTF_8));
    }

    private String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
