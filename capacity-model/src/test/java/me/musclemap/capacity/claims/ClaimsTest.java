package me.musclemap.capacity.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import me.musclemap.capacity.measure.MalformedInputException;
import me.musclemap.capacity.uncertainty.Quantiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {
    @Test
    void everyStatementOfThePlanIsDecided() {
        List<Claim> claims = Claims.shipped().decide(Map.of());
        assertThat(claims).hasSizeGreaterThanOrEqualTo(75);
        assertThat(claims)
                .extracting(Claim::verdict)
                .isSubsetOf("holds", "doesNotHold", "selfContradicted", "undecided", "untestable");
        assertThat(claims)
                .filteredOn(c -> c.verdict().equals("selfContradicted"))
                .hasSizeGreaterThan(45);
    }

    /** Each with the claims that decide it; what needs a run is decided by figures as the example's. */
    @ParameterizedTest
    @CsvSource({
        "1, cache-product=selfContradicted",
        "2, cache-database-load=selfContradicted",
        "3, cache-edge-share=selfContradicted",
        "4, cache-api-bypass=selfContradicted",
        "5, cache-stale-while-revalidate=selfContradicted",
        "6, cache-ttl-exercises=selfContradicted cache-immutable=selfContradicted cache-ttl-users=selfContradicted cache-ttl-leaderboards=selfContradicted cache-ttl-static=selfContradicted cache-ttl-origin=selfContradicted",
        "7, cache-writes=doesNotHold rum-load=doesNotHold",
        "8, pool-clients=selfContradicted",
        "9, pool-server=selfContradicted",
        "10, pool-application=selfContradicted",
        "11, pool-alert=selfContradicted",
        "12, pool-transaction=doesNotHold",
        "13, range-phase1=selfContradicted",
        "14, range-overlap=selfContradicted",
        "15, range-users=untestable",
        "16, place-replicas=selfContradicted",
        "17, place-sharding=selfContradicted",
        "18, place-redis=selfContradicted",
        "19, place-regions=selfContradicted place-replica-count=selfContradicted place-latin-america=selfContradicted",
        "20, status-phase1=selfContradicted",
        "21, sum-phase2=selfContradicted",
        "22, sum-phase3=selfContradicted sum-terraform=holds",
        "23, sum-phase4=selfContradicted",
        "24, sum-phase1=selfContradicted edge-metered=selfContradicted redis-metered=selfContradicted",
        "25, products-free=doesNotHold",
        "26, limits-differ=selfContradicted",
        "27, limits-protect=doesNotHold",
        "28, limits-shared-address=selfContradicted",
        "29, polling=doesNotHold",
        "30, sockets-memory=doesNotHold sockets-ports=holds",
        "31, leaderboards-live=selfContradicted",
        "32, rum-load=doesNotHold",
        "33, latency-global=selfContradicted latency-alert=doesNotHold",
        "34, lcp-target=selfContradicted",
        "35, vitals-fid=doesNotHold",
        "36, timeout-client=selfContradicted",
        "37, errors-rollback=selfContradicted",
        "38, alerts-miss=doesNotHold",
        "39, deploy-migrations=selfContradicted",
        "40, failover=selfContradicted",
        "41, token-lifetime=selfContradicted",
        "42, state-none=selfContradicted",
        "43, compression=selfContradicted"
    })
    void eachContradictionOfTheFirstReadingIsDecided(int number, String verdicts) {
        List<String> ids = Claims.shipped().contradictions().getOrDefault(number, List.of());
        Map<String, Quantiles> figures = Map.of(
                "production.phase1.rate", new Quantiles(120, 150, 180),
                "writes.share", new Quantiles(0.1, 0.1, 0.1),
                "production.socketKilobytes", new Quantiles(110, 110, 110),
                "slo.utilisation", new Quantiles(0.97, 0.97, 0.97));
        assertThat(ids.stream().map(id -> id + "=" + verdict(id, figures))).containsExactly(verdicts.split(" ", -1));
    }

    @Test
    void thereAreFortyThreeContradictionsAndNoOtherNumberIsTaken() {
        assertThat(Claims.shipped().contradictions().keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 43).boxed().toList());
        assertThatThrownBy(
                        () -> Claims.read(
                                "claims.yaml",
                                "claims:\n  - {id: a, statement: b, place: c, kind: plan, why: d, quotes: [], lines: [1], notes: [44]}\n"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("notes");
    }

    @Test
    void whatFailsSaysWhatWouldMakeItHold() {
        assertThat(Claims.shipped().decide(Map.of()))
                .filteredOn(c ->
                        c.verdict().equals("selfContradicted") || c.verdict().equals("doesNotHold"))
                .allSatisfy(c -> assertThat(c.wouldHoldIf()).as(c.id()).isPresent());
    }

    @Test
    void everyStatementNamesItsLines() {
        assertThat(Claims.shipped().decide(Map.of()))
                .allSatisfy(c -> assertThat(c.place()).as(c.id()).containsPattern(", lines? [0-9]+(, [0-9]+)*$"));
        assertThatThrownBy(() -> Claims.read(
                        "claims.yaml",
                        "claims:\n  - {id: a, statement: b, place: c, kind: plan, why: d, quotes: [], lines: []}\n"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("lines");
    }

    /** Figures that a run gives; each name in a formula is one of them. */
    @Test
    void everyFormulaCanBeEvaluatedWithTheFiguresOfARun() {
        var figures = new java.util.HashMap<String, Quantiles>();
        for (String name : List.of(
                "requests.per.user", "writes.share", "production.socketKilobytes", "slo.utilisation", "policy.p99")) {
            figures.put(name, new Quantiles(0.1, 0.2, 0.3));
        }
        for (String stack : List.of("production", "reference")) {
            for (String phase : List.of("phase1", "phase2", "phase3", "phase4")) {
                for (String name : List.of("cores", "rate", "users", "dollars", "secondsFor15000", "secondsFor25000")) {
                    figures.put(stack + "." + phase + "." + name, new Quantiles(10, 20, 30));
                }
            }
        }
        assertThat(Claims.shipped().decide(figures))
                .allSatisfy(c -> assertThat(c.why())
                        .as(c.id())
                        .doesNotContain("does not say")
                        .doesNotContain("{"));
    }

    @Test
    void arithmeticDecides() {
        assertThat(verdict("cache-product", Map.of())).isEqualTo("selfContradicted");
        assertThat(verdict("arithmetic-sockets", Map.of())).isEqualTo("holds");
        assertThat(verdict("sockets-ports", Map.of())).isEqualTo("holds");
        assertThat(verdict("sum-terraform", Map.of())).isEqualTo("holds");
        assertThat(verdict("scaling-phase3", Map.of())).isEqualTo("selfContradicted");
        assertThat(verdict("cache-deploy-purge", Map.of())).isEqualTo("selfContradicted");
    }

    @Test
    void theCentralClaimHoldsOnlyIfItHoldsAtBothEnds() {
        assertThat(verdict("users-phase1", users(16_000, 20_000, 24_000))).isEqualTo("holds");
        assertThat(verdict("users-phase1", users(4_000, 5_000, 6_000))).isEqualTo("doesNotHold");
        assertThat(verdict("users-phase1", users(14_000, 15_500, 17_000))).isEqualTo("undecided");
        assertThat(verdict("users-phase1", Map.of())).isEqualTo("undecided");
    }

    @Test
    void figuresAreFilledIntoTheWords() {
        Claim claim = claim("users-phase1", users(4_000, 5_000, 6_000));
        assertThat(claim.why()).contains("carries 5,000 users in session (4,000 to 6,000)");
        assertThat(claim.measured()).contains(new Quantiles(4_000, 5_000, 6_000));
    }

    @Test
    void aMisspelledKeyIsRefused() {
        assertThatThrownBy(() -> Claims.read("claims.yaml", "claims:\n  - {id: a, statment: b}\n"))
                .isInstanceOf(MalformedInputException.class)
                .hasMessageContaining("statment");
    }

    @Test
    void expressionsKeepTheRulesOfArithmetic() {
        assertThat(Expression.evaluate("1 + 2 * (3 - 1) / 4", Map.of())).isCloseTo(2, within(1e-12));
        assertThat(Expression.evaluate("a.b * 2 <= 3 and 1 == 1", Map.of("a.b", 1.5)))
                .isEqualTo(1);
        assertThat(Expression.evaluate("2 < 1", Map.of())).isZero();
        assertThatThrownBy(() -> Expression.evaluate("1 +", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Expression.evaluate("unknown", Map.of()))
                .isInstanceOf(Expression.UnknownNameException.class);
    }

    private static Map<String, Quantiles> users(double p10, double p50, double p90) {
        return Map.of("production.phase1.users", new Quantiles(p10, p50, p90));
    }

    private static String verdict(String id, Map<String, Quantiles> figures) {
        return claim(id, figures).verdict();
    }

    private static Claim claim(String id, Map<String, Quantiles> figures) {
        return Claims.shipped().decide(figures).stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
