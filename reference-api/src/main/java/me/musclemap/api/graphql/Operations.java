package me.musclemap.api.graphql;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import me.musclemap.api.cost.Costs;

/** The root fields that are answered, each by its resolver, and the names that the product's clients give to operations on them. */
public final class Operations {
    private final Costs costs;
    private final Map<String, Resolver> queries = new LinkedHashMap<>();
    private final Map<String, Resolver> mutations = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> shared = new LinkedHashSet<>();
    private final Map<String, UnaryOperator<String>> ownKeys = new HashMap<>();

    /** Operations that are charged {@code costs}. */
    public Operations(Costs costs) {
        this.costs = costs;
    }

    /** A query on {@code field}, which clients call {@code name}. */
    public Operations query(String name, String field, Resolver resolver) {
        names.add(name);
        queries.put(field, charged(name, Costs.ANY_QUERY, resolver));
        return this;
    }

    /**
     * A query whose answer depends on its arguments alone, not on who asks, and may be a few seconds old: whole answers of
     * it are kept.
     */
    public Operations sharedQuery(String name, String field, Resolver resolver) {
        if (!costs.isCharged()) {
            shared.add(field); // an answer that is kept would cost nothing
        }
        return query(name, field, resolver);
    }

    /**
     * A query that reads one value of its user's from the cache first.
     *
     * @param key of that value, from the user's id: it is read ahead, together with what else the request asks Redis
     */
    public Operations ownQuery(String name, String field, UnaryOperator<String> key, Resolver resolver) {
        ownKeys.put(field, key);
        return query(name, field, resolver);
    }

    /** A mutation on {@code field}, which clients call {@code name}. */
    public Operations mutation(String name, String field, Resolver resolver) {
        names.add(name);
        mutations.put(field, charged(name, Costs.ANY_MUTATION, resolver));
        return this;
    }

    Map<String, Resolver> queries() {
        return queries;
    }

    Map<String, Resolver> mutations() {
        return mutations;
    }

    private Resolver charged(String name, String otherwise, Resolver resolver) {
        return costs.isCharged() ? call -> costs.charge(name, otherwise, () -> resolver.answer(call)) : resolver;
    }

    Optional<UnaryOperator<String>> ownKey(String field) {
        return Optional.ofNullable(ownKeys.get(field));
    }

    boolean isShared(String field) {
        return shared.contains(field);
    }

    /** The names that metrics keep apart. */
    public Set<String> names() {
        return Set.copyOf(names);
    }
}
