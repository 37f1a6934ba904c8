package me.musclemap.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final Slo SLO = Slo.parse("p99<1s,errors<1%");

    /** A letter a second from 0 on: good, failing, slow, or nothing at all. */
    private static List<Second> seconds(String letters) {
        var all = new ArrayList<Second>();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            double failed = letter == 'f' ? 40 : 0;
            double served = letter == '.' ? 0 : 50 - failed;
            double p99 = letter == 's' ? 3 : letter == '.' ? Double.NaN : 0.02;
            all.add(new Second(i * 1000L, 0, 50, served, failed, p99 / 4, p99 / 2, p99, 0.001, 0.1, 5, 0));
        }
        return all;
    }

    @Test
    void itCountsFromTheKillToTheFirstGoodSecondThatLasts() {
        var recovery = Recovery.after(seconds("gggggffff.ssgggggggggggggg"), 5000, SLO);
        assertThat(recovery.recoveredAfterSeconds()).isEqualTo(7);
        assertThat(recovery.badSeconds()).isEqualTo(7);
        assertThat(recovery.failedSeconds()).isEqualTo(4);
        assertThat(recovery.failed()).isEqualTo(160);
    }

    @Test
    void aShortCalmInTheMiddleIsNoRecoveryAndOneSlowSecondLaterIsNoFall() {
        assertThat(Recovery.after(seconds("gffgggffffgggggggsgggggg"), 1000, SLO)
                        .recoveredAfterSeconds())
                .isEqualTo(9);
    }

    @Test
    void whatNeverComesBackSaysSo() {
        var recovery = Recovery.after(seconds("gggffffffff"), 3000, SLO);
        assertThat(recovery.recovered()).isFalse();
        assertThat(recovery.words()).contains("did not come back");
    }

    @Test
    void whatNeverFellNeedsNoTime() {
        assertThat(Recovery.after(seconds("ggggggg"), 3000, SLO).recoveredAfterSeconds())
                .isZero();
    }
}
