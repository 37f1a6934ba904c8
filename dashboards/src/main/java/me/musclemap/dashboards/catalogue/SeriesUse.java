package me.musclemap.dashboards.catalogue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds the series and labels that a PromQL expression names, and what of them the catalogue does not give. It reads
 * words, not the grammar: that the expression parses is for Prometheus to say.
 */
public final class SeriesUse {
    private static final Pattern TOKEN = Pattern.compile("(?<text>\"(?:\\\\.|[^\"\\\\])*\"|'[^']*')"
            + "|(?<range>\\[[^\\]]*\\])"
            + "|(?<number>\\d[\\w.]*)"
            + "|(?<name>[A-Za-z_:][A-Za-z0-9_:]*)"
            + "|(?<sign>[^\\sA-Za-z0-9_])");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "unless",
            "bool",
            "offset",
            "inf",
            "nan",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right");

    private record Token(String kind, String text) {}

    private final List<Token> tokens = new ArrayList<>();
    private final Catalogue catalogue;
    private final Set<String> problems = new TreeSet<>();
    private final Set<String> series = new TreeSet<>();
    private final Set<String> known = new HashSet<>();
    private final Set<String> grouped = new TreeSet<>();

    private SeriesUse(String expr, Catalogue catalogue) {
        this.catalogue = catalogue;
        var matcher = TOKEN.matcher(expr);
        while (matcher.find()) {
            for (String kind : List.of("text", "range", "number", "name", "sign")) {
                if (matcher.group(kind) != null) {
                    tokens.add(new Token(kind, matcher.group()));
                }
            }
        }
    }

    /** What the expression names that the catalogue does not give, as sentences. */
    public static List<String> problems(String expr, Catalogue catalogue) {
        var use = new SeriesUse(expr, catalogue);
        use.read();
        return List.copyOf(use.problems);
    }

    /** The series that the expression names. */
    public static Set<String> series(String expr, Catalogue catalogue) {
        var use = new SeriesUse(expr, catalogue);
        use.read();
        return use.series;
    }

    private void read() {
        for (int i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            boolean opens = is(i + 1, "(") || is(i + 1, "by") || is(i + 1, "without");
            if (GROUPINGS.contains(token.text()) && opens) {
                i = labels(i + 2);
            } else if (token.kind().equals("text") && is(i - 1, ",")) {
                // An argument of a function: label_replace writes such a label.
                known.add(token.text().substring(1, token.text().length() - 1));
            } else if (token.kind().equals("name")
                    && !opens
                    && !WORDS.contains(token.text().toLowerCase(Locale.ROOT))) {
                i = selector(i);
            }
        }
        for (String label : grouped) {
            if (!known.contains(label)) {
                problems.add("no series of the expression has the label " + label);
            }
        }
        if (series.isEmpty() && tokens.stream().noneMatch(token -> token.text().equals("vector"))) {
            problems.add("names no series");
        }
    }

    private boolean is(int at, String text) {
        return at >= 0 && at < tokens.size() && tokens.get(at).text().equals(text);
    }

    private int labels(int from) {
        int at = from;
        while (at < tokens.size() && !is(at, ")")) {
            if (tokens.get(at).kind().equals("name")) {
                grouped.add(tokens.get(at).text());
            }
            at++;
        }
        return at;
    }

    private int selector(int at) {
        String name = tokens.get(at).text();
        series.add(name);
        var labels = catalogue.labels(name);
        labels.ifPresent(known::addAll);
        if (labels.isEmpty()) {
            problems.add("unknown metric " + name + ": it is not in the catalogue");
        }
        if (!is(at + 1, "{")) {
            return at;
        }
        int next = at + 2;
        while (next < tokens.size() && !is(next, "}")) {
            var token = tokens.get(next);
            if (token.kind().equals("name")
                    && labels.isPresent()
                    && !labels.get().contains(token.text())) {
                problems.add(name + " has no label " + token.text() + ": it has " + String.join(", ", labels.get()));
            }
            next++;
        }
        return next;
    }
}
