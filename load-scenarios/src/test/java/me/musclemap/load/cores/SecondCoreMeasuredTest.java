package me.musclemap.load.cores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SecondCoreMeasuredTest {
    private static Map<String, Double> nanos(double hashing, double chasing) {
        return Map.of("hashing", hashing, "chasing", chasing);
    }

    @Test
    void theRatioIsOfBothCoresAndAMachineThatIsSlowForARoundChangesNothing() {
        var slowdown = new Slowdown();
        for (int round = 0; round < 20; round++) {
            double machine = round % 5 == 0 ? 3 : 1;
            slowdown.add(
                    List.of(nanos(100 * machine, 50 * machine), nanos(200 * machine, 100 * machine)),
                    List.of(nanos(160 * machine, 55 * machine), nanos(320 * machine, 110 * machine)));
        }
        var result = slowdown.result();
        assertThat(result.kinds().get("hashing")).isCloseTo(1.6, within(1e-9));
        assertThat(result.kinds().get("chasing")).isCloseTo(1.1, within(1e-9));
        assertThat(result.ratio()).isCloseTo(Math.sqrt(1.6 * 1.1), within(1e-9));
        assertThat(result.low()).isCloseTo(1.1, within(1e-9));
        assertThat(result.high()).isCloseTo(1.6, within(1e-9));
        assertThat(result.rounds()).isEqualTo(20);
    }

    @Test
    void aFewSpoiltRoundsMoveTheMedianLittleAndRoundsThatDifferWidenTheInterval() {
        var slowdown = new Slowdown();
        for (int round = 0; round < 20; round++) {
            double ratio = round < 3 ? 9 : 1.3 + 0.01 * round;
            slowdown.add(List.of(nanos(1, 1)), List.of(nanos(ratio, ratio)));
        }
        var result = slowdown.result();
        assertThat(result.ratio()).isBetween(1.3, 1.5);
        assertThat(result.low()).isLessThan(result.ratio() - 0.02);
        assertThat(result.high()).isGreaterThan(result.ratio() + 0.02).isLessThan(1.6);
    }

    @Test
    void workThatTookNoTimeIsRefused() {
        var slowdown = new Slowdown();
        assertThatThrownBy(() -> slowdown.add(List.of(nanos(0, 1)), List.of(nanos(1, 1))))
                .hasMessageContaining("nanos.hashing=0.0");
    }

    @Test
    void theProcessTellsWhatEachKindOfWorkCostsAndEndsWithItsInput() throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkProcess.class.getName(),
                        "7")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                var in = process.getOutputStream()) {
            assertThat(out.readLine()).isEqualTo("{\"ready\":true}");
            in.write("{\"millis\":40,\"first\":3}\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            var nanos = new ObjectMapper().readTree(out.readLine()).path("nanos");
            assertThat(nanos.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("hashing", "scanning", "chasing", "allocating");
            assertThat(nanos).allMatch(each -> each.asDouble() > 0);
        } finally {
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
    }
}
