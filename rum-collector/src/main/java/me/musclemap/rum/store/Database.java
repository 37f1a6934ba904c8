package me.musclemap.rum.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.intake.Outcome;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.CellSource;
import me.musclemap.rum.sketch.Culprit;
import me.musclemap.rum.spool.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * The counts of all collectors in PostgreSQL. Rows only add up: a later row may take out what an earlier one put in, and
 * collectors write rows of their own. Safe for use by many threads.
 */
public final class Database implements CellSource, AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final int ROWS_AT_ONCE = 500;
    private static final long CONNECT_MILLIS = 3000;

    private final HikariDataSource pool;

    /**
     * Where the database is. The password is not printed.
     *
     * @param jdbcUrl for example {@code jdbc:postgresql://127.0.0.1:5432/musclemap}
     */
    public record Address(String jdbcUrl, String user, String password) {
        @Override
        public String toString() {
            return jdbcUrl;
        }
    }

    /** It could not be reached, or failed. */
    public static final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnavailableException(SQLException cause) {
            super("the database does not answer: " + cause.getMessage(), cause);
        }
    }

    /** Does not connect yet. */
    public Database(Address address, MeterRegistry meters) {
        var config = new HikariConfig();
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setPoolName("rum");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setMetricRegistry(meters);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "rum-collector");
        config.addDataSourceProperty("socketTimeout", "60");
        pool = new HikariDataSource(config);
    }

    /** Makes the tables that are absent, and says how far the log of this node is counted. */
    LogPosition prepare(String node) throws SQLException {
        try (var connection = pool.getConnection()) {
            Schema.make(connection);
            try (var insert = connection.prepareStatement(
                    "insert into rum.checkpoint (node, segment, pos) values (?, 0, 0) on conflict do nothing")) {
                insert.setString(1, node);
                insert.execute();
            }
            LogPosition position = checkpoint(connection, node);
            connection.commit();
            return position;
        }
    }

    private static LogPosition checkpoint(Connection connection, String node) throws SQLException {
        try (var select =
                connection.prepareStatement("select segment, pos from rum.checkpoint where node = ? for update")) {
            select.setString(1, node);
            try (var rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("the checkpoint of " + node + " is gone: somebody deleted it");
                }
                return new LogPosition(rows.getLong(1), rows.getLong(2));
            }
        }
    }

    /**
     * Writes the changes of the records between two positions of a node's log, once: in one transaction with the position.
     *
     * @throws SQLException if it was not written, or nobody knows; call it again with the same arguments
     */
    void write(String node, LogPosition from, LogPosition to, Batch batch, Map<Outcome, Long> outcomes)
            throws SQLException {
        try (var connection = pool.getConnection()) {
            try {
                LogPosition written = checkpoint(connection, node);
                if (written.compareTo(to) >= 0) {
                    connection.rollback(); // a commit whose answer was lost
                    return;
                }
                if (!written.equals(from)) {
                    throw new IllegalStateException("the log of node %s is counted up to %s, not %s: does another"
                                    .formatted(node, written, from)
                            + " collector write under this name?");
                }
                insert(connection, node, batch);
                ledger(connection, node, outcomes);
                advance(connection, node, to);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private static void insert(Connection connection, String node, Batch batch) throws SQLException {
        var partitions = new Partitions(connection);
        try (var rows = new Rows(connection, node)) {
            for (var entry : batch.cells().entrySet()) {
                Instant minute = Instant.ofEpochSecond(entry.getKey().time() * 60);
                Tier tier = partitions.open(Tier.MINUTE, minute);
                if (tier != null) {
                    CellRows.set(
                            rows.of(tier, CellRows.CELL_COLUMNS, 14),
                            node,
                            tier.cellAt(minute),
                            entry.getKey().key(),
                            entry.getValue());
                    rows.add(tier);
                }
            }
            for (var entry : batch.groups().entrySet()) {
                Instant hour = Instant.ofEpochSecond(entry.getKey().time() * 3600);
                if (partitions.open(Tier.GROUP, hour) != null) {
                    CellRows.set(
                            rows.of(Tier.GROUP, CellRows.GROUP_COLUMNS, 14),
                            node,
                            hour,
                            entry.getKey().key(),
                            entry.getValue());
                    rows.add(Tier.GROUP);
                }
            }
            insertCulprits(batch, partitions, rows, node);
            rows.flush();
        }
    }

    private static void insertCulprits(Batch batch, Partitions partitions, Rows rows, String node) throws SQLException {
        for (var entry : batch.culprits().entrySet()) {
            Instant hour = Instant.ofEpochSecond(entry.getKey().time() * 3600);
            if (partitions.open(Tier.CULPRIT, hour) != null) {
                var key = entry.getKey().key();
                PreparedStatement row = rows.of(Tier.CULPRIT, CellRows.CULPRIT_COLUMNS, 8);
                row.setString(1, node);
                row.setObject(2, CellRows.time(hour));
                row.setString(3, key.sender().label());
                row.setString(4, key.route());
                row.setString(5, key.vital().label());
                row.setString(6, key.navigation().label());
                row.setString(7, key.target());
                row.setLong(8, entry.getValue().units());
                row.setLong(9, entry.getValue().poorUnits());
                rows.add(Tier.CULPRIT);
            }
        }
    }

    private static void ledger(Connection connection, String node, Map<Outcome, Long> outcomes) throws SQLException {
        try (var upsert = connection.prepareStatement("insert into rum.ledger (node, outcome, beacons) values (?, ?, ?)"
                + " on conflict (node, outcome) do update set beacons = rum.ledger.beacons + excluded.beacons")) {
            for (var entry : new TreeMap<>(outcomes).entrySet()) {
                upsert.setString(1, node);
                upsert.setString(2, entry.getKey().label());
                upsert.setLong(3, entry.getValue());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void advance(Connection connection, String node, LogPosition to) throws SQLException {
        try (var update = connection.prepareStatement(
                "update rum.checkpoint set segment = ?, pos = ?, updated_at = now() where node = ?")) {
            update.setLong(1, to.segment());
            update.setLong(2, to.offset());
            update.setString(3, node);
            update.executeUpdate();
        }
    }

    /** The partitions that one transaction has looked at. */
    static final class Partitions {
        private final Connection connection;
        private final Map<String, Boolean> known = new HashMap<>();

        Partitions(Connection connection) {
            this.connection = connection;
        }

        /** The finest table that still takes cells of this moment: {@code finest} or a coarser one; null if none does. */
        @Nullable
        Tier open(Tier finest, Instant moment) throws SQLException {
            for (Tier tier = finest; tier != null; tier = tier.next()) {
                LocalDate start = tier.partitionAt(moment);
                String name = tier.partitionTable(start);
                Boolean isThere = known.get(name);
                if (isThere == null) {
                    isThere = Schema.ensure(connection, tier, start);
                    known.put(name, isThere);
                }
                if (isThere) {
                    return tier;
                }
            }
            return null;
        }
    }

    /** Rows to be inserted, some hundred at a time. */
    static final class Rows implements AutoCloseable {
        private final Connection connection;
        private final String node;
        private final Map<Tier, PreparedStatement> statements = new HashMap<>();
        private final Map<Tier, Integer> waiting = new HashMap<>();

        Rows(Connection connection, String node) {
            this.connection = connection;
            this.node = node;
        }

        PreparedStatement of(Tier tier, String columns, int count) throws SQLException {
            PreparedStatement statement = statements.get(tier);
            if (statement == null) {
                statement = connection.prepareStatement(CellRows.insert(tier, columns, count));
                statements.put(tier, statement);
            }
            return statement;
        }

        void cell(Tier tier, Instant at, CellKey key, Cell cell) throws SQLException {
            CellRows.set(of(tier, CellRows.CELL_COLUMNS, 14), node, at, key, cell);
            add(tier);
        }

        void add(Tier tier) throws SQLException {
            PreparedStatement statement = statements.get(tier);
            if (statement == null) {
                throw new IllegalStateException("no row of " + tier);
            }
            statement.addBatch();
            if (waiting.merge(tier, 1, Integer::sum) % ROWS_AT_ONCE == 0) {
                statement.executeBatch();
            }
        }

        void flush() throws SQLException {
            for (PreparedStatement statement : statements.values()) {
                statement.executeBatch();
            }
        }

        @Override
        public void close() throws SQLException {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
        }
    }

    @Override
    public void cells(Vital vital, long fromMillis, long toMillis, CellVisitor visitor) {
        for (Tier tier : List.of(Tier.MINUTE, Tier.HOUR, Tier.DAY)) {
            read(tier, CellRows.CELL_COLUMNS, "", "", vital, fromMillis, toMillis, row -> {
                visitor.see(CellRows.at(row).toEpochMilli(), CellRows.cellKey(row), CellRows.cell(row));
            });
        }
    }

    @Override
    public void groups(Vital vital, String release, long fromMillis, long toMillis, GroupVisitor visitor) {
        read(Tier.GROUP, CellRows.GROUP_COLUMNS, " and release = ?", release, vital, fromMillis, toMillis, row -> {
            visitor.see(CellRows.groupKey(row), CellRows.cell(row));
        });
    }

    @Override
    public void culprits(Vital vital, long fromMillis, long toMillis, CulpritVisitor visitor) {
        read(Tier.CULPRIT, CellRows.CULPRIT_COLUMNS, "", "", vital, fromMillis, toMillis, row -> {
            var culprit = new Culprit();
            culprit.add(row.getLong(7), row.getLong(8));
            visitor.see(CellRows.culpritKey(row), culprit);
        });
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void read(
            Tier tier,
            String columns,
            String and,
            String argument,
            Vital vital,
            long fromMillis,
            long toMillis,
            RowReader reader) {
        Instant from = tier.cellAt(Instant.ofEpochMilli(Math.max(0, fromMillis)));
        Instant to = Instant.ofEpochMilli(
                Math.min(toMillis, Instant.parse("9999-01-01T00:00:00Z").toEpochMilli()));
        String sql = "select " + columns + " from " + tier.table() + " where metric = ? and at >= ? and at < ?" + and;
        this.<Boolean>ask(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                select.setFetchSize(2000);
                select.setString(1, vital.label());
                select.setObject(2, CellRows.time(from));
                select.setObject(3, CellRows.time(to));
                if (!and.isEmpty()) {
                    select.setString(4, argument);
                }
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        reader.read(rows);
                    }
                }
            }
            return true;
        });
    }

    /** Beacons of all collectors by outcome, as they are counted here. */
    public Map<String, Long> ledger() {
        return this.<Map<String, Long>>ask(connection -> {
            var ledger = new TreeMap<String, Long>();
            try (var select = connection.prepareStatement(
                            "select outcome, sum(beacons) from rum.ledger group by outcome");
                    var rows = select.executeQuery()) {
                while (rows.next()) {
                    ledger.put(rows.getString(1), rows.getLong(2));
                }
            }
            return ledger;
        });
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    private <T> T ask(Question<T> question) {
        try (var connection = pool.getConnection()) {
            try {
                return question.ask(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new UnavailableException(e);
        }
    }

    /** Does something within one transaction. */
    void inTransaction(Work work) throws SQLException {
        try (var connection = pool.getConnection()) {
            try {
                work.with(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    interface Work {
        void with(Connection connection) throws SQLException;
    }

    @Override
    public void close() {
        pool.close();
    }
}
