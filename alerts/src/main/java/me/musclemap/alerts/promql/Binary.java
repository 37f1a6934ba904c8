package me.musclemap.alerts.promql;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Two expressions and an operator between them. */
record Binary(String operator, boolean bool, Expr left, Expr right, Optional<Matching> matching) implements Expr {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", ">", "<", ">=", "<=");

    @Override
    public Stream<Selector> selectors() {
        return Stream.concat(left.selectors(), right.selectors());
    }

    @Override
    public Shape shape(Facts facts, List<String> problems) {
        var a = left.shape(facts, problems);
        var b = right.shape(facts, problems);
        if (operator.equals("or")) {
            var all = new TreeSet<>(a.labels());
            all.addAll(b.labels());
            return new Shape(true, all, a.anyLabel() || b.anyLabel(), a.span().or(b.span()), a.kind());
        }
        if (a.vector() && b.vector()) {
            checkMatching(a, b, problems);
        }
        var labels = resultLabels(a, b);
        var span = span(a.span(), b.span(), b.vector());
        boolean open = a.anyLabel()
                && (matching.isEmpty() || !matching.get().on() || matching.get().groupLeft());
        return new Shape(
                a.vector() || b.vector(), labels, open || (!a.vector() && b.anyLabel()), span, Fact.Kind.GAUGE);
    }

    private void checkMatching(Shape a, Shape b, List<String> problems) {
        if (matching.isEmpty()) {
            if (!a.anyLabel() && !b.anyLabel() && !a.labels().equals(b.labels())) {
                problems.add("the two sides of '%s' never meet: left has %s, right has %s; say on(...) or ignoring(...)"
                        .formatted(operator, Selector.sorted(a.labels()), Selector.sorted(b.labels())));
            }
            return;
        }
        for (String label : matching.get().labels()) {
            if (matching.get().on() && (!a.has(label) || !b.has(label))) {
                problems.add("'%s on (%s)': %s has no such label"
                        .formatted(operator, label, a.has(label) ? "the right side" : "the left side"));
            }
        }
    }

    private Set<String> resultLabels(Shape a, Shape b) {
        if (!a.vector() || !b.vector()) {
            return a.vector() ? a.labels() : b.labels();
        }
        boolean set = operator.equals("and") || operator.equals("unless");
        if (matching.isEmpty() || set || (COMPARISONS.contains(operator) && !bool)) {
            return matching.map(Matching::groupRight).orElse(false) ? b.labels() : a.labels();
        }
        var rule = matching.get();
        var kept = new TreeSet<>(rule.groupRight() ? b.labels() : a.labels());
        if (!rule.groupLeft() && !rule.groupRight()) {
            if (rule.on()) {
                kept.retainAll(new HashSet<>(rule.labels()));
            } else {
                rule.labels().forEach(kept::remove);
            }
        }
        kept.addAll(rule.include());
        return kept;
    }

    private Span span(Span a, Span b, boolean rightIsVector) {
        if (COMPARISONS.contains(operator)) {
            return bool ? Span.SHARE : a.filtered(operator, b);
        }
        return switch (operator) {
            case "+" -> a.plus(b);
            case "-" -> a.plus(b.negated());
            case "*" -> a.times(b);
            case "/" -> rightIsVector && isPart(left, right) ? Span.SHARE : a.dividedBy(b);
            case "and" -> b.isEmpty() ? Span.NONE : a;
            case "unless" -> a;
            default -> a.isEmpty() || b.isEmpty() ? Span.NONE : Span.ANY;
        };
    }

    /** Whether the left counts some of what the right counts, so that their quotient is a share. */
    private static boolean isPart(Expr part, Expr whole) {
        if (part instanceof Binary or && or.operator.equals("or")) {
            return isPart(or.left, whole) && isPart(or.right, whole);
        }
        if (part instanceof Binary zero && zero.operator.equals("*") && zero.left.equals(new Literal(0))) {
            return true;
        }
        if (part instanceof Aggregate a && whole instanceof Aggregate b) {
            return a.operator().equals("sum")
                    && b.operator().equals("sum")
                    && a.by() == b.by()
                    && a.labels().equals(b.labels())
                    && isPart(a.vector(), b.vector());
        }
        if (part instanceof Call a && whole instanceof Call b) {
            return a.function().equals(b.function())
                    && a.arguments().size() == 1
                    && b.arguments().size() == 1
                    && isPart(a.arguments().get(0), b.arguments().get(0));
        }
        if (part instanceof Ranged a && whole instanceof Ranged b) {
            return isPart(a.inner(), b.inner());
        }
        return part instanceof Selector a && whole instanceof Selector b && a.isPartOf(b);
    }
}
