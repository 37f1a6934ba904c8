package me.musclemap.rum.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.CulpritKey;
import me.musclemap.rum.sketch.GroupKey;

/** Keys and cells as rows of the tables. */
final class CellRows {
    static final String CELL_COLUMNS = "at, source, route, metric, navigation, device, connection, country, release,"
            + " views, good, needs_improvement, poor, sketch";
    static final String GROUP_COLUMNS = "at, release, source, route, metric, navigation, device, connection, grp,"
            + " views, good, needs_improvement, poor, sketch";
    static final String CULPRIT_COLUMNS = "at, source, route, metric, navigation, target, units, poor_units";

    private static final Map<String, Connection> CONNECTIONS = new HashMap<>();

    static {
        for (Connection connection : Connection.values()) {
            CONNECTIONS.put(connection.label(), connection);
        }
    }

    private CellRows() {}

    static String insert(Tier tier, String columns, int count) {
        return "insert into " + tier.table() + " (node, " + columns + ") values (?" + ", ?".repeat(count) + ")";
    }

    static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    static void set(PreparedStatement row, String node, Instant at, CellKey key, Cell cell) throws SQLException {
        row.setString(1, node);
        row.setObject(2, time(at));
        row.setString(3, key.sender().label());
        row.setString(4, key.route());
        row.setString(5, key.vital().label());
        row.setString(6, key.navigation().label());
        row.setString(7, key.device().label());
        row.setString(8, key.connection().label());
        row.setString(9, key.country());
        row.setString(10, key.release());
        counts(row, 11, cell);
    }

    static void set(PreparedStatement row, String node, Instant at, GroupKey key, Cell cell) throws SQLException {
        row.setString(1, node);
        row.setObject(2, time(at));
        row.setString(3, key.release());
        row.setString(4, key.sender().label());
        row.setString(5, key.route());
        row.setString(6, key.vital().label());
        row.setString(7, key.navigation().label());
        row.setString(8, key.device().label());
        row.setString(9, key.connection().label());
        row.setInt(10, key.group());
        counts(row, 11, cell);
    }

    private static void counts(PreparedStatement row, int first, Cell cell) throws SQLException {
        row.setLong(first, cell.views());
        row.setLong(first + 1, cell.units(Rating.GOOD));
        row.setLong(first + 2, cell.units(Rating.NEEDS_IMPROVEMENT));
        row.setLong(first + 3, cell.units(Rating.POOR));
        row.setBytes(first + 4, cell.sketch().encode());
    }

    static Instant at(ResultSet row) throws SQLException {
        return row.getObject(1, OffsetDateTime.class).toInstant();
    }

    static CellKey cellKey(ResultSet row) throws SQLException {
        return new CellKey(
                sender(row.getString(2)),
                row.getString(3),
                vital(row.getString(4)),
                navigation(row.getString(5)),
                device(row.getString(6)),
                connection(row.getString(7)),
                row.getString(8),
                row.getString(9));
    }

    static GroupKey groupKey(ResultSet row) throws SQLException {
        return new GroupKey(
                row.getString(2),
                sender(row.getString(3)),
                row.getString(4),
                vital(row.getString(5)),
                navigation(row.getString(6)),
                device(row.getString(7)),
                connection(row.getString(8)),
                row.getInt(9));
    }

    /** Cells and groups have their counts in the same places. */
    static Cell cell(ResultSet row) throws SQLException {
        return Cell.of(row.getLong(10), row.getLong(11), row.getLong(12), row.getLong(13), row.getBytes(14));
    }

    static CulpritKey culpritKey(ResultSet row) throws SQLException {
        return new CulpritKey(
                sender(row.getString(2)),
                row.getString(3),
                vital(row.getString(4)),
                navigation(row.getString(5)),
                row.getString(6));
    }

    private static Sender sender(String label) {
        return Sender.valueOf(label.toUpperCase(Locale.ROOT));
    }

    private static Vital vital(String label) {
        return Vital.named(label).orElseThrow(() -> new IllegalStateException("the database holds a metric " + label));
    }

    private static Navigation navigation(String label) {
        return Navigation.valueOf(label.toUpperCase(Locale.ROOT));
    }

    private static Device device(String label) {
        return Device.valueOf(label.toUpperCase(Locale.ROOT));
    }

    private static Connection connection(String label) {
        return CONNECTIONS.getOrDefault(label, Connection.UNKNOWN);
    }
}
