package me.musclemap.api.profile;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import me.musclemap.api.store.Cell;
import org.jspecify.annotations.Nullable;

/**
 * Days in a row with a workout.
 *
 * @param current up to today or yesterday; 0 when the last workout is older
 */
public record Streaks(int current, int longest) {
    /** Of days as ISO texts, in any order; null for none. */
    public static Streaks of(@Nullable Object days, Instant now) {
        List<LocalDate> sorted =
                Cell.texts(days).stream().map(LocalDate::parse).sorted().toList();
        return of(sorted, now.atZone(ZoneOffset.UTC).toLocalDate());
    }

    /** Of {@code days} in ascending order without repeats. */
    static Streaks of(List<LocalDate> days, LocalDate today) {
        int longest = 0;
        int run = 0;
        LocalDate previous = LocalDate.MIN;
        for (LocalDate day : days) {
            run = previous.equals(day.minusDays(1)) ? run + 1 : 1;
            longest = Math.max(longest, run);
            previous = day;
        }
        return new Streaks(previous.isBefore(today.minusDays(1)) ? 0 : run, longest);
    }
}
