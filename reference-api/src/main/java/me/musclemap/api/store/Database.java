package me.musclemap.api.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.errors.ApiError;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.database.DatabaseTelemetry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL behind a pool. Statements are short names with SQL; rows come back as maps from column label to value:
 * text, Boolean, Integer, Long, Double, Instant, a list, or what the JSON in it holds. Safe for use by many threads.
 *
 * <p>Every statement stands for itself or is in one transaction, so a pooler in transaction mode may sit in between.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pool pool;
    private final DatabaseTelemetry telemetry;
    private final Statements service;
    private final List<Pool> replicas;
    private final Reading reading;

    private Database(Pool pool, List<Pool> replicas, DatabaseTelemetry telemetry) {
        this.pool = pool;
        this.replicas = List.copyOf(replicas);
        this.telemetry = telemetry;
        this.service = new Statements(pool, telemetry, null);
        this.reading = new Reading(
                service,
                replicas.stream()
                        .map(replica -> new Statements(replica, telemetry, null))
                        .toList());
    }

    /**
     * Opens a pool to the primary and one to each replica.
     *
     * @param replicas JDBC addresses, with the same user and password; none reads everything from the primary
     * @param size connections of each pool, all held open
     */
    public static Database open(
            String jdbcUrl, List<String> replicas, String user, String password, int size, Telemetry telemetry) {
        var opened = new ArrayList<Pool>();
        try {
            opened.add(Pool.open("primary", jdbcUrl, user, password, size, telemetry));
            for (String replica : replicas) {
                opened.add(Pool.open("replica-" + opened.size(), replica, user, password, size, telemetry));
            }
            return new Database(opened.get(0), opened.subList(1, opened.size()), telemetry.database("postgresql"));
        } catch (RuntimeException e) {
            opened.forEach(Pool::close);
            throw e;
        }
    }

    /** Statements in the name of the user {@code id}: only that user's rows are there. */
    public Statements as(String id) {
        return new Statements(pool, telemetry, id);
    }

    /** Reads that many share and that may be a little old: from a replica, where there is one. */
    public Reading reading() {
        return reading;
    }

    /** All rows of {@code sql}. */
    public List<Map<String, @Nullable Object>> rows(String name, String sql, @Nullable Object... values) {
        return service.rows(name, sql, values);
    }

    /** The first row of {@code sql}, if there is one. */
    public Optional<Map<String, @Nullable Object>> row(String name, String sql, @Nullable Object... values) {
        return service.row(name, sql, values);
    }

    /** Runs a statement that answers nothing; returns how many rows it touched. */
    public int update(String name, String sql, @Nullable Object... values) {
        return service.update(name, sql, values);
    }

    /** Runs {@code work} in one transaction. */
    public <T> T transaction(String name, Work<T> work) {
        return service.transaction(name, work);
    }

    /** Whether it answers a trivial question now. */
    public boolean answers() {
        try {
            return !rows("ping", "select 1").isEmpty();
        } catch (ApiError e) {
            return false;
        }
    }

    /** Connections open, idle, and callers waiting for one. */
    public PoolState pool() {
        return pool.state();
    }

    @Override
    public void close() {
        replicas.forEach(Pool::close);
        pool.close();
    }

    /** The state of the pool. */
    public record PoolState(int total, int idle, int waiting) {}

    /** Several statements on one connection. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does them. */
        T in(Connection connection) throws SQLException;
    }

    static RuntimeException refusal(String name, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("23505")) {
            return new ApiError(ApiError.Code.CONFLICT, "It exists already");
        }
        if (state.equals("23503")) {
            // A token outlives its account by 15 minutes at most.
            return String.valueOf(e.getMessage()).contains("_user_id_fkey")
                    ? new ApiError(ApiError.Code.UNAUTHENTICATED, "The account is gone")
                    : new ApiError(ApiError.Code.BAD_USER_INPUT, "It refers to something that does not exist");
        }
        if (state.equals("42501")) {
            return new ApiError(ApiError.Code.FORBIDDEN, "That belongs to another user");
        }
        if (state.startsWith("22")) {
            return new ApiError(ApiError.Code.BAD_USER_INPUT, "A value is out of range or not text");
        }
        // No connection in time, a broken one, a server that shuts down or has too many clients.
        if (Pool.saysAway(e) || state.startsWith("53")) {
            LOG.warn("database unavailable operation={} sqlstate={}", name, state);
            return new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "The database is unavailable, try again");
        }
        return new IllegalStateException("statement " + name + " failed with SQL state " + state, e);
    }

    /** All rows, on a connection of the caller's. */
    public static List<Map<String, @Nullable Object>> rows(
            Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, 1, values);
            try (ResultSet results = statement.executeQuery()) {
                return read(results);
            }
        }
    }

    /** Rows touched, on a connection of the caller's. */
    public static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, 1, values);
            return statement.executeUpdate();
        }
    }

    static void bind(PreparedStatement statement, int first, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value instanceof Instant instant) {
                statement.setObject(first + i, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
            } else if (value instanceof String[] texts) {
                statement.setArray(first + i, statement.getConnection().createArrayOf("text", texts));
            } else {
                statement.setObject(first + i, value);
            }
        }
    }

    static List<Map<String, @Nullable Object>> read(ResultSet results) throws SQLException {
        ResultSetMetaData meta = results.getMetaData();
        int columns = meta.getColumnCount();
        String[] labels = new String[columns];
        boolean[] json = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            labels[i] = meta.getColumnLabel(i + 1);
            json[i] = meta.getColumnType(i + 1) == Types.OTHER
                    && meta.getColumnTypeName(i + 1).startsWith("json");
        }
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        while (results.next()) {
            var row = new LinkedHashMap<String, @Nullable Object>(columns * 2);
            for (int i = 0; i < columns; i++) {
                row.put(labels[i], json[i] ? json(results.getString(i + 1)) : value(results.getObject(i + 1)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static @Nullable Object json(@Nullable String text) throws SQLException {
        try {
            return text == null ? null : JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new SQLException("a json column holds no json", e);
        }
    }

    private static @Nullable Object value(@Nullable Object value) throws SQLException {
        if (value instanceof Timestamp time) {
            return time.toInstant();
        }
        if (value instanceof BigDecimal number) {
            return number.doubleValue();
        }
        if (value instanceof Float number) {
            return Math.round(number * 1e4) / 1e4;
        }
        if (value instanceof Date date) {
            return date.toLocalDate().toString();
        }
        if (value instanceof Array array) {
            return List.of((Object[]) array.getArray());
        }
        return value;
    }
}
