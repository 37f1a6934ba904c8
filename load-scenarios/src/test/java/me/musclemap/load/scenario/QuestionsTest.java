package me.musclemap.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;

/** What abuse and regions are there to tell, from windows whose counts are known. */
class QuestionsTest {
    private static final Slo SLO = Slo.parse("p99<1s,errors<1%");
    private static final Verdict BEFORE =
            new Verdict("ramp", SLO, true, List.of("It held."), JsonNodeFactory.instance.objectNode());

    @Test
    void abuseThatALimitRefusesIsStoppedAndWhatIsOnlyToldToBeWrongIsNot() {
        var workload = Workload.load(
                Path.of(System.getProperty("repo.root", ".."), "load-scenarios", "workloads", "abuse.yaml"));
        var window = window(
                100,
                Map.of("MyStats", 800L, "ScrapeExercises", 100L, "GuessPassword", 100L, "CostlyQuery", 20L),
                Map.of("CostlyQuery", 5L),
                Map.of(
                        "ScrapeExercises: http 429",
                        90L,
                        "GuessPassword: graphql UNAUTHENTICATED",
                        70L,
                        "GuessPassword: http 429",
                        30L),
                Map.of());
        var abuse = Abuse.in(List.of(window, window), workload).orElseThrow();
        assertThat(abuse.stopped()).isFalse();
        assertThat(abuse.words())
                .startsWith("Abuse was stopped in part, not CostlyQuery, GuessPassword;")
                .contains(
                        "ScrapeExercises 90 % of 200 (http 429)",
                        "GuessPassword 30 % of 200 (http 429), 140 tried and told to be wrong",
                        "CostlyQuery 0 % of 50, 10 failed");
        var verdict = abuse.addedTo(BEFORE);
        assertThat(verdict.sentences()).hasSize(2);
        assertThat(verdict.json()
                        .at("/figures/abuse/operations/ScrapeExercises/refused/http 429")
                        .asLong())
                .isEqualTo(180);
        assertThat(Abuse.in(List.of(window(1, Map.of("MyStats", 9L), Map.of(), Map.of(), Map.of())), workload))
                .as("none was sent")
                .isEmpty();
        var figures = Figures.of(window, Set.of("MyStats"));
        assertThat(figures.offeredPerSecond())
                .as("what was refused was not to be served")
                .isCloseTo(100 - 19, within(1e-9));
        assertThat(figures.errorRatio())
                .as("costly queries are nobody's errors")
                .isZero();
    }

    @Test
    void aRegionThatIsTooFarMissesTheObjectiveByItself() {
        var near = new Window.Latency(100, 0.1, 0.05, 0.1, 0.2, 0.3);
        var far = new Window.Latency(100, 0.5, 0.4, 0.8, 1.25, 2);
        var slow = window(50, Map.of("MyStats", 500L), Map.of("MyStats", 50L), Map.of(), Map.of("NA", far, "EU", far));
        var calm = window(20, Map.of("MyStats", 200L), Map.of(), Map.of(), Map.of("NA", near, "APAC", far, "EU", near));
        var said = ByRegion.in(List.of(slow, calm), SLO, Set.of("MyStats")).orElseThrow();
        assertThat(said.window()).as("the busiest that met it as a whole").isEqualTo(calm);
        assertThat(said.words())
                .contains("at 20 requests/s", "APAC 400 and 1250 ms, EU 50 and 200 ms, NA 50 and 200 ms")
                .endsWith("the objective is missed in APAC (p99 1.25 s is not below 1 s).");
        assertThat(said.addedTo(BEFORE)
                        .json()
                        .at("/figures/byRegion/regions/APAC/met")
                        .asBoolean(true))
                .isFalse();
        assertThat(ByRegion.in(List.of(window(9, Map.of(), Map.of(), Map.of(), Map.of())), SLO, Set.of()))
                .isEmpty();
    }

    private static Window window(
            double perSecond,
            Map<String, Long> completed,
            Map<String, Long> failed,
            Map<String, Long> refused,
            Map<String, Window.Latency> regions) {
        var latency = new Window.Latency(100, 0.1, 0.05, 0.1, 0.2, 0.3);
        return new Window(
                0,
                0,
                Window.Role.SCENARIO,
                0,
                10,
                "workload",
                1,
                new Window.Size(1, 1),
                perSecond,
                perSecond,
                perSecond,
                0,
                1,
                0,
                completed,
                failed,
                new Window.Latencies(latency, latency),
                0.0,
                new Window.GeneratorHealth(0, 0),
                0,
                null,
                null,
                null,
                refused,
                regions);
    }
}
