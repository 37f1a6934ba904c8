package me.musclemap.capacity.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Harder inputs than the given cases, answered by other methods and other programs: the file names them for each category.
 * Utilisations of 0.999, 64 and more servers, classes without demand, delays, empty classes, capacity of one, a cache as large as
 * its catalogue, coefficients that end at their bound.
 */
class CrossCheckedCasesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static JsonNode results = JSON.nullNode();

    private static JsonNode file() throws IOException {
        try (InputStream in = CrossCheckedCasesTest.class.getResourceAsStream("/cross-checked-cases.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        }
    }

    static List<Arguments> cases() throws IOException {
        var cases = new ArrayList<Arguments>();
        file().path("cases")
                .forEach(one -> cases.add(Arguments.of(one.path("id").asText(), one)));
        return cases;
    }

    @BeforeAll
    static void solveTheWholeFile() throws IOException {
        results = JSON.readTree(CaseFile.of(file().toString()).solve()).path("results");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void anotherMethodGivesTheSame(String id, JsonNode one) {
        JsonNode tolerance = one.path("tolerance");
        compare(
                id,
                one.path("expected"),
                results.path(id),
                tolerance.path("rel").asDouble(),
                tolerance.path("abs").asDouble());
    }

    private static void compare(String at, JsonNode expected, JsonNode actual, double relative, double absolute) {
        if (expected.isObject()) {
            expected.properties()
                    .forEach(e ->
                            compare(at + "." + e.getKey(), e.getValue(), actual.path(e.getKey()), relative, absolute));
        } else if (expected.isArray()) {
            assertThat(actual.size()).as(at).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                compare(at + "[" + i + "]", expected.get(i), actual.path(i), relative, absolute);
            }
        } else if (expected.isNumber()) {
            assertThat(actual.isNumber()).as(at + " is a number: " + actual).isTrue();
            double wanted = expected.doubleValue();
            assertThat(actual.doubleValue())
                    .as(at)
                    .isCloseTo(wanted, within(Math.max(absolute, relative * Math.abs(wanted))));
        } else {
            assertThat(actual).as(at).isEqualTo(expected);
        }
    }

    @Test
    void theSimulatorIsWithinTwoPercentOfEveryLayeredMarkovChain() {
        for (var result : results.properties()) {
            JsonNode simulated = result.getValue().path("simulation");
            if (result.getKey().startsWith("lay")) {
                for (String output : List.of("X", "response", "cpu_utilisation", "disk_utilisation")) {
                    double exact = result.getValue().path(output).asDouble();
                    assertThat(simulated.path(output).asDouble())
                            .as(result.getKey() + "." + output)
                            .isCloseTo(exact, within(0.02 * exact));
                }
            }
        }
    }
}
