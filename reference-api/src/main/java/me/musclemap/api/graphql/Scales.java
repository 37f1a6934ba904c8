package me.musclemap.api.graphql;

import graphql.introspection.Introspection;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.TypeName;
import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLList;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLNonNull;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weighs valid documents by the plan's rule: a scalar costs 1, an object 2, a list ten times its element. Variables are not
 * looked at, so a document weighs the same each time and is weighed once. {@code __typename} is free.
 *
 * <p>Of a registered document the lengths of its lists are known and taken instead of ten.
 */
final class Scales {
    private static final int LIST = 10;
    private static final int SCALAR = 1;
    private static final int OBJECT = 2;

    private final GraphQLSchema schema;
    private final Map<String, Integer> lengths;
    private final Map<String, FragmentDefinition> fragments = new HashMap<>();
    private final Map<String, Weight> weighed = new HashMap<>();

    private Scales(GraphQLSchema schema, Document document, Map<String, Integer> lengths) {
        this.schema = schema;
        this.lengths = lengths;
        document.getDefinitionsOfType(FragmentDefinition.class).forEach(one -> fragments.put(one.getName(), one));
    }

    /**
     * The weight of the heaviest operation of {@code document}, which must be valid.
     *
     * @param lengths of lists, by {@code Type.field}; ten where none is known
     */
    static Weight weigh(GraphQLSchema schema, Document document, Map<String, Integer> lengths) {
        var scales = new Scales(schema, document, lengths);
        Weight heaviest = Weight.NONE;
        for (OperationDefinition operation : document.getDefinitionsOfType(OperationDefinition.class)) {
            GraphQLCompositeType root = operation.getOperation() == OperationDefinition.Operation.MUTATION
                            && schema.getMutationType() != null
                    ? schema.getMutationType()
                    : schema.getQueryType();
            heaviest = heaviest.or(scales.weigh(operation.getSelectionSet(), root));
        }
        return heaviest;
    }

    private Weight weigh(@Nullable SelectionSet selections, GraphQLCompositeType parent) {
        Weight sum = Weight.NONE;
        if (selections != null) {
            for (Selection<?> selection : selections.getSelections()) {
                sum = sum.plus(weigh(selection, parent));
            }
        }
        return sum;
    }

    private Weight weigh(Selection<?> selection, GraphQLCompositeType parent) {
        if (selection instanceof Field field) {
            return weigh(field, parent);
        }
        if (selection instanceof InlineFragment inline) {
            return weigh(inline.getSelectionSet(), type(inline.getTypeCondition(), parent));
        }
        String name = ((FragmentSpread) selection).getName();
        Weight known = weighed.get(name);
        if (known == null) {
            FragmentDefinition fragment = fragments.get(name);
            known = fragment == null
                    ? Weight.NONE
                    : weigh(fragment.getSelectionSet(), type(fragment.getTypeCondition(), parent));
            weighed.put(name, known);
        }
        return known;
    }

    private GraphQLCompositeType type(@Nullable TypeName condition, GraphQLCompositeType otherwise) {
        return condition != null && schema.getType(condition.getName()) instanceof GraphQLCompositeType type
                ? type
                : otherwise;
    }

    private Weight weigh(Field field, GraphQLCompositeType parent) {
        boolean aliased = field.getAlias() != null;
        if (!(parent instanceof GraphQLFieldsContainer container)) {
            return Weight.NONE.under(0, 1, aliased); // a union has no field but __typename
        }
        GraphQLFieldDefinition definition = Introspection.getFieldDefinition(schema, container, field.getName());
        GraphQLType type = definition.getType();
        long times = 1;
        while (type instanceof GraphQLNonNull || type instanceof GraphQLList) {
            if (type instanceof GraphQLList list) {
                times *= lengths.getOrDefault(parent.getName() + "." + field.getName(), LIST);
                type = list.getWrappedType();
            } else {
                type = ((GraphQLNonNull) type).getWrappedType();
            }
        }
        if (type instanceof GraphQLCompositeType composite) {
            return weigh(field.getSelectionSet(), composite).under(OBJECT, times, aliased);
        }
        boolean free = type instanceof GraphQLNamedType && field.getName().equals("__typename");
        return Weight.NONE.under(free ? 0 : SCALAR, times, aliased);
    }
}
