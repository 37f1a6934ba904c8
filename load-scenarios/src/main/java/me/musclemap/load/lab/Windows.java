package me.musclemap.load.lab;

import java.util.List;
import me.musclemap.load.record.PeriodicWork;
import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/** Drives windows one after the other and records each. */
interface Windows {
    /** Drives a window and records it. */
    Measured drive(Plan plan);

    /** Drives windows one right after the other, without a break between them, and records each. */
    default List<Measured> driveInRow(List<Plan> plans) {
        return plans.stream().map(this::drive).toList();
    }

    /** Has this work done once while no request is sent, measures it beside the idle window, and records it. */
    PeriodicWork once(Chore chore);

    /** Marks a recorded window as one that the fit leaves out. */
    void exclude(int index, String why);

    /** Lets the system come to rest. */
    void rest(double seconds);

    /** Cores of the system under test. */
    int coreCount();

    /**
     * What to drive.
     *
     * @param index its number in the record, or null for the next; a window that is sealed before its restart has one
     * @param answers of a held-out window: the sealed prediction's hash
     */
    record Plan(
            @Nullable Integer index,
            Window.Role role,
            String mixName,
            double perSecond,
            double seconds,
            @Nullable Integer repeatOf,
            @Nullable String answers) {
        static Plan of(Window.Role role, String mixName, double perSecond, double seconds) {
            return new Plan(null, role, mixName, perSecond, seconds, null, null);
        }

        Plan answering(String prediction) {
            return new Plan(index, role, mixName, perSecond, seconds, repeatOf, prediction);
        }

        Plan at(int place) {
            return new Plan(place, role, mixName, perSecond, seconds, repeatOf, answers);
        }

        Plan again(int first) {
            return new Plan(null, role, mixName, perSecond, seconds, first, answers);
        }
    }
}
