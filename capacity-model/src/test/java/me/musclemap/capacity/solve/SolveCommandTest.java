package me.musclemap.capacity.solve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SolveCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory = Path.of("");

    private record Run(int code, String out, String err) {}

    private static Run run(String file) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = new CommandLine(new SolveCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(file);
        return new Run(code, out.toString(), err.toString());
    }

    private static JsonNode answer(String category, String inputs) throws IOException {
        String file = "{\"cases\":[{\"id\":\"x\",\"category\":\"" + category + "\",\"inputs\":" + inputs + "}]}";
        return JSON.readTree(CaseFile.of(file).solve()).path("results").path("x");
    }

    @Test
    void aFileWithASpoiltCaseStillAnswersTheOthers() throws IOException {
        Path file = directory.resolve("cases.json");
        Files.writeString(file, """
                {"cases":[
                 {"id":"good","category":"erlang","inputs":{"servers":10,"offered":4.46}},
                 {"id":"nan","category":"erlang","inputs":{"servers":10,"offered":NaN}},
                 {"id":"what","category":"tarot","inputs":{}},
                 {"category":"mmc","inputs":{"lam":1,"mu":2}}
                ]}
                """);
        Run run = run(file.toString());
        assertThat(run.code()).isZero();
        JsonNode results = JSON.readTree(run.out()).path("results");
        assertThat(results.path("good").path("blocking").asDouble()).isBetween(0.00998, 0.00999);
        assertThat(results.path("nan").path("reason").asText()).isEqualTo("invalidInput");
        assertThat(results.path("nan").path("message").asText()).startsWith("offered");
        assertThat(results.path("what").path("message").asText()).contains("tarot");
        assertThat(results.path("cases[3]").path("message").asText()).startsWith("servers");
    }

    @Test
    void aFileThatCannotBeReadEndsWithTwoAndOneLine() throws IOException {
        Run missing = run(directory.resolve("none.json").toString());
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err().strip())
                .contains("no such file; name a JSON file")
                .doesNotContain("\n");
        Path broken = directory.resolve("broken.json");
        Files.writeString(broken, "{\"cases\": [");
        Run run = run(broken.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().strip()).contains("not JSON at line 1").doesNotContain("\n");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mmc|{\"lam\":11,\"mu\":5,\"servers\":2}|unstable",
                "mg1|{\"lam\":1,\"mean_service\":1,\"cv2\":1}|unstable",
                "percentile-exact|{\"rho\":1.0,\"service\":1}|unstable",
                "percentile-simulated|{\"servers\":2,\"lam\":3,\"mean_service\":1,\"service\":\"exponential\"}|unstable",
                "open|{\"lam\":[2],\"demand\":[[0.4,0.5]],\"servers\":[1,1]}|unstable",
                "mixed|{\"open_lambda\":[5],\"open_demand\":[[0.2]],\"closed_N\":[1],\"closed_demand\":[[1]],\"servers\":[1]}|unstable",
                "finite-pool|{\"lam\":72,\"pool\":3,\"cpu_servers\":2,\"cpu_service\":0.02,\"disk_service\":0.01}|unstable",
                "closed-1class|{\"population\":[3],\"demand\":[[0,0]],\"servers\":[1,1],\"think\":[0]}|infeasible",
                "headroom|{\"service\":1,\"servers\":2,\"p99_limit\":1,\"utilisation_limit\":0.7}|infeasible",
                "usl-inverse|{\"alpha\":0.03,\"beta\":0.0001,\"gamma\":10,\"throughput\":1000}|infeasible",
                "usl-fit|{\"points\":[[1,10],[2,19]]}|notIdentifiable",
                "growth|{\"t\":[1,2],\"y\":[1,2],\"capacity\":5,\"level\":0.9}|notIdentifiable",
                "demand-regression|{\"throughput\":[[1,2],[2,4],[3,6],[4,8]],\"busy\":[[1],[2],[3],[4]]}|notIdentifiable",
                "closed-1class|{\"population\":[3],\"demand\":[[0.1,0.2]],\"servers\":[1],\"think\":[0]}|invalidInput",
                "closed-1class|{\"population\":[2.5],\"demand\":[[0.1]],\"servers\":[1]}|invalidInput",
                "mmck|{\"lam\":1,\"mu\":1,\"servers\":3,\"capacity\":2}|invalidInput",
                "cache|{\"items\":0,\"zipf\":1,\"capacity\":2}|invalidInput",
                "erlang|{\"offered\":1e12,\"target\":1e-6}|invalidInput",
                "bounds|{\"N\":5,\"demand\":[0,0]}|invalidInput"
            })
    void whatHasNoNumberHasAReason(String category, String inputs, String reason) throws IOException {
        JsonNode answer = answer(category, inputs);
        assertThat(answer.path("feasible").isBoolean()).isTrue();
        assertThat(answer.path("feasible").asBoolean()).isFalse();
        assertThat(answer.path("reason").asText()).isEqualTo(reason);
        assertThat(answer.path("message").asText()).isNotEmpty();
        assertThat(answer.has("X") || answer.has("R") || answer.has("mean")).isFalse();
    }

    /** Rounding hides that one class is a mix of the others; each of its digits is still printed. */
    @Test
    void classesThatHardlyDifferHaveEveryNumberAndTheReasonNotToBelieveThem() throws IOException {
        JsonNode answer = answer(
                "demand-regression",
                "{\"throughput\":[[10,20.0001],[20,39.9999],[30,60.0001],[40,79.9998],[50,100.0001]],\"busy\":[[0.1,0.05],[0.19,0.11],[0.31,0.15],[0.4,0.19],[0.5,0.26]]}");
        assertThat(answer.path("column_scaled_condition_number").asDouble()).isBetween(1e4, 1e9);
        for (String output : List.of("nnls_per_station", "nnls_rss", "ols_per_station", "ols_se")) {
            assertThat(answer.path(output)).as(output).hasSize(2);
        }
        assertThat(answer.path("identifiable").asBoolean(true)).isFalse();
        assertThat(answer.path("feasible").asBoolean(true)).isFalse();
        assertThat(answer.path("reason").asText()).isEqualTo("notIdentifiable");
        JsonNode apart = answer(
                "demand-regression",
                "{\"throughput\":[[10,2],[2,40],[30,6],[4,80],[50,10]],\"busy\":[[0.1],[0.2],[0.3],[0.4],[0.5]]}");
        assertThat(apart.path("column_scaled_condition_number").asDouble()).isLessThan(30);
        assertThat(apart.has("feasible")).isFalse();
    }

    @Test
    void theVariationOfALayeredPoolMayStandInTheWordsOfItsDistribution() throws IOException {
        String rest =
                "\"users\":3,\"think\":0.05,\"threads\":2,\"connections\":1,\"api_cpu\":0.01,\"db_cpu\":0.01,\"disk\":0.02,\"cores\":1";
        JsonNode words = answer("finite-pool", "{\"distribution\":\"lognormal, cv2 = 4\"," + rest + "}");
        assertThat(words.path("X").asDouble()).isPositive();
        assertThat(words).isEqualTo(answer("finite-pool", "{\"distribution\":\"lognormal\",\"cv2\":4," + rest + "}"));
        assertThat(answer("finite-pool", "{\"distribution\":\"lognormal\"," + rest + "}")
                        .path("reason")
                        .asText())
                .isEqualTo("invalidInput");
    }

    @Test
    void withoutAnEdgeEveryRequestReachesTheOrigin() throws IOException {
        String rest = "\"users_per_s_rate\":0.05,\"cpu_per_request\":0.004,\"cores\":2,\"util_limit\":0.7}";
        assertThat(answer("headroom", "{" + rest)).isEqualTo(answer("headroom", "{\"origin_share\":1," + rest));
        assertThat(answer("headroom", "{" + rest).path("users").path("cpu").asDouble())
                .isCloseTo(7000, org.assertj.core.api.Assertions.within(1e-6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "erlang|{\"offered\":4.46,\"target\":0.01}|servers|10",
                "mmc|{\"lam\":0,\"mu\":5,\"servers\":2}|R|0.2",
                "percentile-exact|{\"rho\":0.4,\"service\":3}|wait_p50|0",
                "cache|{\"items\":10,\"zipf\":1,\"capacity\":10}|hit_ratio|1",
                "cache|{\"rate_per_key\":2,\"ttl\":Infinity}|hit|1",
                "cache|{\"rate_per_key\":0,\"ttl\":\"infinite\"}|hit|0",
                "growth|{\"series\":[5,6,8,7],\"seasonal\":false,\"alpha\":0.5,\"beta\":0.5,\"start\":[5,1]}|sse|6.25",
                "growth|{\"series\":[5,6,8,7],\"seasonal\":false,\"alpha\":0.5,\"beta\":0.5,\"start\":[5,1]}|a|7.75",
                "seed-arithmetic|{\"l1\":0.4,\"l2_of_l1_misses\":0.5,\"l3_of_l2_misses\":0.8,\"write_share\":0.1}|db_share|0.154",
                "seed-arithmetic|{\"ram_gb\":8,\"reserved_gb\":5,\"bytes_per_socket\":10000,\"safety\":0.5}|max_sockets|150000",
                "usl-inverse|{\"alpha\":0,\"beta\":0,\"gamma\":10,\"throughput\":50}|concurrency_at_throughput|5"
            })
    void formsWithoutAnExampleAreAnswered(String category, String inputs, String key, double expected)
            throws IOException {
        double actual = answer(category, inputs).path(key).asDouble(Double.NaN);
        assertThat(Math.abs(actual - expected)).isLessThanOrEqualTo(1e-12 + 1e-9 * expected);
    }

    @Test
    void aClassWithoutUsersHasZerosAndLeavesTheOthersAlone() throws IOException {
        JsonNode two = answer(
                "closed-multiclass",
                "{\"population\":[5,0],\"demand\":[[0.1,0.2],[0.3,0.1]],\"servers\":[2,1],\"think\":[1,1]}");
        JsonNode one =
                answer("closed-1class", "{\"population\":[5],\"demand\":[[0.1,0.2]],\"servers\":[2,1],\"think\":[1]}");
        assertThat(two.path("X").get(1).asDouble()).isZero();
        assertThat(two.path("X").get(0)).isEqualTo(one.path("X").get(0));
    }

    /** Removing or spoiling any key of any given case never ends in an exception. */
    @Test
    void everySpoiltKeyOfEveryGivenCaseIsAnswered() throws IOException {
        ObjectNode file = JSON.createObjectNode();
        var cases = file.putArray("cases");
        try (InputStream in = SolveCommandTest.class.getResourceAsStream("/capacity-cases.json")) {
            for (JsonNode one : JSON.readTree(Objects.requireNonNull(in)).path("cases")) {
                if (one.path("category").asText().equals("percentile-simulated")
                        || one.path("id").asText().startsWith("layered")) {
                    continue; // seconds of simulation each
                }
                for (var input : one.path("inputs").properties()) {
                    for (JsonNode spoilt : new JsonNode[] {
                        JSON.nullNode(),
                        JSON.getNodeFactory().numberNode(-1),
                        JSON.createArrayNode(),
                        JSON.createObjectNode()
                    }) {
                        ObjectNode copy = one.deepCopy();
                        copy.put("id", one.path("id").asText() + " " + input.getKey() + "=" + spoilt);
                        ((ObjectNode) copy.path("inputs")).set(input.getKey(), spoilt);
                        cases.add(copy);
                    }
                }
            }
        }
        JsonNode results = JSON.readTree(CaseFile.of(file.toString()).solve()).path("results");
        assertThat(results.size()).isEqualTo(cases.size()).isGreaterThan(400);
        for (var result : results.properties()) {
            boolean required =
                    result.getKey().matches(".* (lam|mu|demand|population|servers|alpha|rate_per_key|l1)=null");
            if (required) {
                assertThat(result.getValue().path("reason").asText())
                        .as(result.getKey())
                        .isEqualTo("invalidInput");
            }
        }
    }
}
