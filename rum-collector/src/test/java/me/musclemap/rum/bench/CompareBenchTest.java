package me.musclemap.rum.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The bench with few runs; {@code headroom rum bench compare} makes many. */
class CompareBenchTest {
    @Test
    void alarmsAreRareWhereNothingChangedAndSureWhereMuchDid() {
        for (CompareBench.Row row : CompareBench.run(60, 3, 2000)) {
            assertThat(row.regressed() + row.fine() + row.undecided()).isBetween(0.999, 1.001);
            if (!row.scenario().contains("slower")) {
                // Of 60 runs at 2.5 %, more than 6 alarms come once in 3,000 times.
                assertThat(row.regressed()).as(row.scenario()).isLessThanOrEqualTo(0.1);
            }
            if (row.scenario().startsWith("20 %")) {
                assertThat(row.regressed()).as(row.scenario()).isGreaterThan(0.6);
            }
        }
    }
}
