package me.musclemap.load.drive;

import me.musclemap.load.workload.Operation;

/** An operation made ready to be sent again and again. Immutable. */
final class OperationPlan {
    final Operation operation;
    final boolean post;
    final Template url;
    final Template body;
    final boolean graphql;
    /** Whether its answers name a set that was written, and somebody wants to know. */
    final boolean notesWrites;

    OperationPlan(Operation operation, GeneratorSettings settings) {
        this.operation = operation;
        var base = operation.via() == Operation.Via.RUM ? settings.rum().orElse(settings.api()) : settings.api();
        post = operation.method().equals("POST");
        url = new Template(GeneratorSettings.base(base) + operation.path());
        body = new Template(operation.body());
        graphql = operation.kind() == Operation.Kind.GRAPHQL;
        notesWrites = settings.writesFile().isPresent()
                && operation.needsWorkout()
                && operation.effect() == Operation.Effect.NONE;
    }

    String name() {
        return operation.name();
    }
}
