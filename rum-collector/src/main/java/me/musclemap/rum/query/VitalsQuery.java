package me.musclemap.rum.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.sketch.CellSource;

/**
 * One question: which vital, over which time, of which page views, split by what.
 *
 * @param only values that page views must have, by dimension
 * @param groupBy dimensions to split by
 * @param stepMillis length of the spans of time to split by, zero not to; a cell that is longer counts where it begins
 */
public record VitalsQuery(
        Vital vital,
        long fromMillis,
        long toMillis,
        Map<Dimension, String> only,
        List<Dimension> groupBy,
        long stepMillis) {
    /** What the first part of a group is called when time is split. */
    public static final String AT = "at";

    private static final int SPANS_MAX = 2000;
    private static final Map<String, Long> STEPS = Map.of("minute", 60_000L, "hour", 3_600_000L, "day", 86_400_000L);
    private static final long DAY_MILLIS = 24 * 3600 * 1000L;

    /** What page views can be told apart by. */
    public enum Dimension {
        /** Route template. */
        ROUTE,
        /** How the view began: load, prerender, bfcache, soft. */
        NAVIGATION,
        /** mobile, tablet, desktop. */
        DEVICE,
        /** slow-2g, 2g, 3g, 4g, save-data, unknown. */
        CONNECTION,
        /** Two letters, ZZ if not told by whom we trust. */
        COUNTRY,
        /** Release of the application. */
        RELEASE,
        /** field or synthetic. */
        SOURCE;

        /** The word in a query. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        String of(CellKey key) {
            return switch (this) {
                case ROUTE -> key.route();
                case NAVIGATION -> key.navigation().label();
                case DEVICE -> key.device().label();
                case CONNECTION -> key.connection().label();
                case COUNTRY -> key.country();
                case RELEASE -> key.release();
                case SOURCE -> key.sender().label();
            };
        }
    }

    /** Copies the collections. */
    public VitalsQuery {
        only = Map.copyOf(only);
        groupBy = List.copyOf(groupBy);
        if (toMillis <= fromMillis) {
            throw new IllegalArgumentException("to must be later than from");
        }
        if (stepMillis > 0 && (toMillis - fromMillis) / stepMillis > SPANS_MAX) {
            throw new IllegalArgumentException("the answer would have more than " + SPANS_MAX
                    + " spans of time: use a longer step or a shorter time");
        }
    }

    /**
     * Reads a query from its parameters. Field data of loaded pages of the last day, unless asked otherwise.
     *
     * @throws IllegalArgumentException if a parameter is unknown or malformed; the message says what to write
     */
    public static VitalsQuery parse(Map<String, String> parameters, long nowMillis) {
        var known = Set.of(
                "metric",
                "from",
                "to",
                "step",
                "group",
                "route",
                "navigation",
                "device",
                "connection",
                "country",
                "release",
                "source");
        for (String name : parameters.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown parameter " + name + ": use " + String.join(", ", new java.util.TreeSet<>(known)));
            }
        }
        String metric = parameters.getOrDefault("metric", "");
        Vital vital = Vital.named(metric)
                .orElseThrow(() -> new IllegalArgumentException("metric=" + metric + ": use one of " + names()));
        var only = new LinkedHashMap<Dimension, String>();
        only.put(Dimension.SOURCE, "field");
        only.put(Dimension.NAVIGATION, "load");
        var groupBy = new ArrayList<Dimension>();
        for (String name : parameters.getOrDefault("group", "").split(",", -1)) {
            if (!name.isEmpty()) {
                groupBy.add(dimension(name));
            }
        }
        groupBy.forEach(only::remove);
        for (Dimension dimension : Dimension.values()) {
            String value = parameters.get(dimension.label());
            if (value != null) {
                only.put(dimension, value);
            }
        }
        only.values().removeIf(value -> value.equals("any"));
        long to = instant("to", parameters.getOrDefault("to", ""), nowMillis + 1);
        return new VitalsQuery(
                vital,
                instant("from", parameters.getOrDefault("from", ""), to - DAY_MILLIS),
                to,
                only,
                groupBy,
                step(parameters.getOrDefault("step", "")));
    }

    private static long step(String text) {
        Long step = text.isEmpty() ? Long.valueOf(0) : STEPS.get(text);
        if (step == null) {
            throw new IllegalArgumentException("step=" + text + ": use minute, hour or day");
        }
        return step;
    }

    private static String names() {
        var names = new ArrayList<String>();
        for (Vital vital : Vital.values()) {
            names.add(vital.label());
        }
        return String.join(", ", names);
    }

    private static Dimension dimension(String name) {
        for (Dimension dimension : Dimension.values()) {
            if (dimension.label().equals(name)) {
                return dimension;
            }
        }
        throw new IllegalArgumentException(
                "group=" + name + ": use route, navigation, device, connection, country, release or source");
    }

    private static long instant(String name, String text, long absent) {
        if (text.isEmpty()) {
            return absent;
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + "=" + text + ": write a time such as 2026-11-22T14:00:00Z", e);
        }
    }

    /** The answer: one cell for each combination of the dimensions that is there, in their order. */
    public Map<List<String>, Cell> answer(CellSource source) {
        var groups = new TreeMap<List<String>, Cell>(VitalsQuery::compare);
        source.cells(vital, fromMillis, toMillis, (at, key, cell) -> {
            if (matches(key)) {
                groups.computeIfAbsent(group(at, key), g -> new Cell()).merge(cell);
            }
        });
        groups.values().removeIf(cell -> cell.views() == 0);
        return groups;
    }

    /** Whether page views with this value are asked for. */
    public boolean asksFor(Dimension dimension, String value) {
        String wanted = only.get(dimension);
        return wanted == null || wanted.equals(value);
    }

    private boolean matches(CellKey key) {
        for (var entry : only.entrySet()) {
            if (!entry.getKey().of(key).equals(entry.getValue())) {
                return false;
            }
        }
        return true;
    }

    private List<String> group(long at, CellKey key) {
        var group = new ArrayList<String>(groupBy.size() + 1);
        if (stepMillis > 0) {
            group.add(Instant.ofEpochMilli(Math.floorDiv(at, stepMillis) * stepMillis)
                    .toString());
        }
        for (Dimension dimension : groupBy) {
            group.add(dimension.of(key));
        }
        return group;
    }

    /** What the parts of a group are called. */
    public List<String> groupNames() {
        var names = new ArrayList<String>();
        if (stepMillis > 0) {
            names.add(AT);
        }
        groupBy.forEach(dimension -> names.add(dimension.label()));
        return names;
    }

    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
