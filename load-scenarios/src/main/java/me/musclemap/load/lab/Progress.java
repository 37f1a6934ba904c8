package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells a person how far a run is: on a terminal one line that is rewritten, elsewhere one line a phase, with --json one
 * object a line. Thread-safe.
 */
final class Progress {
    /** How the lines look. */
    enum Style {
        TERMINAL,
        LINES,
        JSON,
        QUIET
    }

    /**
     * What the generator said of the last second.
     *
     * @param generatorOk whether it keeps its schedule
     */
    record Second(double offered, double served, double p99Seconds, double cpuRatio, boolean generatorOk) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final Style style;
    private final int phases;
    private int phase;
    private String title = "";
    private String detail = "";
    private long phaseBeganNanos = System.nanoTime();
    private long endsNanos;
    private boolean open;

    Progress(PrintStream out, Style style, int phases) {
        this.out = out;
        this.style = style;
        this.phases = phases;
    }

    /** The style for this process's stderr. */
    static Style styleOf(boolean json, boolean quiet) {
        if (quiet) {
            return Style.QUIET;
        }
        if (json) {
            return Style.JSON;
        }
        return stderrIsTerminal() ? Style.TERMINAL : Style.LINES;
    }

    /** Begins the next phase. */
    synchronized void begin(String name) {
        phase++;
        title = name;
        detail = "";
        phaseBeganNanos = System.nanoTime();
        if (style == Style.TERMINAL) {
            rewrite("");
        }
    }

    /** Sets what is being done within the phase. */
    synchronized void detail(String text) {
        detail = text;
    }

    /** The phase that goes on. */
    synchronized String title() {
        return title;
    }

    /** What is being done within it. */
    synchronized String detail() {
        return detail;
    }

    /** Sets how long the whole run will still take. */
    synchronized void left(double seconds) {
        endsNanos = System.nanoTime() + Math.round(seconds * 1e9);
    }

    /** Shows a second of the generator. */
    synchronized void second(Second second) {
        if (style == Style.TERMINAL) {
            rewrite(String.format(
                    Locale.ROOT,
                    "%s · offered %,.0f/s served %,.0f/s · p99 %s · generator %.0f %% %s   %s",
                    detail,
                    second.offered(),
                    second.served(),
                    millis(second.p99Seconds()),
                    second.cpuRatio() * 100,
                    second.generatorOk() ? "ok" : "LATE",
                    timeLeft()));
        } else if (style == Style.JSON) {
            var line = JSON.createObjectNode();
            line.put("phase", title).put("detail", detail);
            line.put("offeredPerSecond", second.offered()).put("servedPerSecond", second.served());
            line.put("p99Seconds", second.p99Seconds()).put("generatorCpuRatio", second.cpuRatio());
            line.put("generatorOk", second.generatorOk()).put("secondsLeft", secondsLeft());
            out.println(line);
        }
    }

    /** Ends the phase with what came of it. */
    synchronized void end(String result) {
        double seconds = (System.nanoTime() - phaseBeganNanos) / 1e9;
        switch (style) {
            case QUIET -> {}
            case JSON ->
                out.println(JSON.createObjectNode()
                        .put("phase", title)
                        .put("result", result)
                        .put("seconds", Math.round(seconds * 10) / 10.0));
            case TERMINAL, LINES -> {
                clear();
                out.println("[%d/%d] %-10s %s  %s".formatted(phase, phases, title, result, clock(seconds)));
            }
        }
        out.flush();
    }

    /** Says something that is no phase. */
    synchronized void note(String text) {
        switch (style) {
            case QUIET -> {}
            case JSON -> out.println(JSON.createObjectNode().put("note", text));
            case TERMINAL, LINES -> {
                clear();
                out.println(text);
            }
        }
        out.flush();
    }

    private void rewrite(String text) {
        out.print(CLEAR + "[%d/%d] %-10s %s".formatted(phase, phases, title, text));
        out.flush();
        open = true;
    }

    private void clear() {
        if (open) {
            out.print(CLEAR);
            open = false;
        }
    }

    private double secondsLeft() {
        return endsNanos == 0 ? 0 : Math.max(0, (endsNanos - System.nanoTime()) / 1e9);
    }

    private String timeLeft() {
        return endsNanos == 0 ? "" : clock(secondsLeft()) + " left";
    }

    static String millis(double seconds) {
        return Double.isNaN(seconds)
                ? "-"
                : String.format(Locale.ROOT, seconds < 0.0095 ? "%.1f ms" : "%.0f ms", seconds * 1000);
    }

    private static String clock(double seconds) {
        var duration = Duration.ofSeconds(Math.round(seconds));
        return duration.toMinutes() == 0
                ? duration.toSeconds() + " s"
                : "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
    }

    private static boolean stderrIsTerminal() {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (java.io.IOException e) {
            // Without /proc nothing is known; plain lines are right everywhere.
            return false;
        }
    }
}
