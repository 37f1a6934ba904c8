package me.musclemap.api.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.telemetry.database.DatabaseCall;
import me.musclemap.telemetry.database.DatabaseTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * Statements on one pool, in the name of the service or of one user. In the name of a user they run as a role to which
 * PostgreSQL shows that user's rows alone, so a forgotten condition finds nothing of others.
 *
 * <p>Role and user are settings of the transaction, sent in the same round trip as the statement: after it nothing is left
 * on the connection, and a pooler in transaction mode may sit in between. Safe for use by many threads.
 */
public final class Statements {
    /** Two statements in one message are one transaction, so the settings hold for the second and end with it. */
    private static final String AS_MEMBER =
            "select set_config('app.user_id', ?, true), set_config('role', '" + Schema.MEMBER_ROLE + "', true);";

    private final Pool pool;
    private final DatabaseTelemetry telemetry;
    private final @Nullable String user;

    Statements(Pool pool, DatabaseTelemetry telemetry, @Nullable String user) {
        this.pool = pool;
        this.telemetry = telemetry;
        this.user = user;
    }

    /** All rows of {@code sql}. */
    public List<Map<String, @Nullable Object>> rows(String name, String sql, @Nullable Object... values) {
        return call(name, connection -> {
            if (user == null) {
                return Database.rows(connection, sql, values);
            }
            try (PreparedStatement statement = asMember(connection, user, sql, values)) {
                return Database.read(statement.getResultSet());
            }
        });
    }

    /** The first row of {@code sql}, if there is one. */
    public Optional<Map<String, @Nullable Object>> row(String name, String sql, @Nullable Object... values) {
        return rows(name, sql, values).stream().findFirst();
    }

    /** Runs a statement that answers nothing; returns how many rows it touched. */
    public int update(String name, String sql, @Nullable Object... values) {
        return call(name, connection -> {
            if (user == null) {
                return Database.update(connection, sql, values);
            }
            try (PreparedStatement statement = asMember(connection, user, sql, values)) {
                return statement.getUpdateCount();
            }
        });
    }

    /** Runs {@code work} in one transaction. */
    public <T> T transaction(String name, Database.Work<T> work) {
        return call(name, connection -> {
            connection.setAutoCommit(false);
            try {
                if (user != null) {
                    Database.rows(connection, AS_MEMBER, user);
                }
                T result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        });
    }

    private static PreparedStatement asMember(Connection connection, String user, String sql, @Nullable Object[] values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(AS_MEMBER + sql);
        try {
            statement.setString(1, user);
            Database.bind(statement, 2, values);
            statement.execute();
            statement.getMoreResults();
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private <T> T call(String name, Database.Work<T> work) {
        try (DatabaseCall call = telemetry.start(name)) {
            try {
                return pool.with(work);
            } catch (SQLException e) {
                call.failed(e);
                throw Database.refusal(name, e);
            }
        }
    }
}
