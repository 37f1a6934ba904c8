package me.musclemap.api.graphql;

import graphql.GraphQLContext;
import graphql.language.Value;
import graphql.scalar.GraphqlStringCoercing;
import graphql.schema.Coercing;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.LightDataFetcher;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeRuntimeWiring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The schema of the contract with the resolvers behind it. */
public final class Schema {
    private static final String CONTRACT = "/contract/schema.graphqls";

    private Schema() {}

    /**
     * The schema, executable.
     *
     * @throws IllegalStateException when a root field has no resolver, or a resolver no field
     */
    public static GraphQLSchema of(Operations operations) {
        var registry = new SchemaParser().parse(contract());
        var values = new MapValues();
        var code = GraphQLCodeRegistry.newCodeRegistry()
                .defaultDataFetcher(graphql.schema.DataFetcherFactories.useDataFetcher(values));
        var wiring = RuntimeWiring.newRuntimeWiring()
                .codeRegistry(code)
                .scalar(GraphQLScalarType.newScalar()
                        .name("DateTime")
                        .coercing(new GraphqlStringCoercing())
                        .build())
                .scalar(GraphQLScalarType.newScalar()
                        .name("JSON")
                        .coercing(new AnyJson())
                        .build())
                .type(root("Query", operations.queries()))
                .type(root("Mutation", operations.mutations()))
                .build();
        GraphQLSchema schema = new SchemaGenerator().makeExecutableSchema(registry, wiring);
        requireAll(schema, operations);
        return schema;
    }

    private static String contract() {
        try (var in = Schema.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IllegalStateException(CONTRACT + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(CONTRACT + " cannot be read", e);
        }
    }

    private static TypeRuntimeWiring.Builder root(String type, Map<String, Resolver> resolvers) {
        var builder = TypeRuntimeWiring.newTypeWiring(type);
        resolvers.forEach((field, resolver) -> builder.dataFetcher(field, fetcher(resolver)));
        return builder;
    }

    private static DataFetcher<@Nullable Object> fetcher(Resolver resolver) {
        return environment -> {
            Compiled.Resolved resolved = environment.getGraphQlContext().get(Compiled.Resolved.class);
            if (resolved != null) {
                return resolved.of(environment.getExecutionStepInfo().getResultKey());
            }
            Call.Session session =
                    Objects.requireNonNull(environment.getGraphQlContext().get(Call.Session.class));
            return resolver.answer(new Call(environment.getArguments(), session));
        };
    }

    private static void requireAll(GraphQLSchema schema, Operations operations) {
        var mutation = schema.getMutationType();
        if (mutation == null) {
            throw new IllegalStateException("the contract has no mutations");
        }
        requireAll(schema.getQueryType().getFieldDefinitions(), operations.queries());
        requireAll(mutation.getFieldDefinitions(), operations.mutations());
    }

    private static void requireAll(java.util.List<GraphQLFieldDefinition> fields, Map<String, Resolver> resolvers) {
        for (GraphQLFieldDefinition field : fields) {
            if (!resolvers.containsKey(field.getName())) {
                throw new IllegalStateException("the contract's field " + field.getName() + " has no resolver");
            }
        }
        if (fields.size() != resolvers.size()) {
            throw new IllegalStateException("a resolver has no field in the contract");
        }
    }

    /** Reads a field from the map that its parent is; much cheaper than the library's reflection. */
    private static final class MapValues implements LightDataFetcher<@Nullable Object> {
        @Override
        public @Nullable Object get(
                GraphQLFieldDefinition field, Object source, Supplier<DataFetchingEnvironment> environment) {
            return ((Map<?, ?>) source).get(field.getName());
        }

        @Override
        public @Nullable Object get(DataFetchingEnvironment environment) {
            Object source = environment.getSource();
            return source instanceof Map<?, ?> values
                    ? values.get(environment.getField().getName())
                    : null;
        }
    }

    /** Lets values through as they are. */
    private static final class AnyJson implements Coercing<Object, Object> {
        @Override
        public Object serialize(Object value, GraphQLContext context, Locale locale) {
            return value;
        }

        @Override
        public Object parseValue(Object value, GraphQLContext context, Locale locale) {
            return value;
        }

        @Override
        public Object parseLiteral(
                Value<?> literal, graphql.execution.CoercedVariables variables, GraphQLContext context, Locale locale) {
            throw new graphql.schema.CoercingParseLiteralException("pass JSON in a variable");
        }
    }
}
