package me.musclemap.api.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreaksTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 2);

    private static List<LocalDate> daysAgo(int... days) {
        return IntStream.of(days).mapToObj(TODAY::minusDays).sorted().toList();
    }

    @Test
    void aStreakMayEndYesterday() {
        assertThat(Streaks.of(daysAgo(1, 2, 3), TODAY)).isEqualTo(new Streaks(3, 3));
    }

    @Test
    void anOlderStreakIsOver() {
        assertThat(Streaks.of(daysAgo(0, 5, 6, 7, 8), TODAY)).isEqualTo(new Streaks(1, 4));
        assertThat(Streaks.of(daysAgo(5, 6), TODAY)).isEqualTo(new Streaks(0, 2));
    }

    @Test
    void withoutWorkoutsThereIsNone() {
        assertThat(Streaks.of(List.of(), TODAY)).isEqualTo(new Streaks(0, 0));
    }
}
