package me.musclemap.api.graphql;

import org.jspecify.annotations.Nullable;

/** Answers one root field. */
@FunctionalInterface
public interface Resolver {
    /** The field's value: a map, a list of maps, a scalar, or null. */
    @Nullable
    Object answer(Call call);
}
