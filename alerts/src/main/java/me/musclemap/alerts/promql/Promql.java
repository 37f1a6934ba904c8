package me.musclemap.alerts.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads PromQL. It accepts what rules are written in (selectors, ranges, subqueries, offsets, aggregations, vector
 * matching); {@code promtool} stays the judge of the language. Not thread-safe; one instance reads one text.
 *
 * <p>Source: the precedence of the operators is that of the Prometheus documentation, "Operators".
 */
public final class Promql {
    private static final Pattern TOKEN = Pattern.compile("\\s+|#[^\\n]*"
            + "|(?<duration>(?:\\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_]))"
            + "|(?<number>0x[0-9a-fA-F]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)"
            + "|(?<name>(?!:\\d)[A-Za-z_:][A-Za-z0-9_:]*)"
            + "|(?<text>\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`)"
            + "|(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^(){}\\[\\],<>=:@])");
    private static final Set<String> AGGREGATIONS = Set.of(
            "sum",
            "avg",
            "min",
            "max",
            "count",
            "group",
            "stddev",
            "stdvar",
            "topk",
            "bottomk",
            "quantile",
            "count_values");
    private static final Set<String> WITH_PARAMETER = Set.of("topk", "bottomk", "quantile", "count_values");
    private static final List<Set<String>> LEVELS = List.of(
            Set.of("or"),
            Set.of("and", "unless"),
            Set.of("==", "!=", ">", "<", ">=", "<="),
            Set.of("+", "-"),
            Set.of("*", "/", "%", "atan2"));

    private enum Kind {
        DURATION,
        NUMBER,
        NAME,
        TEXT,
        SIGN,
        END
    }

    private record Token(Kind kind, String text, int at) {}

    private final String source;
    private final List<Token> tokens;
    private int next;

    private Promql(String source) {
        this.source = source;
        this.tokens = tokens(source);
    }

    /**
     * The expression that the text stands for.
     *
     * @throws PromqlException when it is not one
     */
    public static Expr parse(String text) {
        var reader = new Promql(text);
        var expr = reader.binary(0);
        if (reader.peek().kind() != Kind.END) {
            throw reader.expected("the end or an operator");
        }
        return expr;
    }

    private static List<Token> tokens(String source) {
        var found = new ArrayList<Token>();
        Matcher matcher = TOKEN.matcher(source);
        int at = 0;
        while (at < source.length()) {
            matcher.region(at, source.length());
            if (!matcher.lookingAt()) {
                throw new PromqlException(source, at, "'" + source.charAt(at) + "' begins nothing known");
            }
            for (Kind kind : Kind.values()) {
                String group = kind.name().toLowerCase(Locale.ROOT);
                if (kind != Kind.END && matcher.group(group) != null) {
                    found.add(new Token(kind, matcher.group(), at));
                }
            }
            at = matcher.end();
        }
        found.add(new Token(Kind.END, "the end", source.length()));
        return found;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean accept(String text) {
        var token = peek();
        if (token.kind() != Kind.TEXT && token.text().equals(text)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw expected("'" + text + "'");
        }
    }

    private String take(Kind kind, String what) {
        var token = peek();
        if (token.kind() != kind) {
            throw expected(what);
        }
        next++;
        return token.text();
    }

    private PromqlException expected(String what) {
        return new PromqlException(source, peek().at(), "found '" + peek().text() + "', expected " + what);
    }

    private Expr binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        var left = binary(level + 1);
        while (LEVELS.get(level).contains(peek().text()) && peek().kind() != Kind.TEXT) {
            String operator = tokens.get(next++).text();
            boolean bool = accept("bool");
            var matching = matching();
            left = new Binary(operator, bool, left, binary(level + 1), matching);
        }
        return left;
    }

    private Optional<Matching> matching() {
        boolean on = accept("on");
        if (!on && !accept("ignoring")) {
            return Optional.empty();
        }
        var labels = labels();
        boolean left = accept("group_left");
        boolean right = !left && accept("group_right");
        List<String> include = (left || right) && peek().text().equals("(") ? labels() : List.of();
        return Optional.of(new Matching(on, labels, left, right, include));
    }

    private List<String> labels() {
        expect("(");
        var labels = new ArrayList<String>();
        while (!accept(")")) {
            labels.add(take(Kind.NAME, "a label name"));
            if (!peek().text().equals(")")) {
                expect(",");
            }
        }
        return labels;
    }

    private Expr unary() {
        if (accept("-")) {
            return new Binary("*", false, new Literal(-1), unary(), Optional.empty());
        }
        if (accept("+")) {
            return unary();
        }
        var base = postfix();
        return accept("^") ? new Binary("^", false, base, unary(), Optional.empty()) : base;
    }

    private Expr postfix() {
        var expr = primary();
        while (true) {
            if (accept("[")) {
                String range = take(Kind.DURATION, "a duration such as 5m");
                if (accept(":")) {
                    if (peek().kind() == Kind.DURATION) {
                        next++;
                    }
                    expr = new Ranged(expr, true);
                } else if (expr instanceof Selector) {
                    expr = new Ranged(expr, false);
                } else {
                    throw expected("a subquery [" + range + ":] because only a selector takes a plain range");
                }
                expect("]");
            } else if (accept("offset")) {
                accept("-");
                take(Kind.DURATION, "a duration such as 5m");
            } else {
                return expr;
            }
        }
    }

    private Expr primary() {
        var token = peek();
        if (accept("(")) {
            var inner = binary(0);
            expect(")");
            return inner;
        }
        if (token.kind() == Kind.NUMBER) {
            next++;
            return new Literal(number(token.text()));
        }
        if (token.kind() == Kind.TEXT) {
            next++;
            return new Text(unquoted(token.text()));
        }
        if (token.text().equals("{")) {
            return selector("");
        }
        String name = take(Kind.NAME, "a metric, a function, a number or '('");
        if (name.equalsIgnoreCase("inf")) {
            return new Literal(Double.POSITIVE_INFINITY);
        }
        if (name.equalsIgnoreCase("nan")) {
            return new Literal(Double.NaN);
        }
        if (AGGREGATIONS.contains(name)) {
            return aggregate(name);
        }
        return peek().text().equals("(") ? new Call(name, arguments()) : selector(name);
    }

    private Expr aggregate(String operator) {
        var before = grouping();
        var arguments = arguments();
        var grouping = before.isPresent() ? before : grouping();
        int wanted = WITH_PARAMETER.contains(operator) ? 2 : 1;
        if (arguments.size() != wanted) {
            throw expected(operator + " with " + wanted + " argument(s)");
        }
        return new Aggregate(
                operator,
                grouping.map(Grouping::by).orElse(true),
                grouping.map(Grouping::labels).orElse(List.of()),
                arguments);
    }

    private record Grouping(boolean by, List<String> labels) {}

    private Optional<Grouping> grouping() {
        if (accept("by")) {
            return Optional.of(new Grouping(true, labels()));
        }
        return accept("without") ? Optional.of(new Grouping(false, labels())) : Optional.empty();
    }

    private List<Expr> arguments() {
        expect("(");
        var arguments = new ArrayList<Expr>();
        while (!accept(")")) {
            arguments.add(binary(0));
            if (!peek().text().equals(")")) {
                expect(",");
            }
        }
        return arguments;
    }

    private Expr selector(String name) {
        var matchers = new ArrayList<LabelMatcher>();
        if (accept("{")) {
            while (!accept("}")) {
                String label = take(Kind.NAME, "a label name");
                String operator = take(Kind.SIGN, "=, !=, =~ or !~");
                if (!Set.of("=", "!=", "=~", "!~").contains(operator)) {
                    next--;
                    throw expected("=, !=, =~ or !~");
                }
                matchers.add(new LabelMatcher(label, operator, unquoted(take(Kind.TEXT, "a quoted value"))));
                if (!peek().text().equals("}")) {
                    expect(",");
                }
            }
        }
        return new Selector(name, matchers);
    }

    private static double number(String text) {
        return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Double.parseDouble(text);
    }

    private static String unquoted(String text) {
        String inner = text.substring(1, text.length() - 1);
        return text.startsWith("`") ? inner : inner.replace("\\\"", "\"").replace("\\\\", "\\");
    }
}
