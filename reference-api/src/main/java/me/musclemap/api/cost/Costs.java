package me.musclemap.api.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * What each operation shall cost: what it costs, or as much as it was measured to cost in the real product. Then a request
 * burns what its own work leaves of that: CPU of the API in the one event loop of the process, CPU of PostgreSQL in a
 * statement that counts rows. Safe for use by many threads.
 */
public final class Costs {
    /** The name of a service that costs what it costs. */
    public static final String REFERENCE = "reference";

    /** The name of a service made as dear as the real product. */
    public static final String PRODUCTION = "production";

    /** What a query without a figure of its own is charged as. */
    public static final String ANY_QUERY = "any query";

    /** What a mutation without a figure of its own is charged as. */
    public static final String ANY_MUTATION = "any mutation";

    /** What a route without a figure of its own is charged as. */
    public static final String ANY_ROUTE = "any route";

    private static final String PROFILE = "/cost-profiles/production.json";
    private static final int CALIBRATION_ROWS = 200_000;
    private static final int CALIBRATION_ROUNDS = 9;
    private static final String COUNT_ROWS = "select count(*) from generate_series(1, ?) as n";

    private final String label;
    private final Optional<EventLoop> loop;
    private final Map<String, Cost> costs;
    private final Optional<Database> database;
    private final double postgresSecondsPerRow;

    /**
     * What an operation costs.
     *
     * @param apiSeconds CPU of the API
     * @param postgresSeconds CPU of PostgreSQL beyond what our own statements cost for it
     */
    private record Cost(double apiSeconds, double postgresSeconds) {}

    private Costs(
            String label,
            Optional<EventLoop> loop,
            Map<String, Cost> costs,
            Optional<Database> database,
            double postgresSecondsPerRow) {
        this.label = label;
        this.loop = loop;
        this.costs = Map.copyOf(costs);
        this.database = database;
        this.postgresSecondsPerRow = postgresSecondsPerRow;
    }

    /** Everything costs what it costs. */
    public static Costs reference() {
        return new Costs(REFERENCE, Optional.empty(), Map.of(), Optional.empty(), 0);
    }

    /** Everything costs what it was measured to cost in the real product; measures {@code database} first. */
    public static Costs production(Database database) {
        var costs = new HashMap<String, Cost>();
        try (var in = Costs.class.getResourceAsStream(PROFILE)) {
            JsonNode profile = new ObjectMapper().readTree(in);
            profile.path("operations")
                    .properties()
                    .forEach(entry -> costs.put(
                            entry.getKey(),
                            new Cost(
                                    entry.getValue().path("apiSeconds").asDouble(),
                                    entry.getValue().path("postgresSeconds").asDouble())));
        } catch (IOException e) {
            throw new IllegalStateException(PROFILE + " cannot be read", e);
        }
        return new Costs(
                PRODUCTION, Optional.of(new EventLoop()), costs, Optional.of(database), secondsPerRow(database));
    }

    /** The shortest of several rounds: what else runs on the machine only ever makes a round longer. */
    private static double secondsPerRow(Database database) {
        double shortest = Double.MAX_VALUE;
        for (int round = 0; round < CALIBRATION_ROUNDS; round++) {
            long began = System.nanoTime();
            database.rows("cost.calibrate", COUNT_ROWS, CALIBRATION_ROWS);
            shortest = Math.min(shortest, (System.nanoTime() - began) / 1e9);
        }
        return shortest / CALIBRATION_ROWS;
    }

    /** {@value #REFERENCE} or {@value #PRODUCTION}. */
    public String label() {
        return label;
    }

    /** Whether operations cost more than they cost. */
    public boolean isCharged() {
        return loop.isPresent();
    }

    /** The event loop in which hashing shall block all others; empty when it shall not. */
    public Optional<EventLoop> loop() {
        return loop;
    }

    /**
     * Does {@code work} and makes it cost what {@code operation} costs; what is not in the profile costs what
     * {@code otherwise} does.
     */
    public <T extends @Nullable Object> T charge(String operation, String otherwise, Supplier<T> work) {
        if (loop.isEmpty()) {
            return work.get();
        }
        Cost cost = costs.get(operation);
        if (cost == null) {
            cost = costs.getOrDefault(otherwise, new Cost(0, 0));
        }
        long before = EventLoop.threadCpuNanos();
        T result = work.get();
        burnInPostgres(cost.postgresSeconds);
        long own = EventLoop.threadCpuNanos() - before;
        loop.get().burn((long) (cost.apiSeconds * 1e9) - own);
        return result;
    }

    private void burnInPostgres(double seconds) {
        int rows = (int) (seconds / postgresSecondsPerRow);
        if (rows < 1 || database.isEmpty()) {
            return;
        }
        try {
            database.get().rows("cost.postgres", COUNT_ROWS, rows);
        } catch (ApiError e) {
            return; // the database went away after the answer was made: that stands
        }
    }
}
