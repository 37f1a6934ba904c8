package me.musclemap.load.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;

/** Which operation of a workload a request of production was. Immutable. */
final class OperationNames {
    static final String GRAPHQL = "/api/graphql";

    private final Map<String, String> byRoute = new HashMap<>();
    private final Workload workload;

    OperationNames(Workload workload) {
        this.workload = workload;
        for (var operation : workload.operations().values()) {
            if (operation.kind() != Operation.Kind.GRAPHQL) {
                byRoute.put(operation.method() + " " + withoutQuery(operation.path()), operation.name());
            }
        }
    }

    static String withoutQuery(String path) {
        int end = path.indexOf('?');
        return end < 0 ? path : path.substring(0, end);
    }

    /** The operation behind a method and a path without its query; empty for GraphQL and for what the workload does not know. */
    Optional<String> rest(String method, String path) {
        return Optional.ofNullable(byRoute.get(method + " " + path));
    }

    /** The operation of this GraphQL name, where the workload knows it. */
    Optional<String> graphql(String name) {
        return Optional.ofNullable(workload.operations().get(name))
                .filter(operation -> operation.kind() == Operation.Kind.GRAPHQL)
                .map(Operation::name);
    }
}
