package me.musclemap.alerts.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.musclemap.alerts.catalogue.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintTest {
    private static final String GOOD = """
            groups:
              - name: one
                rules:
                  - record: pool:used:ratio
                    expr: clamp_max(hikaricp_connections_active / hikaricp_connections_max, 1)
                  - alert: PoolBusy
                    expr: pool:used:ratio > 0.8
                    labels: {severity: warning, slo: database}
                    annotations:
                      summary: 'pool {{ $labels.pool }} is busy'
                      description: 'many connections are in use'
                      runbook_url: PoolBusy.md
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private String problems(String yaml) throws IOException {
        Files.writeString(directory.resolve("PoolBusy.md"), "what to do");
        var file = Files.writeString(directory.resolve("some.rules.yml"), yaml);
        return String.join(
                "\n",
                new Lint(Catalogue.shipped())
                        .check(file).stream().map(Object::toString).toList());
    }

    @Test
    void aRuleFileInOrderHasNoProblems() throws IOException {
        assertThat(problems(GOOD)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hikaricp_connections_max, 1    | hikaricp_connections_limit, 1    | pool:used:ratio: unknown metric hikaricp_connections_limit",
                "pool:used:ratio > 0.8          | pool:used:ratio > 80             | PoolBusy: can never fire",
                "pool:used:ratio > 0.8          | pool:used > 0.8                  | PoolBusy: unknown metric pool:used",
                "pool:used:ratio > 0.8          | pool:used:ratio{route='/'} > 0.8 | PoolBusy: pool:used:ratio has no label route",
                "pool:used:ratio > 0.8          | (pool:used:ratio > 0.8           | PoolBusy: not PromQL at column",
                "severity: warning              | severity: urgent                 | PoolBusy: needs the label severity",
                ", slo: database                | ''                               | PoolBusy: needs the label slo",
                "summary:                       | title:                           | PoolBusy: needs the annotation summary",
                "$labels.pool                   | $labels.route                    | an annotation names the label route",
                "runbook_url: PoolBusy.md       | runbook_url: Other.md            | the runbook Other.md is not beside the rule file"
            })
    void eachFaultIsNamed(String good, String bad, String problem) throws IOException {
        assertThat(problems(GOOD.replace(good.strip(), bad.strip()))).contains(problem.strip());
    }

    @Test
    void aNameThatIsUsedTwiceIsNamed() throws IOException {
        String alert = GOOD.substring(GOOD.indexOf("      - alert"));
        assertThat(problems(GOOD + alert)).contains("PoolBusy: the name is used twice");
    }
}
