package me.musclemap.capacity.solve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the case file, solved as the command solves it, within the tolerance that the case states. */
class GivenCasesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static JsonNode results = JSON.nullNode();

    private static JsonNode file() throws IOException {
        try (InputStream in = GivenCasesTest.class.getResourceAsStream("/capacity-cases.json")) {
            return JSON.readTree(Objects.requireNonNull(in));
        }
    }

    static Stream<Arguments> cases() throws IOException {
        return StreamSupport.stream(file().path("cases").spliterator(), false)
                .map(one -> Arguments.of(one.path("id").asText(), one));
    }

    @BeforeAll
    static void solveTheWholeFile() throws IOException {
        results = JSON.readTree(CaseFile.of(file().toString()).solve()).path("results");
    }

    @Test
    void everyCaseOfTheFileIsAnswered() throws IOException {
        assertThat(file().path("cases")).hasSize(58);
        assertThat(results).hasSize(58);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theAnswerIsWithinTheStatedTolerance(String id, JsonNode one) throws IOException {
        List<String> misses = new ArrayList<>();
        for (var expected : one.path("expected").properties()) {
            String key = expected.getKey();
            compare(key, expected.getValue(), results.path(id).path(key), Tolerance.of(one, key), misses);
        }
        assertThat(misses).isEmpty();
    }

    @Test
    void theSimulatorIsWithinTwoPercentOfTheLayeredCase() throws IOException {
        for (JsonNode one : file().path("cases")) {
            if (one.path("id").asText().startsWith("layered")) {
                List<String> misses = new ArrayList<>();
                JsonNode simulated = results.path(one.path("id").asText()).path("simulation");
                compare("", one.path("expected"), simulated, new Tolerance(0.02, 0), misses);
                assertThat(misses).isEmpty();
            }
        }
    }

    private static void compare(
            String path, JsonNode expected, JsonNode actual, Tolerance tolerance, List<String> misses) {
        if (expected.isObject()) {
            for (var part : expected.properties()) {
                compare(path + "." + part.getKey(), part.getValue(), actual.path(part.getKey()), tolerance, misses);
            }
        } else if (expected.isArray()) {
            if (actual.size() != expected.size()) {
                misses.add(path + ": " + actual + " instead of " + expected);
                return;
            }
            for (int i = 0; i < expected.size(); i++) {
                compare(path + "[" + i + "]", expected.get(i), actual.get(i), tolerance, misses);
            }
        } else if (expected.isNumber()) {
            if (!actual.isNumber() || !tolerance.holds(expected.doubleValue(), actual.doubleValue())) {
                misses.add(path + ": " + actual + " instead of " + expected);
            }
        } else if (!expected.equals(actual)) {
            misses.add(path + ": " + actual + " instead of " + expected);
        }
    }

    /** How far an output may be off. */
    private record Tolerance(double relative, double absolute) {
        boolean holds(double expected, double actual) {
            return Math.abs(actual - expected) <= Math.max(relative * Math.abs(expected), absolute);
        }

        static Tolerance of(JsonNode one, String key) throws IOException {
            JsonNode stated = one.path("tolerance");
            if (one.path("category").asText().equals("percentile-simulated")) {
                String notes = one.path("notes").asText();
                double halfWidth = JSON.readTree(notes.substring(notes.indexOf('{')))
                        .path(key)
                        .asDouble();
                double expected = one.path("expected").path(key).asDouble();
                return new Tolerance(0, 3 * halfWidth + 0.01 * Math.abs(expected));
            }
            String part = key.startsWith("nnls") ? "nnls" : key.startsWith("ols") ? "ols" : "condition";
            JsonNode own =
                    one.path("category").asText().equals("demand-regression") ? stated.path(part) : stated.path(key);
            if (own.has("max_ratio")) {
                return new Tolerance(own.path("max_ratio").asDouble() - 1, 0);
            }
            if (own.isObject()) {
                return new Tolerance(own.path("rel").asDouble(), own.path("abs").asDouble());
            }
            // only the error and the forecast of a smoothing are stated; the parameters follow the same start and
            // optimum
            double otherwise = key.length() > 0 && stated.has("sse") ? 1e-3 : 1e-6;
            return new Tolerance(
                    stated.path("rel").asDouble(otherwise), stated.path("abs").asDouble(1e-15));
        }
    }
}
