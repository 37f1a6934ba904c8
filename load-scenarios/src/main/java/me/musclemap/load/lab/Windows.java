package me.musclemap.load.lab;

import me.musclemap.load.record.Window;
import org.jspecify.annotations.Nullable;

/** Drives windows one after the other and records each. */
interface Windows {
    /** Drives a window and records it. */
    Measured drive(Plan plan);

    /** Marks a recorded window as one that the fit leaves out. */
    void exclude(int index, String why);

    /** Lets the system come to rest. */
    void rest(double seconds);

    /** Cores of the system under test. */
    int coreCount();

    /** What to drive; the answers of a held-out window are the sealed prediction's hash. */
    record Plan(
            Window.Role role,
            String mixName,
            double perSecond,
            double seconds,
            @Nullable Integer repeatOf,
            @Nullable String answers) {
        static Plan of(Window.Role role, String mixName, double perSecond, double seconds) {
            return new Plan(role, mixName, perSecond, seconds, null, null);
        }

        Plan answering(String prediction) {
            return new Plan(role, mixName, perSecond, seconds, repeatOf, prediction);
        }

        Plan again(int index) {
            return new Plan(role, mixName, perSecond, seconds, index, answers);
        }
    }
}
