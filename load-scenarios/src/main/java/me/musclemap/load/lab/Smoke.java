package me.musclemap.load.lab;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.musclemap.load.record.Recorder;
import me.musclemap.load.record.Window;
import me.musclemap.load.workload.Workload;

/** A few seconds of each mix at a low rate: shows that everything works, and measures nothing. */
final class Smoke {
    private static final double PER_SECOND = 15;
    private final double seconds;

    private final Windows windows;
    private final Workload workload;
    private final Recorder recorder;
    private final Progress progress;

    Smoke(Windows windows, Workload workload, Recorder recorder, Progress progress, boolean quick) {
        this.windows = windows;
        this.workload = workload;
        this.recorder = recorder;
        this.progress = progress;
        seconds = quick ? 1 : 4;
    }

    /** What a smoke leaves for the checks: it has neither warm-up nor probe. */
    static final Calibration.Result RESULT =
            new Calibration.Result(true, "no warm-up", new Placement(0, true, "no probe", Map.of()), "", List.of());

    void run() {
        progress.begin("smoke");
        var mixes = workload.mixesByName();
        double left = mixes.size() * Conductor.wallSeconds(seconds);
        for (var mix : mixes.values()) {
            progress.left(left);
            progress.detail("mix " + mix.name());
            double most = 0.95 * recorder.record().dataset().users() * mix.requestsPerSecondPerUser();
            windows.drive(Windows.Plan.of(Window.Role.SCENARIO, mix.name(), Math.min(PER_SECOND, most), seconds));
            left -= Conductor.wallSeconds(seconds);
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
