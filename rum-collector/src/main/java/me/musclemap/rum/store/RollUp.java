package me.musclemap.rum.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.CellKey;

/**
 * Adds old cells up: minutes to hours after two days, hours to days after thirty, and drops days after four hundred, and
 * what is kept by group and by element after thirty days. A partition goes in the same transaction that writes its sums, so
 * that a collector which dies in between changes nothing, and any collector may do it.
 */
public final class RollUp {
    private static final String NODE = "(sum)";

    private final Database database;

    /** Of this database. */
    public RollUp(Database database) {
        this.database = database;
    }

    /**
     * Rolls up all partitions that are old at this moment.
     *
     * @return how many
     * @throws SQLException if the database fails; what was done stays done
     */
    public int run(Instant now) throws SQLException {
        int count = 0;
        for (Tier tier : Tier.values()) {
            for (LocalDate start : open(tier)) {
                Instant end =
                        tier.partitionEnd(start).atStartOfDay(ZoneOffset.UTC).toInstant();
                if (!end.plus(tier.kept()).isAfter(now)) {
                    database.inTransaction(connection -> roll(connection, tier, start));
                    count++;
                }
            }
        }
        return count;
    }

    private List<LocalDate> open(Tier tier) throws SQLException {
        var starts = new ArrayList<LocalDate>();
        database.inTransaction(connection -> {
            try (var select = connection.prepareStatement(
                    "select starts from rum.partition where tier = ? and not rolled order by starts")) {
                select.setString(1, tier.name());
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        starts.add(rows.getObject(1, LocalDate.class));
                    }
                }
            }
        });
        return starts;
    }

    private static void roll(Connection connection, Tier tier, LocalDate start) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(" + Schema.LOCK + ")");
        }
        try (var mark = connection.prepareStatement(
                "update rum.partition set rolled = true where tier = ? and starts = ? and not rolled")) {
            mark.setString(1, tier.name());
            mark.setObject(2, start);
            if (mark.executeUpdate() == 0) {
                return; // another collector was faster
            }
        }
        try (var statement = connection.createStatement()) {
            // Who is writing into it ends first; who comes later finds it rolled.
            statement.execute("lock table " + tier.partitionTable(start) + " in access exclusive mode");
        }
        Tier next = tier.next();
        if (next != null) {
            addUp(connection, tier, next, start);
        }
        try (var statement = connection.createStatement()) {
            statement.execute("drop table " + tier.partitionTable(start));
        }
    }

    /** One cell of the coarser table at a time, so that memory is bounded by the keys of an hour or a day. */
    private static void addUp(Connection connection, Tier tier, Tier next, LocalDate start) throws SQLException {
        Instant end = tier.partitionEnd(start).atStartOfDay(ZoneOffset.UTC).toInstant();
        var partitions = new Database.Partitions(connection);
        try (var rows = new Database.Rows(connection, NODE)) {
            for (Instant at = start.atStartOfDay(ZoneOffset.UTC).toInstant();
                    at.isBefore(end);
                    at = at.plus(next.cellLength())) {
                Tier into = partitions.open(next, at);
                if (into != null) {
                    for (var entry : sums(connection, tier, start, at, at.plus(next.cellLength()))
                            .entrySet()) {
                        rows.cell(into, into.cellAt(at), entry.getKey(), entry.getValue());
                    }
                }
            }
            rows.flush();
        }
    }

    private static Map<CellKey, Cell> sums(Connection connection, Tier tier, LocalDate start, Instant from, Instant to)
            throws SQLException {
        var sums = new HashMap<CellKey, Cell>();
        try (var select = connection.prepareStatement("select " + CellRows.CELL_COLUMNS + " from "
                + tier.partitionTable(start) + " where at >= ? and at < ?")) {
            select.setFetchSize(2000);
            select.setObject(1, CellRows.time(from));
            select.setObject(2, CellRows.time(to));
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    sums.computeIfAbsent(CellRows.cellKey(rows), key -> new Cell())
                            .merge(CellRows.cell(rows));
                }
            }
        }
        sums.values().removeIf(cell -> cell.views() == 0);
        return sums;
    }
}
