package me.musclemap.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus and Alertmanager themselves accept the alerts in git, and the proofs hold under the real rule engine. */
class PrometheusTest {
    private static final Path RULES = Examples.REPOSITORY.resolve("alerts/rules");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void promtoolAcceptsTheRulesAndEveryAlertFiresAndKeepsQuietAsShown() throws Exception {
        var promtool = Examples.tool("promtool");
        var checked = promtool.run(
                RULES, LIMIT, List.of("check", "rules", "--lint=all", "--lint-fatal", Rendering.RULE_FILE));
        assertThat(checked.output()).contains("SUCCESS");
        assertThat(checked.exitCode()).isZero();
        var arguments = new ArrayList<>(List.of("test", "rules"));
        try (var tests = Files.list(RULES.resolve(Rendering.TESTS))) {
            tests.map(Path::toString).sorted().forEach(arguments::add);
        }
        var tested = promtool.run(RULES, LIMIT, arguments);
        assertThat(tested.exitCode()).as(tested.output()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "alertname=Watchdog severity=none, deadman",
        "alertname=LoadTestRunning severity=none, nobody",
        "alertname=CpuSaturated severity=critical, pager",
        "alertname=CpuBusy severity=warning, chat",
        "alertname=HostStealHigh severity=info, digest"
    })
    void alertmanagerSendsEachSeverityToItsReceiver(String labels, String receiver) {
        var arguments = new ArrayList<>(List.of(
                "config", "routes", "test", "--config.file=" + Rendering.ROUTE_FILE, "--verify.receivers=" + receiver));
        arguments.addAll(List.of(labels.split(" ")));
        var outcome = Examples.tool("amtool").run(RULES, LIMIT, arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }
}
