package me.musclemap.alerts.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromqlTest {
    private static final double NO_BUCKET = Double.POSITIVE_INFINITY;
    private static final Map<String, Fact> FACTS = Map.of(
            "requests_total",
                    new Fact(Fact.Kind.COUNTER, Set.of("job", "route", "code"), false, Span.NOT_NEGATIVE, NO_BUCKET),
            "seconds_bucket", new Fact(Fact.Kind.BUCKET, Set.of("job", "route", "le"), false, Span.NOT_NEGATIVE, 10),
            "hit_ratio", new Fact(Fact.Kind.GAUGE, Set.of("job"), false, Span.SHARE, NO_BUCKET),
            "active", new Fact(Fact.Kind.GAUGE, Set.of("job", "pool"), false, Span.NOT_NEGATIVE, NO_BUCKET));

    private final List<String> problems = new ArrayList<>();

    private Shape shape(String text) {
        return Promql.parse(text).shape(name -> Optional.ofNullable(FACTS.get(name)), problems);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum by (route) (rate(requests_total{code=~\"5..\",route!=\"/x\"}[5m] offset 1h))",
                "sum(rate(requests_total[5m])) by (job) / on (job) group_left () hit_ratio",
                "max_over_time((sum(active))[1h:15s]) > bool 3",
                "-2 ^ 2 + 0x1F % 3 or vector(1e-3)",
                "1 - hit_ratio < .5 unless hit_ratio # a comment",
                "label_replace(active, \"station\", \"$1\", \"pool\", '(.*)')",
                "predict_linear(active[6h], 4 * 86400) < 0 and active > 5 or absent(active)"
            })
    void whatRulesAreWrittenInIsRead(String text) {
        shape(text);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sum(rate(active[5m])            | at column 21: found 'the end', expected ','",
                "active{pool~\"a\"}              | at column 12: '~' begins nothing known",
                "sum(active)[5m]                 | expected a subquery [5m:]",
                "active >                        | expected a metric, a function, a number or '('",
                "active active                   | expected the end or an operator"
            })
    void whatIsNotPromqlIsPlaced(String text, String message) {
        assertThatThrownBy(() -> Promql.parse(text.strip()))
                .isInstanceOf(PromqlException.class)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()).replaceAll(" of '.*': ", ": "))
                        .contains(message.strip()));
    }

    @Test
    void multiplicationBindsTighterThanComparisonAndThatTighterThanOr() {
        assertThat(shape("1 + 2 * 3").span()).isEqualTo(Span.of(7));
        assertThat(shape("hit_ratio > 2 or hit_ratio * 2").span()).isEqualTo(new Span(0, 2));
        assertThat(shape("-2 * 3 - 1").span()).isEqualTo(Span.of(-7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing_total > 1                                      | unknown metric missing_total",
                "active{path=\"/\"} > 1                                 | active has no label path: it has job, pool",
                "sum by (code) (active) > 1                             | sum by (code): the series below have no such label",
                "rate(active[5m]) > 1                                   | rate of a gauge",
                "deriv(requests_total[5m]) > 1                          | deriv of a counter",
                "rate(requests_total) > 1                               | rate needs a range",
                "histogram_quantile(.9, sum(rate(seconds_bucket[5m])))  | keep it in the aggregation",
                "active / hit_ratio > 1                                 | the two sides of '/' never meet",
                "active * on (pool) hit_ratio > 1                       | the right side has no such label",
                "nonsense(active) > 1                                   | unknown function nonsense"
            })
    void whatCannotBeRightIsSaid(String text, String problem) {
        shape(text.strip());
        assertThat(problems).anySatisfy(found -> assertThat(found).contains(problem.strip()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hit_ratio > 1",
                "hit_ratio < 0",
                "active < 0",
                "sum(rate(requests_total{code=\"500\"}[5m])) / sum(rate(requests_total[5m])) > 5",
                "(sum(rate(requests_total{code=\"500\"}[5m])) or 0 * sum(active)) / sum(rate(requests_total[5m])) > 1",
                "histogram_quantile(0.99, sum by (le) (rate(seconds_bucket[5m]))) > 30",
                "clamp_max(active, 0.9) > 0.95",
                "1 - hit_ratio > 1 and active > 3",
                "vector(0) > 0"
            })
    void anAlertThatCanNeverFireIsSeen(String text) {
        assertThat(shape(text).span().isEmpty()).as("values of %s", text).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hit_ratio < 0.8",
                "1 - hit_ratio > 0.99",
                "sum(rate(requests_total{code=\"500\"}[5m])) / sum(rate(requests_total[5m])) > 0.05",
                "sum(active) / sum(rate(requests_total[5m])) > 5",
                "histogram_quantile(0.99, sum by (le) (rate(seconds_bucket[5m]))) > 1",
                "abs(hit_ratio - 0.5) > 0.4",
                "absent(active)",
                "hit_ratio > 2 or active > 2"
            })
    void anAlertThatCanFireIsNotRefused(String text) {
        assertThat(shape(text).span().isEmpty()).as("values of %s", text).isFalse();
        assertThat(problems).isEmpty();
    }

    @Test
    void theSelectorsAreGivenInTheirOrder() {
        assertThat(Promql.parse("a / on (x) b{y=\"1\"} + sum(rate(c[5m]))").selectors())
                .extracting(Selector::name)
                .containsExactly("a", "b", "c");
    }
}
