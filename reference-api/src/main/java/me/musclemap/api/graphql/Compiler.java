package me.musclemap.api.graphql;

import com.fasterxml.jackson.core.io.SerializedString;
import graphql.language.Argument;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.Node;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.VariableReference;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import me.musclemap.api.graphql.Compiled.Output;
import me.musclemap.api.graphql.Compiled.Root;
import me.musclemap.api.graphql.Compiled.Selected;
import org.jspecify.annotations.Nullable;

/**
 * Turns an operation of a valid document into a {@link Compiled} one: field for field, with the merging of equal response
 * keys that GraphQL asks for. What it does not cover (directives, introspection, nested fields with a fetcher of their own,
 * abstract types) is left to the library: then there is no compiled operation. Safe for use by many threads.
 *
 * <p>Source: GraphQL specification, October 2021, section 6.3.2 (CollectFields).
 */
final class Compiler {
    private final GraphQLSchema schema;
    private final Operations operations;

    Compiler(GraphQLSchema schema, Operations operations) {
        this.schema = schema;
        this.operations = operations;
    }

    Optional<Compiled> compile(Document document, OperationDefinition operation) {
        boolean mutation = operation.getOperation() == OperationDefinition.Operation.MUTATION;
        GraphQLObjectType root = mutation ? schema.getMutationType() : schema.getQueryType();
        if (operation.getOperation() == OperationDefinition.Operation.SUBSCRIPTION || root == null) {
            return Optional.empty();
        }
        var fragments = new HashMap<String, FragmentDefinition>();
        document.getDefinitionsOfType(FragmentDefinition.class).forEach(f -> fragments.put(f.getName(), f));
        try {
            if (!operation.getDirectives().isEmpty()) {
                throw new NotCovered();
            }
            var collected = collect(List.of(operation.getSelectionSet()), root, fragments);
            var roots = new ArrayList<Root>();
            Map<String, Resolver> resolvers = mutation ? operations.mutations() : operations.queries();
            for (var entry : collected.entrySet()) {
                roots.add(root(entry.getKey(), entry.getValue(), root, resolvers, fragments));
            }
            boolean shared = !mutation
                    && roots.stream().allMatch(one -> one.resolver() == null || operations.isShared(one.field()));
            // Of a query only: a mutation may change what was read ahead.
            List<UnaryOperator<String>> ownKeys = mutation
                    ? List.of()
                    : roots.stream()
                            .flatMap(one -> operations.ownKey(one.field()).stream())
                            .distinct()
                            .toList();
            return Optional.of(new Compiled(schema, operation.getVariableDefinitions(), roots, ownKeys, shared));
        } catch (NotCovered e) {
            return Optional.empty();
        }
    }

    private Root root(
            String key,
            List<Field> fields,
            GraphQLObjectType type,
            Map<String, Resolver> resolvers,
            Map<String, FragmentDefinition> fragments)
            throws NotCovered {
        Field field = fields.get(0);
        if (field.getName().equals("__typename")) {
            return new Root(
                    key, field.getName(), null, List.of(), List.of(), false, new Compiled.Constant(type.getName()));
        }
        GraphQLFieldDefinition definition = type.getFieldDefinition(field.getName());
        Resolver resolver = resolvers.get(field.getName());
        if (definition == null || resolver == null) {
            throw new NotCovered(); // __schema and __type
        }
        return new Root(
                key,
                field.getName(),
                resolver,
                definition.getArguments(),
                field.getArguments(),
                usesVariables(field.getArguments()),
                output(definition.getType(), fields, fragments));
    }

    private Output output(GraphQLType type, List<Field> fields, Map<String, FragmentDefinition> fragments)
            throws NotCovered {
        if (type instanceof GraphQLNonNull nonNull) {
            return new Compiled.Required(output(nonNull.getWrappedType(), fields, fragments));
        }
        if (type instanceof GraphQLList list) {
            return new Compiled.Many(output(list.getWrappedType(), fields, fragments));
        }
        if (type instanceof GraphQLObjectType object) {
            return object(object, fields, fragments);
        }
        return Compiled.leaf(type).orElseThrow(NotCovered::new);
    }

    private Output object(GraphQLObjectType type, List<Field> fields, Map<String, FragmentDefinition> fragments)
            throws NotCovered {
        var sets = new ArrayList<SelectionSet>();
        fields.forEach(field -> sets.add(field.getSelectionSet()));
        var selected = new ArrayList<Selected>();
        for (var entry : collect(sets, type, fragments).entrySet()) {
            Field field = entry.getValue().get(0);
            var key = new SerializedString(entry.getKey());
            if (field.getName().equals("__typename")) {
                selected.add(new Selected(key, field.getName(), new Compiled.Constant(type.getName())));
                continue;
            }
            GraphQLFieldDefinition definition = type.getFieldDefinition(field.getName());
            boolean fetched = schema.getCodeRegistry()
                    .hasDataFetcher(FieldCoordinates.coordinates(type.getName(), field.getName()));
            if (definition == null || fetched || !field.getArguments().isEmpty()) {
                throw new NotCovered();
            }
            selected.add(new Selected(key, field.getName(), output(definition.getType(), entry.getValue(), fragments)));
        }
        return new Compiled.Fields(selected.toArray(Selected[]::new));
    }

    private static Map<String, List<Field>> collect(
            List<@Nullable SelectionSet> sets, GraphQLObjectType type, Map<String, FragmentDefinition> fragments)
            throws NotCovered {
        var collected = new LinkedHashMap<String, List<Field>>();
        for (SelectionSet set : sets) {
            if (set == null) {
                throw new NotCovered();
            }
            collect(set, type, fragments, collected);
        }
        return collected;
    }

    private static void collect(
            SelectionSet set,
            GraphQLObjectType type,
            Map<String, FragmentDefinition> fragments,
            Map<String, List<Field>> into)
            throws NotCovered {
        for (Selection<?> selection : set.getSelections()) {
            if (selection instanceof Field field) {
                requireNone(field.getDirectives());
                into.computeIfAbsent(field.getResultKey(), key -> new ArrayList<>())
                        .add(field);
            } else if (selection instanceof InlineFragment inline) {
                requireNone(inline.getDirectives());
                requireSame(
                        type,
                        inline.getTypeCondition() == null
                                ? null
                                : inline.getTypeCondition().getName());
                collect(inline.getSelectionSet(), type, fragments, into);
            } else if (selection instanceof FragmentSpread spread) {
                requireNone(spread.getDirectives());
                FragmentDefinition fragment = fragments.get(spread.getName());
                if (fragment == null) {
                    throw new NotCovered();
                }
                requireNone(fragment.getDirectives());
                requireSame(type, fragment.getTypeCondition().getName());
                collect(fragment.getSelectionSet(), type, fragments, into);
            }
        }
    }

    private static void requireNone(List<?> directives) throws NotCovered {
        if (!directives.isEmpty()) {
            throw new NotCovered();
        }
    }

    private static void requireSame(GraphQLObjectType type, @Nullable String condition) throws NotCovered {
        if (condition != null && !condition.equals(type.getName())) {
            throw new NotCovered();
        }
    }

    private static boolean usesVariables(List<Argument> arguments) {
        return arguments.stream().anyMatch(argument -> usesVariables(argument.getValue()));
    }

    private static boolean usesVariables(Node<?> node) {
        if (node instanceof VariableReference) {
            return true;
        }
        for (Node<?> child : node.getChildren()) {
            if (usesVariables(child)) {
                return true;
            }
        }
        return false;
    }

    /** The library has to do it. */
    private static final class NotCovered extends Exception {
        NotCovered() {
            super(null, null, false, false);
        }
    }
}
