package me.musclemap.api.profile;

import java.time.LocalDate;
import java.util.List;

/**
 * Days in a row with a workout.
 *
 * @param current up to today or yesterday; 0 when the last workout is older
 */
record Streaks(int current, int longest) {
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
