package me.musclemap.rum.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;

/** The tables, in a schema of their own. */
final class Schema {
    /** So that collectors that start side by side do not make the same table at once. */
    static final long LOCK = 0x72756d5f736368L;

    private static final String CELL_COLUMNS = """
            at timestamptz not null, node text not null, source text not null, route text not null, metric text not null,
            navigation text not null, device text not null, connection text not null, country text not null,
            release text not null, views bigint not null, good bigint not null, needs_improvement bigint not null,
            poor bigint not null, sketch bytea not null""";

    private static final String GROUP_COLUMNS = """
            at timestamptz not null, node text not null, release text not null, source text not null, route text not null,
            metric text not null, navigation text not null, device text not null, connection text not null,
            grp smallint not null, views bigint not null, good bigint not null, needs_improvement bigint not null,
            poor bigint not null, sketch bytea not null""";

    private static final String CULPRIT_COLUMNS = """
            at timestamptz not null, node text not null, source text not null, route text not null, metric text not null,
            navigation text not null, target text not null, units bigint not null, poor_units bigint not null""";

    private Schema() {}

    /** Makes what is absent; ends the transaction. */
    static void make(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            statement.execute("set local client_min_messages = warning");
            statement.execute("create schema if not exists rum");
            statement.execute(
                    "create table if not exists rum.checkpoint (node text primary key, segment bigint not null,"
                            + " pos bigint not null, updated_at timestamptz not null default now())");
            statement.execute("create table if not exists rum.ledger (node text not null, outcome text not null,"
                    + " beacons bigint not null, primary key (node, outcome))");
            statement.execute("create table if not exists rum.partition (tier text not null, starts date not null,"
                    + " rolled boolean not null default false, primary key (tier, starts))");
            for (Tier tier : Tier.values()) {
                String columns =
                        tier == Tier.GROUP ? GROUP_COLUMNS : tier == Tier.CULPRIT ? CULPRIT_COLUMNS : CELL_COLUMNS;
                statement.execute(
                        "create table if not exists " + tier.table() + " (" + columns + ") partition by range (at)");
                String name = tier.table().substring(4) + "_metric_at";
                statement.execute("create index if not exists " + name + " on " + tier.table() + " (metric, at)");
            }
        }
        connection.commit();
    }

    /**
     * Makes a partition if it is absent and was not rolled up before, within the transaction.
     *
     * @return whether it is there
     */
    static boolean ensure(Connection connection, Tier tier, LocalDate start) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            statement.execute("set local client_min_messages = warning");
        }
        try (var known =
                connection.prepareStatement("select rolled from rum.partition where tier = ? and starts = ?")) {
            known.setString(1, tier.name());
            known.setObject(2, start);
            try (var rows = known.executeQuery()) {
                if (rows.next()) {
                    return !rows.getBoolean(1);
                }
            }
        }
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists %s partition of %s for values from ('%s 00:00+00') to ('%s 00:00+00')"
                            .formatted(tier.partitionTable(start), tier.table(), start, tier.partitionEnd(start)));
        }
        try (var insert = connection.prepareStatement("insert into rum.partition (tier, starts) values (?, ?)")) {
            insert.setString(1, tier.name());
            insert.setObject(2, start);
            insert.execute();
        }
        return true;
    }
}
