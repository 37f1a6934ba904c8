package me.musclemap.load.lab;

import java.util.ArrayList;
import java.util.List;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Window;

/**
 * One start of the stack within a calibration, and what is driven in it. Immutable.
 *
 * @param number from 0
 * @param onTwoCores whether the generator's core is the system's too: the generator is then a station beside the others
 * @param fits whether fit windows are driven
 * @param seals whether the prediction is sealed after them, and its held-out windows driven
 * @param later restarts to come whose held-out windows are sealed in the same prediction
 * @param answersFrom the number of the first of its held-out windows, which an earlier restart sealed; 0 if it has none
 */
record Restart(
        int number,
        Window.Size dataset,
        boolean onTwoCores,
        boolean fits,
        boolean seals,
        List<Restart> later,
        int answersFrom) {
    /** Restarts at the data size that was asked for: the least number whose spread is an interval. */
    private static final int AT_ONE_SIZE = 5;

    /** Cores of a restart that has the generator's too. */
    static final int TWO_CORES = 2;

    /** Numbers that one restart's windows may take. */
    private static final int NUMBERS = 1000;

    Restart {
        later = List.copyOf(later);
    }

    /** The only one of a demo. */
    static List<Restart> one(long users, long workouts) {
        return List.of(new Restart(0, new Window.Size(users, workouts), false, true, true, List.of(), 0));
    }

    /**
     * A full calibration: five of them at the size that was asked for and one at half of it; then, with held-out windows only,
     * one at twice of it and, unless the generator shares the system's cores throughout, one on two cores.
     */
    static List<Restart> full(long users, long workouts, boolean shareCores) {
        var size = new Window.Size(users, workouts);
        var half = new Window.Size(Math.max(1, users / 2), workouts / 2);
        var twice = new Window.Size(2 * users, 2 * workouts);
        int fitted = AT_ONE_SIZE + 1;
        var later = new ArrayList<Restart>();
        later.add(new Restart(fitted, twice, false, false, false, List.of(), RunRecord.LATER_INDEX));
        if (!shareCores) {
            later.add(new Restart(fitted + 1, size, true, false, false, List.of(), RunRecord.LATER_INDEX + NUMBERS));
        }
        var restarts = new ArrayList<Restart>();
        for (int i = 0; i < fitted; i++) {
            boolean last = i == fitted - 1;
            var at = i == fitted - 2 ? half : size;
            restarts.add(new Restart(i, at, false, true, last, last ? later : List.of(), 0));
        }
        restarts.addAll(later);
        return List.copyOf(restarts);
    }

    /** Whether held-out windows are driven that an earlier restart sealed the prediction of. */
    boolean answers() {
        return answersFrom > 0;
    }

    /** Whether a window that was numbered beforehand is one of its own. */
    boolean drives(int index) {
        return answers() && index >= answersFrom && index < answersFrom + NUMBERS;
    }

    /** How many phases a person sees of it. */
    int phases() {
        return 2 + (fits ? 1 : 0) + (seals || answers() ? 1 : 0);
    }
}
