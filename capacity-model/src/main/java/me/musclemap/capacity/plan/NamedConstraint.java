package me.musclemap.capacity.plan;

import java.util.Optional;

/**
 * A constraint as it is printed.
 *
 * @param ratio share of the limit that is used at the answer
 */
public record NamedConstraint(String name, String limit, Optional<String> largestConsumer, double ratio) {
    static NamedConstraint at(Constraint constraint, double headlinePerSecond) {
        return new NamedConstraint(
                constraint.name(),
                constraint.limit(),
                constraint.largestConsumer(),
                constraint.used().applyAsDouble(headlinePerSecond));
    }
}
