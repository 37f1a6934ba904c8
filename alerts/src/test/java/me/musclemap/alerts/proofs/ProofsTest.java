package me.musclemap.alerts.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import me.musclemap.alerts.Examples;
import me.musclemap.alerts.rules.Rules;
import org.junit.jupiter.api.Test;

class ProofsTest {
    @Test
    void everyAlertIsShownToFireAndToKeepQuiet() {
        var proofs = Proofs.of(Examples.capacity(), Examples.run());
        Rules.of(Examples.capacity(), Examples.run()).alerts().forEach(alert -> {
            assertThat(proofs).as("proofs").containsKey(alert.name());
            var shown = proofs.getOrDefault(alert.name(), List.of());
            assertThat(shown).as(alert.name()).anyMatch(Proof::fires);
            if (!alert.name().equals("Watchdog")) {
                assertThat(shown).as(alert.name()).anyMatch(proof -> !proof.fires());
            }
        });
    }

    @Test
    void stretchesFollowEachOtherWithoutAJump() {
        var series = InputSeries.of("x").rising(2, 1).rising(0, 1).steady(5, 1).sloping(5, -0.1, 1);
        assertThat(series.values(30)).isEqualTo("0+60x1 120+0x1 5+0x1 5-3x1");
    }
}
