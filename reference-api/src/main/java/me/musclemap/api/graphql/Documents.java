package me.musclemap.api.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import graphql.ErrorType;
import graphql.ExecutionInput;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.ParseAndValidate;
import graphql.ParseAndValidateResult;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import graphql.schema.GraphQLSchema;
import graphql.validation.ValidationError;
import graphql.validation.ValidationErrorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import me.musclemap.api.limits.SecurityEvents;
import me.musclemap.telemetry.http.GraphqlTelemetry;

/**
 * Documents by their text, parsed, checked and compiled once; bad ones too, for they cost the same to parse again. Whatever
 * refuses a document for what it is (and not for its variables) belongs here. Safe for use by many threads.
 */
final class Documents {
    static final int DEPTH_MAX = 10;
    static final int COST_MAX = 1_000;
    static final int ALIASES_MAX = 10;

    /** Of all texts together; a tree takes several times as many bytes. */
    private static final int CHARS_MAX = 4_000_000;

    private final GraphQLSchema schema;
    private final Compiler compiler;
    private final Registered registered;
    private final Cache<String, Prepared> prepared = Caffeine.newBuilder()
            .maximumWeight(CHARS_MAX)
            .weigher((String text, Prepared document) -> 500 + text.length())
            .build();

    Documents(GraphQLSchema schema, Operations operations, Registered registered) {
        this.schema = schema;
        this.compiler = new Compiler(schema, operations);
        this.registered = registered;
    }

    /**
     * A document ready to be executed.
     *
     * @param name of its only operation; empty when that has none, or when there are several
     * @param compiled there when the document has one operation, and nothing in it needs the library
     * @param mutations the names of those of its operations that change something
     * @param event what to report each time somebody asks for it
     */
    record Prepared(
            PreparsedDocumentEntry entry,
            String name,
            GraphqlTelemetry.Type type,
            Optional<Compiled> compiled,
            Set<String> mutations,
            long cost,
            Optional<SecurityEvents.Kind> event) {
        /** Nothing that can be executed. */
        static Prepared bad(String text, List<GraphQLError> errors, long cost, Optional<SecurityEvents.Kind> event) {
            return new Prepared(
                    new PreparsedDocumentEntry(errors),
                    OperationName.of(text),
                    typeOf(text),
                    Optional.empty(),
                    Set.of(),
                    cost,
                    event);
        }

        boolean isGood() {
            return !entry.hasErrors();
        }

        /** Whether the operation that {@code operationName} asks for changes something. */
        boolean isMutation(@org.jspecify.annotations.Nullable String operationName) {
            return !mutations.isEmpty()
                    && mutations.contains(operationName == null || operationName.isEmpty() ? name : operationName);
        }

        /** The compiled operation, when it is the one that {@code operationName} asks for. */
        Optional<Compiled> compiled(@org.jspecify.annotations.Nullable String operationName) {
            return operationName == null || operationName.isEmpty() || operationName.equals(name)
                    ? compiled
                    : Optional.empty();
        }
    }

    Prepared of(String text) {
        Prepared known = prepared.getIfPresent(text);
        if (known == null) {
            known = prepare(text);
            prepared.put(text, known);
        }
        return known;
    }

    private Prepared prepare(String text) {
        ParseAndValidateResult result = ParseAndValidate.parseAndValidate(
                schema, ExecutionInput.newExecutionInput(text).build());
        Document document = result.getDocument();
        if (result.isFailure() || document == null) {
            return Prepared.bad(text, result.getErrors(), 0, event(result.getErrors()));
        }
        Weight weight = Scales.weigh(schema, document, Map.of());
        long costMax = COST_MAX;
        Optional<Map<String, Integer>> lengths =
                weight.cost() > COST_MAX ? registered.lengths(document) : Optional.empty();
        if (lengths.isPresent()) {
            weight = Scales.weigh(schema, document, lengths.get());
            costMax = Registered.COST_MAX;
        }
        Optional<Prepared> refused = refused(text, weight, costMax);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<OperationDefinition> operations = document.getDefinitionsOfType(OperationDefinition.class);
        Set<String> mutations = operations.stream()
                .filter(one -> one.getOperation() == OperationDefinition.Operation.MUTATION)
                .map(Documents::name)
                .collect(Collectors.toSet());
        var entry = new PreparsedDocumentEntry(document);
        if (operations.size() != 1) {
            return new Prepared(entry, "", typeOf(text), Optional.empty(), mutations, weight.cost(), Optional.empty());
        }
        OperationDefinition operation = operations.get(0);
        var type = mutations.isEmpty() ? GraphqlTelemetry.Type.QUERY : GraphqlTelemetry.Type.MUTATION;
        return new Prepared(
                entry,
                name(operation),
                type,
                compiler.compile(document, operation),
                mutations,
                weight.cost(),
                Optional.empty());
    }

    /** The library gives up on the very large before we weigh them. */
    private static Optional<SecurityEvents.Kind> event(List<GraphQLError> errors) {
        for (GraphQLError error : errors) {
            if (error instanceof ValidationError invalid) {
                if (ValidationErrorType.MaxQueryDepthExceeded.equals(invalid.getValidationErrorType())) {
                    return Optional.of(SecurityEvents.Kind.QUERY_DEPTH);
                }
                if (ValidationErrorType.MaxQueryFieldsExceeded.equals(invalid.getValidationErrorType())) {
                    return Optional.of(SecurityEvents.Kind.QUERY_COST);
                }
            }
        }
        return Optional.empty();
    }

    private static String name(OperationDefinition operation) {
        return operation.getName() == null ? "" : operation.getName();
    }

    private static Optional<Prepared> refused(String text, Weight weight, long costMax) {
        if (weight.depth() > DEPTH_MAX) {
            return tooMuch(text, weight, SecurityEvents.Kind.QUERY_DEPTH, weight.depth() + " levels deep", DEPTH_MAX);
        }
        if (weight.aliases() > ALIASES_MAX) {
            return tooMuch(
                    text,
                    weight,
                    SecurityEvents.Kind.QUERY_ALIASES,
                    "given " + weight.aliases() + " aliases",
                    ALIASES_MAX);
        }
        if (weight.cost() > costMax) {
            return tooMuch(
                    text,
                    weight,
                    SecurityEvents.Kind.QUERY_COST,
                    "as complex as " + weight.cost() + " points",
                    costMax);
        }
        return Optional.empty();
    }

    private static Optional<Prepared> tooMuch(
            String text, Weight weight, SecurityEvents.Kind event, String what, long max) {
        GraphQLError error = GraphqlErrorBuilder.newError()
                .message("%s", "The query is " + what + ", and " + max + " is the most: ask for less at once")
                .errorType(ErrorType.ValidationError)
                .extensions(Map.of("code", "GRAPHQL_VALIDATION_FAILED"))
                .build();
        return Optional.of(Prepared.bad(text, List.of(error), weight.cost(), Optional.of(event)));
    }

    private static GraphqlTelemetry.Type typeOf(String text) {
        return text.stripLeading().startsWith("mutation")
                ? GraphqlTelemetry.Type.MUTATION
                : GraphqlTelemetry.Type.QUERY;
    }
}
