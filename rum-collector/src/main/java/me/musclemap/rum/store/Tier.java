package me.musclemap.rum.store;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tables that are split by time, with how long each is kept. When a partition of cells is old, its cells are added up into
 * the next coarser table and it is dropped, in one transaction: each value is in exactly one of them.
 */
enum Tier {
    /** Cells by the minute. */
    MINUTE("minute_cell", ChronoUnit.MINUTES, false, Duration.ofDays(2)),
    /** Cells by the hour. */
    HOUR("hour_cell", ChronoUnit.HOURS, false, Duration.ofDays(30)),
    /** Cells by the day. */
    DAY("day_cell", ChronoUnit.DAYS, true, Duration.ofDays(400)),
    /** Cells by group of sessions and hour, for the comparison of releases. */
    GROUP("group_cell", ChronoUnit.HOURS, false, Duration.ofDays(30)),
    /** Elements by the hour. */
    CULPRIT("culprit", ChronoUnit.HOURS, false, Duration.ofDays(30));

    private final String table;
    private final ChronoUnit unit;
    private final boolean byMonth;
    private final Duration kept;

    Tier(String table, ChronoUnit unit, boolean byMonth, Duration kept) {
        this.table = table;
        this.unit = unit;
        this.byMonth = byMonth;
        this.kept = kept;
    }

    String table() {
        return "rum." + table;
    }

    /** How long a partition is kept after its end. */
    Duration kept() {
        return kept;
    }

    /** The table that takes its cells when they are old; null if they are dropped. */
    @Nullable
    Tier next() {
        return this == MINUTE ? HOUR : this == HOUR ? DAY : null;
    }

    /** The time of the cell that this moment belongs to. */
    Instant cellAt(Instant moment) {
        return moment.truncatedTo(unit);
    }

    Duration cellLength() {
        return unit.getDuration();
    }

    /** First day of the partition that this moment belongs to. */
    LocalDate partitionAt(Instant moment) {
        LocalDate day = LocalDate.ofInstant(moment, ZoneOffset.UTC);
        return byMonth ? day.withDayOfMonth(1) : day;
    }

    LocalDate partitionEnd(LocalDate start) {
        return byMonth ? start.plusMonths(1) : start.plusDays(1);
    }

    String partitionTable(LocalDate start) {
        return table() + "_" + start.toString().replace("-", "");
    }
}
