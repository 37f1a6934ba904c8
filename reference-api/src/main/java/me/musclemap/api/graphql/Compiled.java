package me.musclemap.api.graphql;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import graphql.GraphQLContext;
import graphql.GraphQLException;
import graphql.Scalars;
import graphql.execution.CoercedVariables;
import graphql.execution.RawVariables;
import graphql.execution.ValuesResolver;
import graphql.language.Argument;
import graphql.language.VariableDefinition;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import me.musclemap.api.accounts.Viewer;
import me.musclemap.api.cache.RedisRound;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is written straight from what its resolvers give, without building a result first. It only writes whole
 * answers: where anything is out of the ordinary (a resolver threw, a required value is missing, a value does not fit its
 * type) it gives up, and the library makes the answer with its errors from the values that were already resolved, so that
 * no resolver runs twice. Safe for use by many threads.
 */
final class Compiled {
    static final SerializedString EXTENSIONS = new SerializedString("extensions");
    static final SerializedString COMPLEXITY = new SerializedString("complexity");
    static final SerializedString MAX_COMPLEXITY = new SerializedString("maxComplexity");

    private static final GraphQLContext NO_CONTEXT = GraphQLContext.newContext().build();

    private final GraphQLSchema schema;
    private final List<VariableDefinition> variables;
    private final List<Root> roots;
    private final List<Optional<Map<String, @Nullable Object>>> constants;
    private final List<UnaryOperator<String>> ownKeys;
    private final boolean shared;

    /** @param ownKeys of the values of the caller's that its resolvers will want from the cache, by the caller's id */
    Compiled(
            GraphQLSchema schema,
            List<VariableDefinition> variables,
            List<Root> roots,
            List<UnaryOperator<String>> ownKeys,
            boolean shared) {
        this.schema = schema;
        this.variables = List.copyOf(variables);
        this.roots = List.copyOf(roots);
        this.ownKeys = List.copyOf(ownKeys);
        this.shared = shared;
        this.constants = this.roots.stream().map(this::constant).toList();
    }

    private Optional<Map<String, @Nullable Object>> constant(Root root) {
        return root.usesVariables || root.resolver == null
                ? Optional.empty()
                : Optional.of(arguments(root, CoercedVariables.emptyVariables()));
    }

    /**
     * A root field.
     *
     * @param resolver null for {@code __typename}
     */
    record Root(
            String key,
            String field,
            @Nullable Resolver resolver,
            List<GraphQLArgument> parameters,
            List<Argument> arguments,
            boolean usesVariables,
            Output output) {}

    /** What the root fields gave, or threw, by response key. Made by one thread and read by it. */
    static final class Resolved {
        private final Map<String, @Nullable Object> values = new HashMap<>();
        private final Map<String, RuntimeException> failures = new HashMap<>();

        /** The value. @throws RuntimeException what the resolver threw */
        @Nullable
        Object of(String key) {
            RuntimeException failure = failures.get(key);
            if (failure != null) {
                throw failure;
            }
            return values.get(key);
        }
    }

    /** Lets {@code round} ask for what the resolvers will read. */
    void expect(Viewer viewer, RedisRound round) {
        if (viewer.userId().isPresent()) {
            String user = viewer.userId().get();
            for (UnaryOperator<String> key : ownKeys) {
                round.expect(key.apply(user));
            }
        }
    }

    /** Whether its answer is the same for everybody. */
    boolean isShared() {
        return shared;
    }

    /** Runs the resolvers. Empty when the variables do not fit, and then nothing has run. */
    Optional<Resolved> resolve(Map<String, @Nullable Object> given, Call.Session session) {
        CoercedVariables coerced;
        try {
            coerced = variables.isEmpty()
                    ? CoercedVariables.emptyVariables()
                    : ValuesResolver.coerceVariableValues(
                            schema, variables, RawVariables.of(given), NO_CONTEXT, Locale.ROOT);
        } catch (GraphQLException e) {
            return Optional.empty();
        }
        var resolved = new Resolved();
        for (int i = 0; i < roots.size(); i++) {
            Root root = roots.get(i);
            if (root.resolver == null) {
                continue;
            }
            try {
                Map<String, @Nullable Object> arguments = constants.get(i).orElse(null) == null
                        ? arguments(root, coerced)
                        : constants.get(i).orElseThrow();
                resolved.values.put(root.key, root.resolver.answer(new Call(arguments, session)));
            } catch (RuntimeException e) {
                resolved.failures.put(root.key, e);
            }
        }
        return Optional.of(resolved);
    }

    private Map<String, @Nullable Object> arguments(Root root, CoercedVariables coerced) {
        return ValuesResolver.getArgumentValues(
                schema.getCodeRegistry(), root.parameters, root.arguments, coerced, NO_CONTEXT, Locale.ROOT);
    }

    /**
     * Writes the data, and what the document costs.
     *
     * @throws GaveUp when the library has to do it; what was written then is of no use
     */
    void write(Resolved resolved, long cost, JsonGenerator out) throws IOException, GaveUp {
        if (!resolved.failures.isEmpty()) {
            throw new GaveUp();
        }
        out.writeStartObject();
        out.writeFieldName("data");
        out.writeStartObject();
        for (Root root : roots) {
            out.writeFieldName(root.key);
            root.output.write(resolved.values.get(root.key), out);
        }
        out.writeEndObject();
        out.writeFieldName(EXTENSIONS);
        out.writeStartObject();
        out.writeFieldName(COMPLEXITY);
        out.writeNumber(cost);
        out.writeFieldName(MAX_COMPLEXITY);
        out.writeNumber(Documents.COST_MAX);
        out.writeEndObject();
        out.writeEndObject();
    }

    /** This answer is not an ordinary one. */
    static final class GaveUp extends Exception {
        GaveUp() {
            super(null, null, false, false);
        }
    }

    /** Writes a value of one type. */
    interface Output {
        void write(@Nullable Object value, JsonGenerator out) throws IOException, GaveUp;
    }

    /** A field of an object. */
    record Selected(SerializableString key, String field, Output output) {}

    record Required(Output inner) implements Output {
        @Override
        public void write(@Nullable Object value, JsonGenerator out) throws IOException, GaveUp {
            if (value == null) {
                throw new GaveUp();
            }
            inner.write(value, out);
        }
    }

    record Many(Output inner) implements Output {
        @Override
        public void write(@Nullable Object value, JsonGenerator out) throws IOException, GaveUp {
            if (value == null) {
                out.writeNull();
                return;
            }
            if (!(value instanceof List<?> list)) {
                throw new GaveUp();
            }
            out.writeStartArray();
            for (Object one : list) {
                inner.write(one, out);
            }
            out.writeEndArray();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // walked for every object that is written, and never compared
    record Fields(Selected[] selected) implements Output {
        @Override
        public void write(@Nullable Object value, JsonGenerator out) throws IOException, GaveUp {
            if (value == null) {
                out.writeNull();
                return;
            }
            if (!(value instanceof Map<?, ?> object)) {
                throw new GaveUp();
            }
            out.writeStartObject();
            for (Selected one : selected) {
                out.writeFieldName(one.key);
                one.output.write(object.get(one.field), out);
            }
            out.writeEndObject();
        }
    }

    record Constant(String text) implements Output {
        @Override
        public void write(@Nullable Object value, JsonGenerator out) throws IOException {
            out.writeString(text);
        }
    }

    /** The writer of a scalar or an enumeration; empty for a type that it does not know. */
    static Optional<Output> leaf(GraphQLType type) {
        if (type instanceof GraphQLEnumType names) {
            return Optional.of(orNull((value, out) -> {
                try {
                    out.writeString(String.valueOf(names.serialize(value, NO_CONTEXT, Locale.ROOT)));
                } catch (GraphQLException e) {
                    throw new GaveUp();
                }
            }));
        }
        if (!(type instanceof GraphQLScalarType scalar)) {
            return Optional.empty();
        }
        if (scalar.equals(Scalars.GraphQLInt)) {
            return Optional.of(orNull(Compiled::writeInt));
        }
        if (scalar.equals(Scalars.GraphQLFloat)) {
            return Optional.of(orNull(Compiled::writeFloat));
        }
        if (scalar.equals(Scalars.GraphQLBoolean)) {
            return Optional.of(orNull(Compiled::writeBoolean));
        }
        return switch (scalar.getName()) {
            case "String", "ID", "DateTime" -> Optional.of(orNull((value, out) -> out.writeString(value.toString())));
            case "JSON" -> Optional.of(orNull((value, out) -> out.writePOJO(value)));
            default -> Optional.empty();
        };
    }

    private interface Present {
        void write(Object value, JsonGenerator out) throws IOException, GaveUp;
    }

    private static Output orNull(Present present) {
        return (value, out) -> {
            if (value == null) {
                out.writeNull();
            } else {
                present.write(value, out);
            }
        };
    }

    private static void writeInt(Object value, JsonGenerator out) throws IOException, GaveUp {
        if (value instanceof Integer number) {
            out.writeNumber(number);
        } else if (value instanceof Long number && number == number.intValue()) {
            out.writeNumber(number);
        } else {
            throw new GaveUp(); // a fraction, or too large: the library decides
        }
    }

    private static void writeFloat(Object value, JsonGenerator out) throws IOException, GaveUp {
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw new GaveUp();
        }
        out.writeNumber(number.doubleValue());
    }

    private static void writeBoolean(Object value, JsonGenerator out) throws IOException, GaveUp {
        if (!(value instanceof Boolean truth)) {
            throw new GaveUp();
        }
        out.writeBoolean(truth);
    }
}
