package me.musclemap.load.workload;

import java.util.List;

/**
 * A family of operations whose cost per request the model fits as one. Immutable.
 *
 * @param headline false for telemetry posts, which the headline rate leaves out
 */
public record FitClass(String name, List<String> operations, boolean headline) {
    public FitClass {
        operations = List.copyOf(operations);
    }
}
