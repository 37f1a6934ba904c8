package me.musclemap.api.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.execution.preparsed.PreparsedDocumentProvider;
import graphql.schema.GraphQLSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import me.musclemap.api.accounts.Viewer;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import org.jspecify.annotations.Nullable;

/** Executes GraphQL requests. Documents are parsed and validated once and then remembered by their text. */
public final class GraphqlEndpoint {
    private static final int DOCUMENTS_MAX = 2_000;
    private static final int QUERY_CHARS_MAX = 100_000;

    private final GraphQL graphql;
    private final ObjectMapper json;
    private final GraphqlTelemetry telemetry;

    /** Executes against {@code schema}; {@code json} reads requests and writes answers. */
    public GraphqlEndpoint(GraphQLSchema schema, ObjectMapper json, GraphqlTelemetry telemetry) {
        this.json = json;
        this.telemetry = telemetry;
        this.graphql = GraphQL.newGraphQL(schema)
                .preparsedDocumentProvider(new Documents())
                .defaultDataFetcherExceptionHandler(new Failures())
                .build();
    }

    /**
     * An answer to send.
     *
     * @param status 200 also for GraphQL errors, 400 for no query, 503 when a database is away
     * @param refreshToken to be set as a cookie
     */
    @SuppressWarnings("ArrayRecordComponent") // a body is written once and never compared
    public record Answer(int status, byte[] body, Optional<String> refreshToken) {}

    /** Answers the request in {@code body}. */
    public Answer answer(byte[] body, Viewer viewer) {
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
        return execute(query.textValue(), request.path("operationName").textValue(), variables, viewer);
    }

    @SuppressWarnings("unchecked") // a JSON object becomes a map with text keys
    private Answer execute(String query, @Nullable String operationName, JsonNode variables, Viewer viewer) {
        var session = new Call.Session();
        var input = ExecutionInput.newExecutionInput(query)
                .operationName(operationName)
                .variables(variables.isObject() ? json.convertValue(variables, Map.class) : Map.of())
                .graphQLContext(Map.of(Viewer.class, viewer, Call.Session.class, session))
                .build();
        var operation = telemetry.start(
                operationName == null ? OperationName.of(query) : operationName,
                query.stripLeading().startsWith("mutation")
                        ? GraphqlTelemetry.Type.MUTATION
                        : GraphqlTelemetry.Type.QUERY);
        var outcome = GraphqlTelemetry.Outcome.FAILED;
        try {
            ExecutionResult result = graphql.execute(input);
            List<Map<String, Object>> errors = errors(result.getErrors());
            outcome = Failures.outcome(errors);
            return written(result, errors, session);
        } finally {
            operation.stop(outcome);
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

    private byte[] bytes(Object answer) {
        try {
            return json.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is not JSON", e);
        }
    }

    /** Remembers documents, good and bad ones: both cost the same to parse again. */
    private static final class Documents implements PreparsedDocumentProvider {
        private final Cache<String, PreparsedDocumentEntry> entries =
                Caffeine.newBuilder().maximumSize(DOCUMENTS_MAX).build();

        @Override
        public CompletableFuture<PreparsedDocumentEntry> getDocumentAsync(
                ExecutionInput input,
                java.util.function.Function<ExecutionInput, PreparsedDocumentEntry> parseAndValidate) {
            PreparsedDocumentEntry entry = entries.getIfPresent(input.getQuery());
            if (entry == null) {
                entry = parseAndValidate.apply(input);
                entries.put(input.getQuery(), entry);
            }
            return CompletableFuture.completedFuture(entry);
        }
    }
}
