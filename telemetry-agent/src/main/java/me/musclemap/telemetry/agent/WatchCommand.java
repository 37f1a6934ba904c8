package me.musclemap.telemetry.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import me.musclemap.telemetry.stations.CoreSet;
import me.musclemap.telemetry.stations.ProcFs;
import me.musclemap.telemetry.stations.Stations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes what every station used in each window that the lab marks on standard input. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Writes what every station used in each window, one JSON line a window.",
            "Reads marks on standard input, one a line: 'begin N', 'end N', 'station NAME=PID'. Ends with its input."
        })
final class WatchCommand implements Callable<Integer> {
    private static final long GLANCE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String END = "\0";

    @Option(
            names = "--station",
            required = true,
            paramLabel = "NAME=PID",
            converter = StationOption.Converter.class,
            description = "a station: all processes descended from this one (also pidfile:PATH, systemd:UNIT)")
    private List<StationOption> stationOptions = List.of();

    @Option(names = "--cores", paramLabel = "LIST", description = "the watched cores, for example 0; default: all")
    private @Nullable String cores;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "the file that lines are appended to")
    private Path out = Path.of("stations.ndjson");

    @Option(names = "--scrape", paramLabel = "NAME=URL", description = "a station's metrics page, read at the marks")
    private Map<String, URI> pages = new LinkedHashMap<>();

    @SuppressWarnings("UnusedVariable") // taken for the sake of one protocol for all programs
    @Option(names = "--exit-with-parent", description = "end when standard input ends (which watch always does)")
    private boolean exitWithParent;

    @Override
    public Integer call() throws InterruptedException {
        Stations stations;
        try {
            var proc = new ProcFs(Path.of("/proc"));
            var watched = cores == null ? CoreSet.first(proc.coreCount()) : CoreSet.parse(cores);
            stations = new Stations(proc, Clock.systemUTC(), System::nanoTime, watched);
            stationOptions.forEach(option -> option.addTo(stations));
        } catch (IllegalArgumentException e) {
            throw AgentException.usage(e);
        }
        run(stations, System.out, System.err);
        return 0;
    }

    private void run(Stations stations, PrintStream answers, PrintStream notes) throws InterruptedException {
        try (var windows = new Windows(stations, new Pages(pages), out, answers, notes)) {
            windows.ready();
            follow(windows, marks());
        }
    }

    /** Glances each second, and follows a mark the moment it comes. */
    private static void follow(Windows windows, LinkedBlockingQueue<String> marks) throws InterruptedException {
        long nextGlance = System.nanoTime() + GLANCE_EVERY_NANOS;
        while (true) {
            String mark = marks.poll(Math.max(0, nextGlance - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (mark == null) {
                windows.glance();
                nextGlance = Math.max(nextGlance + GLANCE_EVERY_NANOS, System.nanoTime());
            } else if (mark.equals(END)) {
                return;
            } else if (!mark.isBlank()) {
                windows.mark(mark.strip());
            }
        }
    }

    private static LinkedBlockingQueue<String> marks() {
        var marks = new LinkedBlockingQueue<String>();
        var reader = new Thread(
                () -> {
                    try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            marks.add(line);
                        }
                    } catch (IOException e) {
                        System.err.println("agent: standard input cannot be read: " + e.getMessage());
                    } finally {
                        marks.add(END);
                    }
                },
                "marks");
        reader.setDaemon(true);
        reader.start();
        return marks;
    }
}
