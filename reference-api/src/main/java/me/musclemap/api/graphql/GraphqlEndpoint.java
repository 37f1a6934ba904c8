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
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import me.musclemap.api.accounts.Viewer;
import me.musclemap.api.cache.Body;
import me.musclemap.telemetry.cache.CacheTelemetry;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * Executes GraphQL requests. Three ways, from the cheapest: an answer that is the same for everybody is sent again by the
 * bytes of its request; an operation that was compiled is written straight from its resolvers' values; the rest, and every
 * answer with an error in it, goes through the library. Safe for use by many threads.
 */
public final class GraphqlEndpoint {
    private static final int QUERY_CHARS_MAX = 100_000;
    private static final int ANSWER_BYTES_USUAL = 2_000;

    private final GraphQL graphql;
    private final Documents documents;
    private final SharedAnswers sharedAnswers = new SharedAnswers();
    private final ObjectMapper json;
    private final GraphqlTelemetry telemetry;
    private final CacheTelemetry cacheTelemetry;

    /** Executes against {@code schema}, which was made of {@code operations}; {@code json} reads requests and writes answers. */
    public GraphqlEndpoint(
            GraphQLSchema schema,
            Operations operations,
            ObjectMapper json,
            GraphqlTelemetry telemetry,
            CacheTelemetry cacheTelemetry) {
        this.json = json;
        this.telemetry = telemetry;
        this.cacheTelemetry = cacheTelemetry;
        this.documents = new Documents(schema, operations);
        this.graphql = GraphQL.newGraphQL(schema)
                .preparsedDocumentProvider((input, parse) -> CompletableFuture.completedFuture(
                        documents.of(input.getQuery()).entry()))
                .defaultDataFetcherExceptionHandler(new Failures())
                .build();
    }

    /**
     * An answer to send.
     *
     * @param status 200 also for GraphQL errors, 400 for no query, 503 when a database is away
     * @param refreshToken to be set as a cookie
     */
    public record Answer(int status, Body body, Optional<String> refreshToken) {
        int size() {
            return body.size();
        }
    }

    /** Answers the request in {@code body}. */
    public Answer answer(byte[] body, Viewer viewer) {
        Optional<SharedAnswers.Stored> kept = sharedAnswers.find(body);
        if (kept.isPresent()) {
            SharedAnswers.Stored stored = kept.get();
            cacheTelemetry.hit("answer");
            telemetry.start(stored.operation(), stored.type()).stop(GraphqlTelemetry.Outcome.OK);
            return stored.answer();
        }
        JsonNode request;
        try {
            request = json.readTree(body);
        } catch (IOException e) {
            return refused("The body is not JSON");
        }
        JsonNode query = request.path("query");
        if (!query.isTextual() || query.textValue().isBlank()) {
            return refused("Query required");
        }
        if (query.textValue().length() > QUERY_CHARS_MAX) {
            return refused("The query is longer than " + QUERY_CHARS_MAX + " characters");
        }
        JsonNode variables = request.path("variables");
        if (!variables.isObject() && !variables.isMissingNode() && !variables.isNull()) {
            return refused("variables must be an object");
        }
        return execute(body, query.textValue(), request.path("operationName").textValue(), plain(variables), viewer);
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

    private Answer execute(
            byte[] body,
            String query,
            @Nullable String operationName,
            Map<String, @Nullable Object> variables,
            Viewer viewer) {
        Documents.Prepared document = documents.of(query);
        String name = operationName == null ? document.name() : operationName;
        var session = new Call.Session();
        var operation = telemetry.start(name, document.type());
        var outcome = GraphqlTelemetry.Outcome.FAILED;
        try {
            Optional<Compiled> compiled = document.compiled(operationName);
            Compiled.Resolved resolved =
                    compiled.flatMap(c -> c.resolve(variables, viewer, session)).orElse(null);
            if (resolved != null) {
                Optional<Answer> written = written(compiled.orElseThrow(), resolved, session);
                if (written.isPresent()) {
                    outcome = GraphqlTelemetry.Outcome.OK;
                    if (compiled.orElseThrow().isShared()) {
                        cacheTelemetry.miss("answer");
                        sharedAnswers.keep(body, new SharedAnswers.Stored(name, document.type(), written.get()));
                    }
                    return written.get();
                }
            }
            ExecutionResult result = graphql.execute(input(query, operationName, variables, viewer, session, resolved));
            List<Map<String, Object>> errors = errors(result.getErrors());
            outcome = Failures.outcome(errors);
            return written(result, errors, session);
        } finally {
            operation.stop(outcome);
        }
    }

    private static ExecutionInput input(
            String query,
            @Nullable String operationName,
            Map<String, @Nullable Object> variables,
            Viewer viewer,
            Call.Session session,
            Compiled.@Nullable Resolved resolved) {
        var context = new HashMap<Object, Object>();
        context.put(Viewer.class, viewer);
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
    private Optional<Answer> written(Compiled compiled, Compiled.Resolved resolved, Call.Session session) {
        var bytes = new ByteArrayBuilder(json.getFactory()._getBufferRecycler(), ANSWER_BYTES_USUAL);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            compiled.write(resolved, out);
            out.flush();
            return Optional.of(new Answer(200, new Body(bytes.toByteArray()), session.refreshToken()));
        } catch (Compiled.GaveUp e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("an answer is not JSON", e);
        }
    }

    private Answer written(ExecutionResult result, List<Map<String, Object>> errors, Call.Session session) {
        var answer = new LinkedHashMap<String, @Nullable Object>();
        if (!errors.isEmpty()) {
            answer.put("errors", errors);
        }
        if (result.isDataPresent()) {
            answer.put("data", result.getData());
        }
        boolean away = errors.stream().anyMatch(Failures::isUnavailable);
        return new Answer(away ? 503 : 200, bytes(answer), session.refreshToken());
    }

    private static List<Map<String, Object>> errors(List<GraphQLError> errors) {
        var shown = new ArrayList<Map<String, Object>>(errors.size());
        errors.forEach(error -> shown.add(Failures.shown(error)));
        return shown;
    }

    private Answer refused(String message) {
        var error = Map.of("message", message, "extensions", Map.of("code", "BAD_REQUEST"));
        return new Answer(400, bytes(Map.of("errors", List.of(error))), Optional.empty());
    }

    private Body bytes(Object answer) {
        try {
            return new Body(json.writeValueAsBytes(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is not JSON", e);
        }
    }
}
