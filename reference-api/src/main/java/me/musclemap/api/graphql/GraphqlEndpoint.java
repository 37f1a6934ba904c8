package me.musclemap.api.graphql;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.schema.GraphQLSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import me.musclemap.api.cache.Body;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.limits.Caller;
import me.musclemap.api.limits.SecurityEvents;
import me.musclemap.telemetry.cache.CacheTelemetry;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * Executes GraphQL requests. Three ways, from the cheapest: an answer that is the same for everybody is sent again by the
 * bytes of its request; an operation that was compiled is written straight from its resolvers' values; the rest, and every
 * answer with an error in it, goes through the library. Safe for use by many threads.
 */
public final class GraphqlEndpoint {
    /** The most that a document may cost, unless it is registered, as a header says it. */
    public static final String COST_MAX_TEXT = Integer.toString(Documents.COST_MAX);

    private static final int QUERY_CHARS_MAX = 100_000;
    private static final int ANSWER_BYTES_USUAL = 2_000;

    private static final int BATCH_MAX = 10;
    private static final java.util.regex.Pattern SHA256 = java.util.regex.Pattern.compile("[0-9a-f]{64}");

    private final GraphQL graphql;
    private final RedisStore redis;
    private final Documents documents;
    private final PersistedQueries persisted;
    private final SharedAnswers sharedAnswers = new SharedAnswers();
    private final ObjectMapper json;
    private final GraphqlTelemetry telemetry;
    private final CacheTelemetry cacheTelemetry;
    private final SecurityEvents events;

    /**
     * Executes against {@code schema}, which was made of {@code operations}.
     *
     * @param json reads requests and writes answers
     * @param redis keeps persisted queries, and is asked what each request wants of it
     */
    public GraphqlEndpoint(
            GraphQLSchema schema,
            Operations operations,
            ObjectMapper json,
            RedisStore redis,
            GraphqlTelemetry telemetry,
            CacheTelemetry cacheTelemetry,
            SecurityEvents events) {
        this.json = json;
        this.redis = redis;
        this.telemetry = telemetry;
        this.cacheTelemetry = cacheTelemetry;
        this.events = events;
        var registered = Registered.shipped();
        this.documents = new Documents(schema, operations, registered);
        this.persisted = new PersistedQueries(redis, registered);
        this.graphql = GraphQL.newGraphQL(schema)
                .preparsedDocumentProvider((input, parse) -> CompletableFuture.completedFuture(
                        documents.of(input.getQuery()).entry()))
                .defaultDataFetcherExceptionHandler(new Failures())
                .build();
    }

    /**
     * An answer to send.
     *
     * @param status 200 also for GraphQL errors, 400 for no query, 429 for too many attempts, 503 when a database is away
     * @param refreshToken to be set as a cookie
     * @param cost by the rule for documents; 0 where there was none
     * @param retryAfterSeconds with 429 and 503
     */
    public record Answer(int status, Body body, Optional<String> refreshToken, long cost, long retryAfterSeconds) {
        int size() {
            return body.size();
        }
    }

    /** What one operation asks for. */
    private record Asked(
            String query,
            Documents.Prepared document,
            @Nullable String operationName,
            Map<String, @Nullable Object> variables) {
        boolean isMutation() {
            return document.isMutation(operationName);
        }

        Optional<Compiled> compiled() {
            return document.compiled(operationName);
        }
    }

    /** A request that names no operation that could be executed. */
    private static final class Refused extends Exception {
        private final int status;
        private final String code;

        Refused(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }
    }

    /** Answers the request in {@code body}: one operation, or a list of up to ten. {@code admission} is asked once. */
    public Answer answer(byte[] body, Caller caller, Admission admission) {
        Optional<SharedAnswers.Stored> kept = sharedAnswers.find(body);
        RedisRound round = redis.round();
        if (kept.isPresent()) {
            admission.admit(1, 0, round);
            SharedAnswers.Stored stored = kept.get();
            cacheTelemetry.hit("answer");
            telemetry.start(stored.operation(), stored.type()).stop(GraphqlTelemetry.Outcome.OK);
            return stored.answer();
        }
        try {
            JsonNode request = parsed(body);
            if (request.isArray()) {
                return batch(request, caller, admission, round);
            }
            Asked asked = asked(request);
            asked.compiled().ifPresent(compiled -> compiled.expect(caller.viewer(), round));
            admission.admit(1, asked.isMutation() ? 1 : 0, round);
            return execute(body, asked, caller, round);
        } catch (Refused e) {
            admission.admit(1, 0, round);
            return refused(e);
        }
    }

    private JsonNode parsed(byte[] body) throws Refused {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            throw new Refused(400, "BAD_REQUEST", "The body is not JSON");
        }
    }

    /** Each operation is answered for itself, in order. */
    private Answer batch(JsonNode requests, Caller caller, Admission admission, RedisRound round) throws Refused {
        if (requests.isEmpty() || requests.size() > BATCH_MAX) {
            if (!requests.isEmpty()) {
                events.happened(SecurityEvents.Kind.BATCH_SIZE);
            }
            throw new Refused(400, "BAD_REQUEST", "A batch holds 1 to " + BATCH_MAX + " operations");
        }
        var all = new ArrayList<Object>(requests.size());
        int mutations = 0;
        for (JsonNode request : requests) {
            try {
                Asked asked = asked(request);
                mutations += asked.isMutation() ? 1 : 0;
                all.add(asked);
            } catch (Refused e) {
                all.add(refused(e));
            }
        }
        admission.admit(all.size(), mutations, round);
        var bytes = new ByteArrayOutputStream(ANSWER_BYTES_USUAL);
        Optional<String> refreshToken = Optional.empty();
        long cost = 0;
        for (Object one : all) {
            Answer answer = one instanceof Asked asked ? execute(null, asked, caller, round) : (Answer) one;
            bytes.write(bytes.size() == 0 ? '[' : ',');
            bytes.writeBytes(answer.body().bytes());
            refreshToken = answer.refreshToken().isPresent() ? answer.refreshToken() : refreshToken;
            cost += answer.cost();
        }
        bytes.write(']');
        return new Answer(200, new Body(bytes.toByteArray()), refreshToken, cost, 0);
    }

    private Asked asked(JsonNode request) throws Refused {
        JsonNode given = request.path("query");
        String hash = request.path("extensions")
                .path("persistedQuery")
                .path("sha256Hash")
                .asText("");
        String query = hash.isEmpty() ? text(given) : persisted(hash, given);
        JsonNode variables = request.path("variables");
        if (!variables.isObject() && !variables.isMissingNode() && !variables.isNull()) {
            throw new Refused(400, "BAD_REQUEST", "variables must be an object");
        }
        Documents.Prepared document = documents.of(query);
        document.event().ifPresent(events::happened);
        if (!hash.isEmpty() && document.isGood()) {
            persisted.keep(hash, query);
        }
        return new Asked(query, document, request.path("operationName").textValue(), plain(variables));
    }

    private static String text(JsonNode query) throws Refused {
        if (!query.isTextual() || query.textValue().isBlank()) {
            throw new Refused(400, "BAD_REQUEST", "Query required");
        }
        if (query.textValue().length() > QUERY_CHARS_MAX) {
            throw new Refused(400, "BAD_REQUEST", "The query is longer than " + QUERY_CHARS_MAX + " characters");
        }
        return query.textValue();
    }

    /** The document that the hash names. Clients wait for exactly this message and code, and then send the text as well. */
    private String persisted(String hash, JsonNode given) throws Refused {
        if (!SHA256.matcher(hash).matches()) {
            throw new Refused(400, "BAD_REQUEST", "sha256Hash must have 64 hexadecimal digits");
        }
        if (given.isMissingNode() || given.isNull()) {
            return persisted
                    .find(hash)
                    .orElseThrow(() -> new Refused(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"));
        }
        String query = text(given);
        if (!PersistedQueries.hash(query).equals(hash)) {
            throw new Refused(400, "BAD_REQUEST", "sha256Hash is not the sha256 of the query");
        }
        return query;
    }

    /** The fields of a JSON object as plain values; none for null. */
    private static Map<String, @Nullable Object> plain(JsonNode object) {
        var fields = new HashMap<String, @Nullable Object>();
        object.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        return fields;
    }

    private static @Nullable Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> plain(node);
            case ARRAY -> {
                var list = new ArrayList<@Nullable Object>(node.size());
                node.forEach(one -> list.add(value(one)));
                yield list;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.numberValue();
            default -> null;
        };
    }

    /** @param body the whole request, when it is worth keeping the answer by it */
    private Answer execute(byte @Nullable [] body, Asked asked, Caller caller, RedisRound round) {
        Documents.Prepared document = asked.document();
        String operationName = asked.operationName();
        String name = operationName == null ? document.name() : operationName;
        var session = new Call.Session(caller, round);
        var operation = telemetry.start(name, document.type());
        var outcome = GraphqlTelemetry.Outcome.FAILED;
        try {
            Optional<Compiled> compiled = asked.compiled();
            Compiled.Resolved resolved =
                    compiled.flatMap(c -> c.resolve(asked.variables(), session)).orElse(null);
            if (resolved != null) {
                Optional<Answer> written = written(compiled.orElseThrow(), resolved, session, document.cost());
                if (written.isPresent()) {
                    outcome = GraphqlTelemetry.Outcome.OK;
                    if (body != null && compiled.orElseThrow().isShared()) {
                        cacheTelemetry.miss("answer");
                        sharedAnswers.keep(body, new SharedAnswers.Stored(name, document.type(), written.get()));
                    }
                    return written.get();
                }
            }
            ExecutionResult result =
                    graphql.execute(input(asked.query(), operationName, asked.variables(), session, resolved));
            List<Map<String, Object>> errors = errors(result.getErrors());
            outcome = Failures.outcome(errors);
            return written(result, errors, session, document.cost());
        } finally {
            operation.stop(outcome);
        }
    }

    private static ExecutionInput input(
            String query,
            @Nullable String operationName,
            Map<String, @Nullable Object> variables,
            Call.Session session,
            Compiled.@Nullable Resolved resolved) {
        var context = new HashMap<Object, Object>();
        context.put(Call.Session.class, session);
        if (resolved != null) {
            context.put(Compiled.Resolved.class, resolved);
        }
        return ExecutionInput.newExecutionInput(query)
                .operationName(operationName)
                .variables(variables)
                .graphQLContext(context)
                .build();
    }

    /** Empty when the answer is not an ordinary one. */
    private Optional<Answer> written(Compiled compiled, Compiled.Resolved resolved, Call.Session session, long cost) {
        var bytes = new ByteArrayBuilder(json.getFactory()._getBufferRecycler(), ANSWER_BYTES_USUAL);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            compiled.write(resolved, cost, out);
            out.flush();
            return Optional.of(new Answer(200, new Body(bytes.toByteArray()), session.refreshToken(), cost, 0));
        } catch (Compiled.GaveUp e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("an answer is not JSON", e);
        }
    }

    private Answer written(ExecutionResult result, List<Map<String, Object>> errors, Call.Session session, long cost) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        if (!errors.isEmpty()) {
            answer.put("errors", errors);
        }
        if (result.isDataPresent()) {
            answer.put("data", result.getData());
        }
        if (cost > 0) {
            var extensions = new LinkedHashMap<String, Object>();
            extensions.put(Compiled.COMPLEXITY.getValue(), cost);
            extensions.put(Compiled.MAX_COMPLEXITY.getValue(), Documents.COST_MAX);
            answer.put(Compiled.EXTENSIONS.getValue(), extensions);
        }
        boolean away = errors.stream().anyMatch(Failures::isUnavailable);
        long later = result.getErrors().stream()
                .mapToLong(Failures::retryAfterSeconds)
                .max()
                .orElse(0);
        int status = away ? 503 : later > 0 ? 429 : 200;
        return new Answer(status, bytes(answer), session.refreshToken(), cost, away ? 1 : later);
    }

    private static List<Map<String, Object>> errors(List<GraphQLError> errors) {
        var shown = new ArrayList<Map<String, Object>>(errors.size());
        errors.forEach(error -> shown.add(Failures.shown(error)));
        return shown;
    }

    private Answer refused(Refused refusal) {
        var error = Map.of("message", String.valueOf(refusal.getMessage()), "extensions", Map.of("code", refusal.code));
        return new Answer(refusal.status, bytes(Map.of("errors", List.of(error))), Optional.empty(), 0, 0);
    }

    private Body bytes(Object answer) {
        try {
            return new Body(json.writeValueAsBytes(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is not JSON", e);
        }
    }
}
