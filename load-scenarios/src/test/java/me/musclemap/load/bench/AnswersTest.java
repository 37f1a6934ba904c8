package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode sizes() throws IOException {
        try (var in = Objects.requireNonNull(AnswersTest.class.getResourceAsStream("answer-sizes.json"))) {
            return JSON.readTree(in);
        }
    }

    private static Answers.Answer to(Answers answers, String path, String body) {
        return answers.to(new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8)));
    }

    @Test
    void anAnswerIsJsonOfItsOperationsSize() throws IOException {
        var answers = Answers.of(sizes());
        var exercises = to(answers, "/api/graphql", "{\"operationName\":\"Exercises\"}");
        assertThat(exercises.plain()).hasSize(sizes().path("Exercises").asInt());
        assertThat(JSON.readTree(exercises.plain()).path("data").isObject()).isTrue();
        assertThat(Objects.requireNonNull(exercises.zipped())).hasSizeLessThan(exercises.plain().length / 2);
        assertThat(to(answers, "/api/leaderboards/simple?limit=50", "").plain())
                .hasSize(sizes().path("/api/leaderboards/simple").asInt());
    }

    @Test
    void aLoginGivesATokenAndAStartASession() throws IOException {
        var answers = Answers.of(sizes());
        var login = JSON.readTree(
                to(answers, "/api/graphql", "{\"operationName\":\"Login\"}").plain());
        assertThat(login.at("/data/login/token").asText()).hasSize(300);
        var start = JSON.readTree(to(answers, "/api/graphql", "{\"operationName\":\"StartWorkoutSession\"}")
                .plain());
        assertThat(start.at("/data/startWorkoutSession/session/id").asText()).isEqualTo("ws_1");
        assertThat(to(answers, "/api/auth/refresh", "").keepsToken()).isTrue();
    }

    @Test
    void everyOperationOfTheWorkloadHasASizeOfItsOwn() throws IOException {
        var home = Path.of(System.getProperty("repo.root", ".."));
        var workload = Workload.load(home.resolve("load-scenarios/workloads/musclemap-day.yaml"));
        var sizes = sizes();
        assertThat(workload.operations().values()).allSatisfy(operation -> {
            var key = operation.path().equals("/api/graphql")
                    ? operation.name()
                    : operation.path().replaceAll("\\?.*", "");
            assertThat(sizes.has(key)).as(key).isTrue();
        });
    }
}
