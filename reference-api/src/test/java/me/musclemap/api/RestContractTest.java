package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import me.musclemap.api.cache.RedisStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every REST route of the product's main journeys, generated from its description: the request with all that it may hold, the
 * status, the headers and the answer's shape. Lists of things must hold some.
 */
@ExtendWith(SharedStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestContractTest {
    private static final int USER = 150;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final TestStack stack;
    private final HttpServer collector;
    private final TestStack.Instance instance;

    RestContractTest(TestStack stack) throws IOException {
        this.stack = stack;
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        collector.start();
        instance = stack.withCollector(
                URI.create("http://127.0.0.1:" + collector.getAddress().getPort()));
    }

    @AfterAll
    void stop() {
        instance.close();
        collector.stop(0);
    }

    static Stream<Route> routes() throws IOException {
        try (var in = RestContractTest.class.getResourceAsStream("/rest.json")) {
            JsonNode routes = new ObjectMapper().readTree(in);
            return StreamSupport.stream(routes.spliterator(), false).map(Route::new);
        }
    }

    /** One route of the description; prints as method and path. */
    record Route(JsonNode json) {
        String method() {
            return json.get("method").asText();
        }

        String path() {
            return json.get("path").asText();
        }

        boolean needsLogin() {
            return json.get("auth").asText().equals("required");
        }

        /** The path with each choice of each of its parameters. */
        List<String> paths() {
            var paths = new ArrayList<String>(List.of(path()));
            json.path("query").properties().forEach(parameter -> {
                for (String value : choices(parameter.getValue().asText())) {
                    paths.add(path() + "?" + parameter.getKey() + "=" + value);
                }
            });
            return paths;
        }

        private static List<String> choices(String type) {
            String bare = type.replaceAll(" = .*", "");
            if (bare.startsWith("int ")) {
                return List.of(bare.replaceAll("int ([0-9]+)\\.\\..*", "$1"), bare.replaceAll(".*\\.\\.", ""));
            }
            return bare.startsWith("string") ? List.of() : List.of(bare.split("\\|", -1));
        }

        @Override
        public String toString() {
            return method() + " " + path();
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void answersInTheProductsShape(Route route) throws Exception {
        String token = route.json().get("auth").asText().equals("none") ? null : stack.token(USER);
        prepare(route);
        for (String path : route.paths()) {
            HttpResponse<String> answer = ask(instance.port(), route, path, token);
            assertThat(answer.statusCode())
                    .as("%s: %s", path, answer.body())
                    .isEqualTo(route.json().get("status").asInt());
            checkHeaders(route, answer);
            checkBody(route, answer.body());
        }
        if (route.needsLogin()) {
            HttpResponse<String> refused = ask(instance.port(), route, route.path(), null);
            assertThat(refused.statusCode()).isEqualTo(401);
            checkRefusal(route, TestStack.json(refused.body()));
        }
    }

    /** So that there is something to answer with. */
    private void prepare(Route route) throws InterruptedException {
        if (route.path().startsWith("/api/sessions/")) {
            JsonNode session = routeOf("POST", "/api/sessions").json().get("body");
            assertThat(stack.send("POST", "/api/sessions", sample("", session).toString(), stack.token(USER), Map.of())
                            .statusCode())
                    .isEqualTo(200);
        }
        if (route.toString().equals("GET /api/community/presence")) {
            stack.send("POST", "/api/community/presence", "{\"geoBucket\":\"de\"}", stack.token(USER), Map.of());
            Thread.sleep(1_000); // signs of life are written twice a second, and a count is kept
            try (var redis = RedisStore.open(
                    stack.databases().redisUri(), stack.telemetry().database("redis"))) {
                redis.commands().del("rt:presence:community");
            }
        }
    }

    private static Route routeOf(String method, String path) {
        try {
            return routes().filter(route -> route.toString().equals(method + " " + path))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> ask(int port, Route route, String path, @Nullable String token)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (route.method().equals("POST")) {
            request.header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(
                            sample("", route.json().get("body")).toString()));
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static void checkHeaders(Route route, HttpResponse<String> answer) {
        route.json().path("headers").forEach(expected -> {
            String[] parts = expected.asText().split(": ", 2);
            assertThat(answer.headers().firstValue(parts[0]))
                    .as(parts[0])
                    .hasValueSatisfying(value -> assertThat(parts.length == 1 || value.equals(parts[1]))
                            .as("%s: %s", parts[0], value)
                            .isTrue());
        });
    }

    private static void checkBody(Route route, String body) {
        JsonNode response = route.json().get("response");
        if (response.isNull()) {
            assertThat(body).isEmpty();
        } else if (response.isTextual() && response.asText().startsWith("text/plain")) {
            assertThat(body).startsWith("# ");
        } else {
            check(route.path(), response, TestStack.json(body));
        }
    }

    /** The sessions' errors have a shape of their own. */
    private static void checkRefusal(Route route, JsonNode body) {
        if (route.path().startsWith("/api/sessions")) {
            assertThat(body.get("error").asText()).isEqualTo("UNAUTHORIZED");
            assertThat(body.get("message").isTextual()).isTrue();
        } else {
            assertThat(body.at("/error/code").asText()).isEqualTo("UNAUTHORIZED");
            assertThat(body.at("/error/message").isTextual()).isTrue();
            assertThat(body.at("/error/statusCode").asInt()).isEqualTo(401);
        }
    }

    /** A value of the described type, with everything that is optional. */
    private static JsonNode sample(String name, JsonNode type) {
        if (type.isArray()) {
            return NODES.arrayNode().add(sample(name, type.get(0)));
        }
        if (type.isObject()) {
            var object = NODES.objectNode();
            type.properties().forEach(field -> {
                if (!field.getKey().startsWith("$")) {
                    object.set(field.getKey(), sample(field.getKey(), field.getValue()));
                }
            });
            return object;
        }
        return sampleOf(name, type.asText().replaceAll(" = .*", ""));
    }

    private static JsonNode sampleOf(String name, String type) {
        String bare = type.replace("?", "").replace("|null", "");
        ArrayNode list = NODES.arrayNode();
        return switch (bare) {
            case "string" -> NODES.textNode(text(name));
            case "string<=500" -> NODES.textNode("x".repeat(500));
            case "string[]" -> list.add("chest");
            case "boolean" -> NODES.booleanNode(true);
            case "int", "number" -> NODES.numberNode(name.equals("timestamp") ? now() : 3);
            case "epochMs" -> NODES.numberNode(now());
            case "object" -> NODES.objectNode();
            case "exercise group", "json" -> NODES.nullNode();
            case "set[]" -> list;
            default -> {
                if (bare.startsWith("int ")) {
                    yield NODES.numberNode(Integer.parseInt(bare.replaceAll("int ([0-9]+).*", "$1")));
                }
                assertThat(bare).as("a choice").contains("|");
                yield NODES.textNode(bare.substring(0, bare.indexOf('|')));
            }
        };
    }

    private static String text(String name) {
        return switch (name) {
            case "sessionId" -> "session_contract_150";
            case "exerciseId" -> "ex-001";
            case "id" -> "contract-1";
            case "query" -> "query x { me { id } }";
            case "geoBucket" -> "de";
            case "page" -> "/";
            default -> "x";
        };
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static void check(String path, JsonNode type, JsonNode value) {
        if (type.isArray()) {
            assertThat(value.isArray()).as("%s is a list: %s", path, value).isTrue();
            assertThat(value).as("%s has rows", path).isNotEmpty();
            for (int i = 0; i < value.size(); i++) {
                check(path + "[" + i + "]", type.get(0), value.get(i));
            }
        } else if (type.isObject()) {
            if (type.has("$nullable") && value.isNull()) {
                return;
            }
            assertThat(value.isObject()).as("%s is an object: %s", path, value).isTrue();
            type.properties().forEach(field -> {
                if (!field.getKey().startsWith("$")) {
                    JsonNode found = value.path(field.getKey());
                    if (!(found.isMissingNode() && isOptional(field.getValue()))) {
                        check(path + "." + field.getKey(), field.getValue(), found);
                    }
                }
            });
        } else {
            assertThat(fits(type.asText(), value))
                    .as("%s is %s: %s", path, type.asText(), value)
                    .isTrue();
        }
    }

    private static boolean isOptional(JsonNode type) {
        return type.isTextual() && type.asText().contains("?");
    }

    private static boolean fits(String described, JsonNode value) {
        String type = described.replace("?", "");
        if (type.equals("session as in GET /api/sessions/active, or null")) {
            check(
                    "session",
                    routeOf("GET", "/api/sessions/active")
                            .json()
                            .get("response")
                            .get("data"),
                    value);
            return true;
        }
        if (value.isNull()) {
            return type.endsWith("|null");
        }
        return switch (type.replace("|null", "")) {
            case "string" -> value.isTextual();
            case "string(bigint)" -> value.asText().matches("[0-9]+") && value.isTextual();
            case "int" -> value.isIntegralNumber();
            case "int 1..5" -> value.isInt() && value.asInt() >= 1 && value.asInt() <= 5;
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "true" -> value.isBoolean() && value.asBoolean();
            case "epochMs" -> value.isIntegralNumber() && Math.abs(value.asLong()) > 1_000_000_000_000L;
            case "iso" -> Instant.parse(value.asText()).isAfter(Instant.EPOCH);
            case "json" -> !value.isMissingNode();
            case "json[]", "string[]", "array" -> value.isArray();
            case "object" -> value.isObject();
            // A text that is said as it is, or a choice of them.
            default -> List.of(type.split("\\|", -1)).contains(value.asText());
        };
    }
}
