package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.List;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/**
 * One start of the stack within a calibration, and what is driven in it. Immutable.
 *
 * @param number from 0
 * @param fits whether fit windows are driven
 * @param seals whether the prediction is sealed after them, and its held-out windows driven
 * @param elsewhere the size of data of a later restart, for which the same prediction holds; null without one
 * @param answers whether held-out windows are driven that an earlier restart sealed the prediction of
 */
record Restart(
        int number,
        Window.Size dataset,
        boolean fits,
        boolean seals,
        Window.@Nullable Size elsewhere,
        boolean answers) {
    /** Restarts at the data size that was asked for: the least number whose spread is an interval. */
    private static final int AT_ONE_SIZE = 5;

    /** The only one of a demo. */
    static List<Restart> one(long users, long workouts) {
        return List.of(new Restart(0, new Window.Size(users, workouts), true, true, null, false));
    }

    /**
     * A full calibration: five of them at the size that was asked for, one at half of it, and one at twice of it in which
     * only held-out windows are driven.
     */
    static List<Restart> full(long users, long workouts) {
        var size = new Window.Size(users, workouts);
        var twice = new Window.Size(2 * users, 2 * workouts);
        var restarts = new ArrayList<Restart>();
        for (int i = 0; i < AT_ONE_SIZE; i++) {
            boolean last = i == AT_ONE_SIZE - 1;
            if (last) {
                var half = new Window.Size(Math.max(1, users / 2), workouts / 2);
                restarts.add(new Restart(restarts.size(), half, true, false, null, false));
            }
            restarts.add(new Restart(restarts.size(), size, true, last, last ? twice : null, false));
        }
        restarts.add(new Restart(restarts.size(), twice, false, false, null, true));
        return List.copyOf(restarts);
    }

    /** How many phases a person sees of it. */
    int phases() {
        return 2 + (fits ? 1 : 0) + (seals || answers ? 1 : 0);
    }
}
