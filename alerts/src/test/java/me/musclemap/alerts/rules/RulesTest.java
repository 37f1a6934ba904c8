package me.musclemap.alerts.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import me.musclemap.alerts.Examples;
import me.musclemap.alerts.capacity.CapacityAnswer;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static CapacityAnswer with(List<CapacityAnswer.Threshold> thresholds) {
        var example = Examples.capacity();
        return new CapacityAnswer(
                1,
                example.runId(),
                example.runSha256(),
                example.quality(),
                example.stack(),
                example.workload(),
                example.demands(),
                example.capacity(),
                example.curve(),
                thresholds);
    }

    private static List<CapacityAnswer.Threshold> poolLimit(boolean canFire) {
        return List.of(new CapacityAnswer.Threshold(
                "poolUtilisation", "dbPool", "ratio", 0.3, 0.4, canFire, "the pool stops at 20 of the database's 50"));
    }

    @Test
    void anAlertThatTheModelCallsUnreachableIsLeftOutAndSaid() {
        var book = Rules.of(with(poolLimit(false)), Examples.run());
        assertThat(book.alerts()).extracting(Alert::name).doesNotContain("DbPoolAboveModel");
        assertThat(book.omitted()).extracting(RuleBook.Omitted::alert).containsExactly("DbPoolAboveModel");
        assertThat(new RulesFile("runbooks").text(book))
                .contains("Left out: DbPoolAboveModel, because the pool stops at 20");
    }

    @Test
    void thresholdsAreThoseOfTheAnswer() {
        var book = Rules.of(with(poolLimit(true)), Examples.run());
        assertThat(book.alerts().filter(alert -> alert.name().equals("DbPoolAboveModel")))
                .singleElement()
                .satisfies(alert -> assertThat(alert.expr()).endsWith("> 0.4"));
    }

    @Test
    void withoutThresholdsOnlyThePlansOwnAlertsAreLeft() {
        var names = Rules.of(with(List.of()), Examples.run())
                .alerts()
                .map(Alert::name)
                .toList();
        assertThat(names)
                .contains("FailuresHigh", "FailuresCritical", "LatencyP99High", "DiskUsageHigh", "Watchdog")
                .doesNotContain(
                        "CapacityHeadroomLow", "CpuBusy", "DbPoolAboveModel", "MemoryHigh", "CapacityModelStale");
    }

    @Test
    void alertsUseTheLowerBoundOfTheCapacity() {
        var book = Rules.of(Examples.capacity(), Examples.run());
        var used = book.groups().stream()
                .flatMap(group -> group.recordings().stream())
                .filter(recording -> "requests".equals(recording.labels().get("limit")))
                .toList();
        assertThat(used)
                .singleElement()
                .satisfies(recording -> assertThat(recording.expr()).contains("rule=\"policy\",bound=\"low\""));
    }
}
