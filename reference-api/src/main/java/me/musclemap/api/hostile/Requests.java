package me.musclemap.api.hostile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import graphql.language.FieldDefinition;
import graphql.language.InputValueDefinition;
import graphql.language.ListType;
import graphql.language.NonNullType;
import graphql.language.ObjectTypeDefinition;
import graphql.language.Type;
import graphql.language.TypeName;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * Hostile requests, made from a seed: number {@code i} of one seed is the same on every machine, but for the tokens in it.
 * Immutable.
 */
final class Requests {
    private static final String CONTRACT = "/contract/schema.graphqls";
    private static final Kind[] KINDS = Kind.values();
    private static final String[] TEXTS = {
        "",
        "' or 1=1 --",
        "\u0000",
        "{{7*7}}",
        "../../etc/passwd",
        "\ud83d\ude00",
        "\ud800",
        "<script>alert(1)</script>",
        "NaN",
        "-1",
        "9999-99-99T99:99:99Z",
        "0001-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
        "eyJhIjoxfQ==",
        "%s%n%x",
        "ex-001",
        "null",
        "\u202eabc",
        "select pg_sleep(9)"
    };
    private static final String[] PATHS = {
        "/api/graphql",
        "/api/auth/refresh",
        "/api/auth/logout",
        "/api/auth/logout-all",
        "/api/leaderboards/simple?metric=%s&window=%s&limit=%s",
        "/api/leaderboards/user-rank?metric=%s&window=%s",
        "/api/community/presence",
        "/api/sessions",
        "/api/sessions/active",
        "/api/sessions/status",
        "/api/client-error",
        "/api/trace/frontend-log",
        "/api/community/ws",
        "/api/nothing/%s",
        "/%s"
    };

    private final long seed;
    private final IntFunction<String> tokens;
    private final List<Operation> operations = new ArrayList<>();

    private record Operation(boolean mutation, FieldDefinition field, String selection) {}

    /** A request as bytes, and how to send it. */
    @SuppressWarnings("ArrayRecordComponent") // sent once, never compared
    record Hostile(Kind kind, byte[] bytes, boolean slowly) {}

    /** @param tokens gives a good token of a user by his number */
    Requests(long seed, IntFunction<String> tokens) {
        this.seed = seed;
        this.tokens = tokens;
        TypeDefinitionRegistry schema = new SchemaParser().parse(contract());
        for (String root : List.of("Query", "Mutation")) {
            ObjectTypeDefinition type = schema.getTypeOrNull(root, ObjectTypeDefinition.class);
            if (type == null) {
                throw new IllegalStateException("the contract has no " + root);
            }
            for (FieldDefinition field : type.getFieldDefinitions()) {
                operations.add(
                        new Operation(root.equals("Mutation"), field, selection(schema, name(field.getType()), 3)));
            }
        }
    }

    private static String contract() {
        try (var in = Requests.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IllegalStateException(CONTRACT + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(CONTRACT + " cannot be read", e);
        }
    }

    private static String selection(TypeDefinitionRegistry schema, String type, int levels) {
        ObjectTypeDefinition object = schema.getTypeOrNull(type, ObjectTypeDefinition.class);
        if (object == null || levels == 0) {
            return "";
        }
        var fields = new StringBuilder(" { __typename");
        for (FieldDefinition field : object.getFieldDefinitions()) {
            String inner = name(field.getType());
            boolean leaf = schema.getTypeOrNull(inner, ObjectTypeDefinition.class) == null;
            if (leaf || levels > 1) {
                fields.append(' ').append(field.getName()).append(selection(schema, inner, levels - 1));
            }
        }
        return fields.append(" }").toString();
    }

    private static String name(Type<?> type) {
        if (type instanceof NonNullType required) {
            return name(required.getType());
        }
        return type instanceof ListType list ? name(list.getType()) : ((TypeName) type).getName();
    }

    private static String written(Type<?> type) {
        if (type instanceof NonNullType required) {
            return written(required.getType()) + "!";
        }
        return type instanceof ListType list ? "[" + written(list.getType()) + "]" : ((TypeName) type).getName();
    }

    /** Request number {@code i}. */
    Hostile request(int i) {
        var random = new SplittableRandom(seed * 1_000_003 + i);
        Kind kind = KINDS[random.nextInt(KINDS.length)];
        return switch (kind) {
            case MALFORMED_JSON -> post(kind, malformed(random), "");
            case DEEP_QUERY -> post(kind, document(deep(random)), "");
            case ALIASES -> post(kind, document(aliases(random)), token(random));
            case HUGE_VARIABLES -> post(kind, hugeVariables(random), token(random));
            case BAD_TOKEN -> post(kind, document("{ me { id } myStats { level } }"), badToken(random));
            case WRONG_TYPES -> post(kind, wrongTypes(random).toString(), token(random));
            case HEADER_FLOOD -> flood(random);
            case SLOW_BODY -> slow(random);
            case BROKEN_HTTP -> broken(random);
            case BATCH -> post(kind, batch(random), token(random));
            case REST -> rest(random);
        };
    }

    private String token(SplittableRandom random) {
        return "Authorization: Bearer " + tokens.apply(random.nextInt(100)) + "\r\n";
    }

    private static Hostile post(Kind kind, String body, String headers) {
        return post(kind, "/api/graphql", body.getBytes(StandardCharsets.UTF_8), headers, false);
    }

    private static Hostile post(Kind kind, String path, byte[] body, String headers, boolean slowly) {
        String head = "POST " + path + " HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + body.length + "\r\n\r\n";
        return new Hostile(kind, join(head.getBytes(StandardCharsets.ISO_8859_1), body), slowly);
    }

    private static byte[] join(byte[] head, byte[] body) {
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static String document(String query) {
        return JsonNodeFactory.instance.objectNode().put("query", query).toString();
    }

    private static String malformed(SplittableRandom random) {
        String good = document("{ exercises(limit: 3) { id name } }");
        return switch (random.nextInt(9)) {
            case 0 -> good.substring(0, random.nextInt(good.length()));
            case 1 -> "[".repeat(random.nextInt(1, 5_000));
            case 2 -> "{\"query\":".repeat(random.nextInt(1, 2_000));
            case 3 -> "{\"query\":" + "9".repeat(random.nextInt(1, 5_000)) + "}";
            case 4 -> good + good;
            case 5 -> "\ufeff" + good.replace('"', '\'');
            case 6 -> "{\"query\":null,\"variables\":7,\"operationName\":[]}";
            case 7 ->
                random.ints(random.nextInt(200), 0, 256)
                        .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                        .toString();
            default -> "{\"query\":\"\\ud800\\u0000{ me { id } }\",\"query\":\"{\"}";
        };
    }

    private static String deep(SplittableRandom random) {
        int levels = random.nextInt(1, 400);
        return switch (random.nextInt(5)) {
            case 0 -> "{ me" + " { id".repeat(levels) + " }".repeat(levels) + " }";
            case 1 -> "{ __schema { types { ...F } } } fragment F on __Type { ofType { ...F } }";
            case 2 -> {
                var text = new StringBuilder("{ me { ...F0 } }");
                for (int i = 0; i < levels; i++) {
                    text.append(" fragment F" + i + " on User { ...F" + (i + 1) + " ...F" + (i + 1) + " }");
                }
                yield text.append(" fragment F" + levels + " on User { id }").toString();
            }
            case 3 -> "query($a: [".repeat(levels) + "Int" + "]".repeat(levels) + ") { me { id } }";
            default -> "{ exercises(search: \"" + "\\u007b".repeat(levels) + "\", limit: " + "[".repeat(levels) + " }";
        };
    }

    private static String aliases(SplittableRandom random) {
        int count = random.nextInt(11, 3_000);
        var text = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            text.append(" a").append(i).append(": me { id email }");
        }
        return text.append(" }").toString();
    }

    private static String hugeVariables(SplittableRandom random) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("query", "query($search: String, $limit: Int) { exercises(search: $search, limit: $limit) { id } }");
        ObjectNode variables = body.putObject("variables");
        switch (random.nextInt(4)) {
            case 0 -> variables.put("search", "x".repeat(random.nextInt(1_000, 150_000)));
            case 1 -> {
                for (int i = random.nextInt(5_000); i > 0; i--) {
                    variables.put("v" + i, i);
                }
            }
            case 2 -> {
                ArrayNode at = variables.putArray("limit");
                for (int i = random.nextInt(1, 900); i > 0; i--) {
                    at = at.addArray();
                }
            }
            default -> variables.put("limit", new java.math.BigInteger("9".repeat(random.nextInt(1, 900))));
        }
        return body.toString();
    }

    private String badToken(SplittableRandom random) {
        String good = tokens.apply(random.nextInt(100));
        String[] parts = good.split("\\.", -1);
        String token = switch (random.nextInt(7)) {
            case 0 -> good.substring(0, random.nextInt(good.length()));
            case 1 -> "eyJhbGciOiJub25lIn0." + parts[1] + ".";
            case 2 -> parts[0] + "." + parts[1] + "." + parts[2].substring(1) + "A";
            case 3 -> "a".repeat(random.nextInt(2, 6_000));
            case 4 -> "..";
            case 5 -> parts[0] + "." + parts[0] + "." + parts[2];
            default -> "\u00e9\u00ff " + good;
        };
        return (random.nextBoolean() ? "Authorization: Bearer " : "Authorization: Basic ") + token + "\r\n";
    }

    private ObjectNode wrongTypes(SplittableRandom random) {
        Operation operation = operations.get(random.nextInt(operations.size()));
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        var declared = new ArrayList<String>();
        var passed = new ArrayList<String>();
        for (InputValueDefinition argument : operation.field().getInputValueDefinitions()) {
            declared.add("$" + argument.getName() + ": " + written(argument.getType()));
            passed.add(argument.getName() + ": $" + argument.getName());
            put(variables, argument.getName(), name(argument.getType()), random, 0);
        }
        String name = operation.field().getName();
        body.put(
                "query",
                (operation.mutation() ? "mutation" : "query")
                        + (declared.isEmpty() ? "" : "(" + String.join(", ", declared) + ")") + " { " + name
                        + (passed.isEmpty() ? "" : "(" + String.join(", ", passed) + ")") + operation.selection()
                        + " }");
        body.set("variables", variables);
        return body;
    }

    /** Often a value of the right kind with extreme contents, so that it gets past the types and to the statements. */
    private static void put(ObjectNode into, String name, String type, SplittableRandom random, int level) {
        int roll = random.nextInt(10);
        if (roll == 0) {
            into.putNull(name);
        } else if (roll == 1) {
            into.put(name, random.nextInt(-5, 5_000_000));
        } else if (roll == 2) {
            into.putArray(name).add(TEXTS[random.nextInt(TEXTS.length)]);
        } else if (type.endsWith("Input") && level < 2) {
            ObjectNode input = into.putObject(name);
            for (String field : FIELDS) {
                if (random.nextInt(3) > 0) {
                    put(input, field, kind(field), random, level + 1);
                }
            }
        } else {
            scalar(into, name, type, random);
        }
    }

    private static final String[] FIELDS = {
        "sessionId",
        "exerciseId",
        "setNumber",
        "reps",
        "weightKg",
        "rpe",
        "rir",
        "tag",
        "notes",
        "clientSetId",
        "email",
        "password",
        "username",
        "latitude",
        "longitude",
        "limit",
        "bedTime",
        "wakeTime",
        "quality",
        "timeAvailable",
        "location",
        "goals",
        "exercises",
        "recipientId",
        "type",
        "setId",
        "idempotencyKey",
        "workoutPlan",
        "clientId"
    };

    private static String kind(String field) {
        return switch (field) {
            case "setNumber", "reps", "rir", "limit", "quality", "timeAvailable" -> "Int";
            case "weightKg", "rpe", "latitude", "longitude" -> "Float";
            case "goals", "exercises" -> "List";
            case "workoutPlan" -> "JSON";
            default -> "String";
        };
    }

    private static void scalar(ObjectNode into, String name, String type, SplittableRandom random) {
        switch (type) {
            case "Int" ->
                into.put(name, new int[] {0, -1, 1, 7, Integer.MAX_VALUE, Integer.MIN_VALUE}[random.nextInt(6)]);
            case "Float" -> into.put(name, new double[] {0, -1, 1e308, 1e-308, 90.5, 1e15}[random.nextInt(6)]);
            case "Boolean" -> into.put(name, random.nextBoolean());
            case "JSON" -> into.putObject(name).put("a", TEXTS[random.nextInt(TEXTS.length)]);
            case "List" ->
                into.putArray(name).add(TEXTS[random.nextInt(TEXTS.length)]).addNull();
            default ->
                into.put(
                        name,
                        random.nextInt(8) == 0
                                ? "x".repeat(random.nextInt(10_000))
                                : TEXTS[random.nextInt(TEXTS.length)]);
        }
    }

    private String batch(SplittableRandom random) {
        ArrayNode batch = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(0, 14); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> batch.add(wrongTypes(random));
                case 1 -> batch.add(TEXTS[random.nextInt(TEXTS.length)]);
                case 2 -> batch.addArray().addArray();
                default -> {
                    ObjectNode one = batch.addObject();
                    one.putObject("extensions")
                            .putObject("persistedQuery")
                            .put(
                                    "sha256Hash",
                                    random.nextBoolean() ? "0".repeat(64) : TEXTS[random.nextInt(TEXTS.length)]);
                    if (random.nextBoolean()) {
                        one.put("query", "{ me { id } }");
                    }
                }
            }
        }
        return batch.toString();
    }

    private static Hostile flood(SplittableRandom random) {
        var headers = new StringBuilder();
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = random.nextInt(1, 3_000); i > 0; i--) {
                    headers.append("X-H").append(i).append(": v\r\n");
                }
            }
            case 1 ->
                headers.append("X-Long: ")
                        .append("v".repeat(random.nextInt(1, 60_000)))
                        .append("\r\n");
            case 2 ->
                headers.append("X-Forwarded-For: ")
                        .append("1.2.3.4, ".repeat(random.nextInt(1, 500)))
                        .append("\r\n");
            default ->
                headers.append("Cookie: ")
                        .append("refresh_token=x; ".repeat(random.nextInt(1, 500)))
                        .append("\r\n");
        }
        return post(Kind.HEADER_FLOOD, document("{ me { id } }"), headers.toString());
    }

    private static Hostile slow(SplittableRandom random) {
        byte[] body = document("{ exercises(limit: 1) { id } }").getBytes(StandardCharsets.UTF_8);
        Hostile whole = post(Kind.SLOW_BODY, "/api/graphql", body, "", true);
        int cut = random.nextInt(body.length);
        return random.nextBoolean()
                ? whole
                : new Hostile(Kind.SLOW_BODY, java.util.Arrays.copyOf(whole.bytes(), whole.bytes().length - cut), true);
    }

    private static Hostile broken(SplittableRandom random) {
        String text = TEXTS[random.nextInt(TEXTS.length)];
        String raw = switch (random.nextInt(12)) {
            case 0 -> "GET /api/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: api\r\n\r\n";
            case 1 -> "GET /%00%ff%c0%ae HTTP/1.1\r\nHost: api\r\n\r\n";
            case 2 -> "BREW /api/graphql HTTP/1.1\r\nHost: api\r\n\r\n";
            case 3 ->
                "POST /api/graphql HTTP/1.1\r\nHost: api\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
            case 4 ->
                "POST /api/graphql HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n";
            case 5 -> "GET /health HTTP/9.9\r\nHost: api\r\n\r\n";
            case 6 -> "GET /" + "a".repeat(random.nextInt(1, 20_000)) + " HTTP/1.1\r\nHost: api\r\n\r\n";
            case 7 -> "POST /api/graphql HTTP/1.1\r\nHost: api\r\nContent-Length: -5\r\n\r\n";
            case 8 -> "GET /health HTTP/1.1\r\nHost api\r\n\r\n";
            case 9 ->
                String.join(
                        "\r\n",
                        "GET /api/community/ws HTTP/1.1",
                        "Host: api",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 99",
                        "Sec-WebSocket-Key: x",
                        "",
                        "");
            case 10 -> "\u0016\u0003\u0001\u0002" + text + "\r\n\r\n";
            default ->
                String.join(
                        "\r\n",
                        "POST /api/graphql HTTP/1.1",
                        "Host: api",
                        "Content-Type: application/json",
                        "Content-Encoding: gzip",
                        "Content-Length: 4",
                        "",
                        "abcd");
        };
        return new Hostile(Kind.BROKEN_HTTP, raw.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    private Hostile rest(SplittableRandom random) {
        String text = java.net.URLEncoder.encode(TEXTS[random.nextInt(TEXTS.length)], StandardCharsets.UTF_8);
        String path = PATHS[random.nextInt(PATHS.length)].replace("%s", text);
        String headers = (random.nextBoolean() ? token(random) : "")
                + (random.nextInt(3) == 0 ? "Cookie: refresh_token=" + text + "\r\n" : "")
                + (random.nextInt(5) == 0 ? "Origin: https://evil.example\r\n" : "");
        if (random.nextInt(3) == 0) {
            return new Hostile(
                    Kind.REST,
                    ("GET " + path + " HTTP/1.1\r\nHost: api\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1),
                    false);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        for (String field : new String[] {
            "sessionId",
            "startedAt",
            "pausedAt",
            "sets",
            "totalVolume",
            "workoutPlan",
            "restTimer",
            "clientVersion",
            "geoBucket",
            "refreshToken",
            "currentSetIndex"
        }) {
            if (random.nextInt(3) > 0) {
                put(body, field, new String[] {"Int", "String", "Float", "JSON", "List"}[random.nextInt(5)], random, 2);
            }
        }
        if (random.nextBoolean()) {
            body.put("sessionId", "hostile-session-" + random.nextInt(50)).put("startedAt", 1_768_000_000_000L);
            ArrayNode sets = body.putArray("sets");
            for (int i = random.nextInt(4); i > 0; i--) {
                ObjectNode set = sets.addObject()
                        .put("id", "hostile-set-" + random.nextInt(200))
                        .put("exerciseId", "ex-001");
                put(set, "timestamp", "Int", random, 2);
                put(set, "weight", "Float", random, 2);
                put(set, "notes", "String", random, 2);
            }
        }
        return post(Kind.REST, path, body.toString().getBytes(StandardCharsets.UTF_8), headers, false);
    }
}
