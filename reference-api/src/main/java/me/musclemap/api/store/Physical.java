package me.musclemap.api.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens PostgreSQL's own connections and remembers those that are in use, so that all can be cut while their users wait for an
 * answer that will not come. Safe for use by many threads.
 */
final class Physical extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Physical.class);

    private final transient Map<Connection, Boolean> open = new WeakHashMap<>();

    /** Connections to {@code jdbcUrl}. @throws IllegalArgumentException when that is none of PostgreSQL's */
    Physical(String jdbcUrl, String user, String password) {
        setURL(jdbcUrl);
        setUser(user);
        setPassword(password);
        if (getSocketTimeout() == 0) {
            setSocketTimeout(15); // the longest statement; the address may say otherwise
        }
        setConnectTimeout(1);
        setLoginTimeout(1);
        setTcpKeepAlive(true);
        setApplicationName("reference-api");
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = unpooled();
        synchronized (open) {
            open.put(connection, true);
        }
        return connection;
    }

    /** A connection that {@link #abort} leaves alone. */
    Connection unpooled() throws SQLException {
        return super.getConnection();
    }

    /** Cuts all connections that are in use: who waits for an answer is told that there is none. */
    void abort() {
        List<Connection> all;
        synchronized (open) {
            all = new ArrayList<>(open.keySet());
            open.clear();
        }
        for (Connection connection : all) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("a connection is gone already", e);
            }
        }
    }
}
