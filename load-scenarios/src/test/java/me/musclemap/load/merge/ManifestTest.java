package me.musclemap.load.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The Kubernetes manifest against what the command takes. */
class ManifestTest {
    private static final Path FILE =
            Path.of(System.getProperty("repo.root", ".."), "load-scenarios", "kubernetes", "shards.yaml");

    private final Map<String, JsonNode> byKind = new HashMap<>();

    @BeforeEach
    void read() throws IOException {
        var yaml = new ObjectMapper(new YAMLFactory());
        try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(FILE.toFile())) {
            documents.forEachRemaining(
                    document -> byKind.put(document.path("kind").asText(), document));
        }
    }

    private JsonNode document(String kind) {
        return byKind.getOrDefault(kind, new ObjectMapper().missingNode());
    }

    private JsonNode job() {
        return document("Job");
    }

    private JsonNode container() {
        return job().at("/spec/template/spec/containers/0");
    }

    @Test
    void everyShardIsAnIndexAndIsDrivenOnce() {
        assertThat(job().at("/spec/completionMode").asText()).isEqualTo("Indexed");
        assertThat(job().at("/spec/completions")).isEqualTo(job().at("/spec/parallelism"));
        assertThat(job().at("/spec/completions").asText())
                .isEqualTo(document("ConfigMap").at("/data/shards").asText());
        assertThat(job().at("/spec/backoffLimitPerIndex").asInt(-1)).isZero();
        assertThat(job().at("/spec/template/spec/restartPolicy").asText()).isEqualTo("Never");
    }

    @Test
    void theArgumentsAreOnesThatTheCommandTakes() {
        var values = new HashMap<String, String>();
        for (var variable : container().path("env")) {
            var key = variable.at("/valueFrom/configMapKeyRef/key").asText();
            values.put(
                    variable.path("name").asText(),
                    key.isEmpty()
                            ? "3"
                            : document("ConfigMap").path("data").path(key).asText());
        }
        var arguments = new ArrayList<String>();
        container().path("args").forEach(argument -> arguments.add(filled(argument.asText(), values)));
        assertThat(arguments.subList(0, 2)).isEqualTo(List.of("load", "shard"));
        assertThat(arguments).noneMatch(argument -> argument.contains("$("));
        var command = new ShardCommand(
                () -> {
                    throw new IllegalStateException("nothing is started");
                },
                System.out,
                System.err);
        var line = new CommandLine(command);
        assertThatCode(() ->
                        line.parseArgs(arguments.subList(2, arguments.size()).toArray(String[]::new)))
                .doesNotThrowAnyException();
        assertThat(arguments).contains("--shard=3/4").anyMatch(argument -> argument.matches("--start-at=\\d{13}"));
    }

    private static String filled(String argument, Map<String, String> values) {
        var filled = argument;
        for (var value : values.entrySet()) {
            filled = filled.replace("$(" + value.getKey() + ")", value.getValue());
        }
        return filled;
    }

    @Test
    void aGeneratorHasWholeCoresOfItsOwnAndANodeWithoutTheTarget() {
        assertThat(container().at("/resources/requests")).isEqualTo(container().at("/resources/limits"));
        assertThat(container().at("/resources/limits/cpu").asText()).matches("[1-9][0-9]*");
        var rules =
                job().at("/spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution");
        assertThat(rules)
                .extracting(rule -> rule.at("/labelSelector/matchLabels/app.kubernetes.io~1name")
                        .asText())
                .containsExactly(
                        job().at("/spec/template/metadata/labels/app.kubernetes.io~1name")
                                .asText(),
                        "musclemap");
        assertThat(container().path("volumeMounts")).hasSameSizeAs(job().at("/spec/template/spec/volumes"));
    }
}
