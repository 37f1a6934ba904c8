package me.musclemap.api.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import graphql.ExecutionInput;
import graphql.GraphQLError;
import graphql.ParseAndValidate;
import graphql.ParseAndValidateResult;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import graphql.schema.GraphQLSchema;
import java.util.List;
import java.util.Optional;
import me.musclemap.telemetry.http.GraphqlTelemetry;

/**
 * Documents by their text, parsed, checked and compiled once; bad ones too, for they cost the same to parse again. Whatever
 * refuses a document for what it is (and not for its variables) belongs here. Safe for use by many threads.
 */
final class Documents {
    private static final int MAX = 2_000;

    private final GraphQLSchema schema;
    private final Compiler compiler;
    private final Cache<String, Prepared> prepared =
            Caffeine.newBuilder().maximumSize(MAX).build();

    Documents(GraphQLSchema schema, Operations operations) {
        this.schema = schema;
        this.compiler = new Compiler(schema, operations);
    }

    /**
     * A document ready to be executed.
     *
     * @param name of its only operation; empty when that has none, or when there are several
     * @param compiled there when the document has one operation, and nothing in it needs the library
     */
    record Prepared(
            PreparsedDocumentEntry entry, String name, GraphqlTelemetry.Type type, Optional<Compiled> compiled) {
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
            List<GraphQLError> errors = result.getErrors();
            return new Prepared(
                    new PreparsedDocumentEntry(errors), OperationName.of(text), typeOf(text), Optional.empty());
        }
        var entry = new PreparsedDocumentEntry(document);
        List<OperationDefinition> operations = document.getDefinitionsOfType(OperationDefinition.class);
        if (operations.size() != 1) {
            return new Prepared(entry, "", typeOf(text), Optional.empty());
        }
        OperationDefinition operation = operations.get(0);
        String name = operation.getName() == null ? "" : operation.getName();
        var type = operation.getOperation() == OperationDefinition.Operation.MUTATION
                ? GraphqlTelemetry.Type.MUTATION
                : GraphqlTelemetry.Type.QUERY;
        return new Prepared(entry, name, type, compiler.compile(document, operation));
    }

    private static GraphqlTelemetry.Type typeOf(String text) {
        return text.stripLeading().startsWith("mutation")
                ? GraphqlTelemetry.Type.MUTATION
                : GraphqlTelemetry.Type.QUERY;
    }
}
