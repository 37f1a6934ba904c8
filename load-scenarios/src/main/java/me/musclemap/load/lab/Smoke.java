package me.musclemap.load.lab;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;

/**
 * A few seconds of each mix at a low rate: shows that everything works, and measures nothing. At a target only the workload's own mix is
 * played: the others are for calibration, and would need more accounts.
 */
final class Smoke {
    private static final double PER_SECOND = 15;

    /** Below this rate even half a minute shows nothing. */
    private static final double LEAST_PER_SECOND = 0.05;

    /** Few users take longer to send this many requests, but half a minute at most. */
    private static final double REQUESTS = 10;

    private static final double LONGEST_SECONDS = 30;
    private final double seconds;

    private final Windows windows;
    private final Workload workload;
    private final Recorder recorder;
    private final Progress progress;
    private final boolean ownMixOnly;

    Smoke(Windows windows, Workload workload, Recorder recorder, Progress progress, boolean quick, boolean ownMixOnly) {
        this.windows = windows;
        this.workload = workload;
        this.recorder = recorder;
        this.progress = progress;
        this.ownMixOnly = ownMixOnly;
        seconds = quick ? 1 : 4;
    }

    /** What a smoke leaves for the checks: it has neither warm-up nor probe. */
    static final Calibration.Result RESULT =
            new Calibration.Result(true, "no warm-up", new Placement(0, true, "no probe", Map.of()), "", List.of());

    /** Refuses fewer users than it can play every mix with. */
    static void requireUsers(Workload workload, long users) {
        long needed = workload.usersOfEveryMixAt(LEAST_PER_SECOND);
        if (users < needed) {
            throw LabException.wrongArguments("--users=" + users + ": a smoke plays "
                    + workload.mixesByName().size() + " mixes, each with users of its own: use --users " + needed
                    + " or more");
        }
    }

    void run() {
        progress.begin("smoke");
        long users = recorder.record().dataset().users();
        var mixes = ownMixOnly
                ? List.of(Workload.OWN_MIX)
                : List.copyOf(workload.mixesByName().keySet());
        double most = ownMixOnly ? workload.ownMix().mostPerSecond(users) : workload.mostPerSecondOfEveryMix(users);
        double rate = Math.min(PER_SECOND, most);
        double length = Math.max(seconds, Math.min(LONGEST_SECONDS, REQUESTS / rate));
        double left = mixes.size() * Conductor.wallSeconds(length);
        for (var mix : mixes) {
            progress.left(left);
            progress.detail("mix " + mix);
            windows.drive(Windows.Plan.of(Window.Role.SCENARIO, mix, rate, length));
            left -= Conductor.wallSeconds(length);
        }
        long served = recorder.record().windows().stream()
                .mapToLong(Window::completedCount)
                .sum();
        long failed = recorder.record().windows().stream()
                .mapToLong(Window::failedCount)
                .sum();
        progress.end(String.format(
                Locale.ROOT, "%d mixes · %,d requests succeeded, %,d failed", mixes.size(), served, failed));
    }
}
