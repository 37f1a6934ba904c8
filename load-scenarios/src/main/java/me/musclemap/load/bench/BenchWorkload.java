package me.musclemap.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Users who send one small request and pause, again and again: what a generator costs, and nothing of what a workload does. */
final class BenchWorkload {
    /** The path of the GET. */
    static final String PATH = "/ping";

    /** The GraphQL request as the generator sends it. */
    static final String BODY =
            "{\"operationName\":\"Ping\",\"variables\":{},\"query\":\"query Ping { ping { id at text value level xp total __typename } }\"}";

    private static final String OPERATIONS = """
            operations:
              Ping:
                kind: graphql
                token: none
                query: 'query Ping { ping { id at text value level xp total __typename } }'
              Get:
                kind: rest
                token: none
                method: GET
                path: /ping
            """;

    private static final String WORKLOAD = """
            name: bench
            title: One request, then a pause
            operations: bench-operations.yaml
            sources: {pause: made for a measurement}
            classes:
              read: {headline: true, operations: [%1$s]}
            journeys:
              again:
                weight: 1
                why: made for a measurement
                steps:
                  - path: /
                    requests: [%1$s]
                    think: {exponential: {meanSeconds: %2$.3f}}
            """;

    private BenchWorkload() {}

    /** Users who post GraphQL. */
    static Path post(Path directory, double pauseSeconds) {
        return write(directory, "Ping", pauseSeconds);
    }

    /** Users who get {@link #PATH}. */
    static Path get(Path directory, double pauseSeconds) {
        return write(directory, "Get", pauseSeconds);
    }

    private static Path write(Path directory, String operation, double pauseSeconds) {
        try {
            Files.writeString(directory.resolve("bench-operations.yaml"), OPERATIONS);
            return Files.writeString(
                    directory.resolve("bench-" + operation + ".yaml"),
                    String.format(Locale.ROOT, WORKLOAD, operation, pauseSeconds));
        } catch (IOException e) {
            throw BenchException.failed(directory + ": cannot be written: " + e.getMessage());
        }
    }
}
