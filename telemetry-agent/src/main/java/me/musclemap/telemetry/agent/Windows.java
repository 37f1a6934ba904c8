package me.musclemap.telemetry.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import me.musclemap.telemetry.stations.Snapshot;
import me.musclemap.telemetry.stations.Stations;
import me.musclemap.telemetry.stations.WindowUse;

/**
 * The windows that are open. Marks are followed on the caller's thread, so that stations are sampled the moment a mark
 * comes; pages are read and lines written on a thread of their own, in order, so that a slow page delays no mark.
 */
final class Windows implements AutoCloseable {
    private static final int GLANCES_PER_READING = 5;

    private final Stations stations;
    private final Pages pages;
    private final Path file;
    private final FileChannel lines;
    private final PrintStream answers;
    private final PrintStream notes;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "writer");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Integer, OpenWindow> open = new LinkedHashMap<>();
    private long glances;

    Windows(Stations stations, Pages pages, Path file, PrintStream answers, PrintStream notes) {
        this.stations = stations;
        this.pages = pages;
        this.file = file;
        this.answers = answers;
        this.notes = notes;
        try {
            lines = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw AgentException.failed("out=" + file + ": cannot be written: " + e, e);
        }
    }

    /** Says that marks are awaited. */
    void ready() {
        Snapshot first = stations.look();
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("ready", true);
        line.put("pid", ProcessHandle.current().pid());
        line.put("source", "proc");
        var names = line.putArray("stations");
        first.stations().keySet().forEach(names::add);
        var cores = line.putArray("cores");
        stations.watched().numbers().forEach(cores::add);
        answer(line);
    }

    /** A sample between marks, so that what ends in a window is not missed; prints nothing. */
    void glance() {
        int running = stations.glance();
        open.values().forEach(window -> window.saw(running));
        glances++;
        if (!open.isEmpty() && !pages.isEmpty() && glances % GLANCES_PER_READING == 0) {
            var windows = open.values().stream().toList();
            submit(() -> {
                Pages.Reading reading = pages.read();
                windows.forEach(window -> window.read(reading));
            });
        }
    }

    /** Follows one line of standard input. */
    void mark(String line) {
        String[] words = line.split(" +", -1);
        try {
            if (words.length == 2 && words[0].equals("begin")) {
                begin(number(words[1]));
            } else if (words.length == 2 && words[0].equals("end")) {
                end(number(words[1]));
            } else if (words.length == 2 && words[0].equals("station")) {
                StationOption.parse(words[1]).addTo(stations);
            } else {
                throw new IllegalArgumentException("mark '" + line + "': write begin N, end N or station NAME=PID");
            }
        } catch (IllegalArgumentException e) {
            notes.println("agent: " + e.getMessage());
            answer(JsonNodeFactory.instance.objectNode().put("error", e.getMessage()));
        }
    }

    private static int number(String word) {
        if (!word.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("window '" + word + "': write a number from 0 on");
        }
        return Integer.parseInt(word);
    }

    private void begin(int number) {
        if (open.containsKey(number)) {
            throw new IllegalArgumentException("window " + number + " is open already: end it first");
        }
        var window = new OpenWindow(stations.look());
        open.put(number, window);
        if (!pages.isEmpty()) {
            submit(() -> window.read(pages.read()));
        }
    }

    private void end(int number) {
        OpenWindow window = open.remove(number);
        if (window == null) {
            throw new IllegalArgumentException("window " + number + " is not open: begin it first");
        }
        Snapshot last = stations.look();
        window.saw(last.host().runningTasks());
        var use = new WindowUse(number, window.begin(), last, stations.watched(), window.runQueueMean());
        submit(() -> {
            if (!pages.isEmpty()) {
                window.read(pages.read());
            }
            write(use, window);
        });
    }

    private void write(WindowUse use, OpenWindow window) {
        ObjectNode line = use.json();
        if (use.otherCpuSeconds().isEmpty()) {
            notes.println("agent: window " + use.window()
                    + ": a station may run on watched and on other cores, so 'other' is left out: pin it with taskset");
        }
        if (!pages.isEmpty()) {
            line.set("counters", window.counters());
            window.silent()
                    .forEach(name -> notes.println("agent: window " + use.window() + ": the page of '" + name
                            + "' did not answer at both of its marks, so its counters are left out"));
        }
        try {
            var bytes = java.nio.ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                lines.write(bytes);
            }
        } catch (IOException e) {
            throw AgentException.failed("out=" + file + ": cannot be written: " + e, e);
        }
        ObjectNode done = JsonNodeFactory.instance.objectNode();
        done.put("window", use.window());
        done.put("done", true);
        done.put("durationSeconds", line.get("durationSeconds").asDouble());
        done.set("stations", line.get("stations"));
        done.set("host", line.get("host"));
        answer(done);
    }

    private void answer(ObjectNode line) {
        synchronized (answers) {
            answers.println(line);
            answers.flush();
        }
    }

    /** What fails on the writer's thread must end the program: a record with a hole in it is worse than none. */
    @SuppressWarnings("FutureReturnValueIgnored") // the task ends the program itself
    private void submit(Runnable task) {
        writer.submit(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                notes.println("agent: " + e.getMessage());
                Runtime.getRuntime().halt(1);
            }
        });
    }

    /** Writes what was ended; a window that was not is no window. */
    @Override
    public void close() {
        if (!open.isEmpty()) {
            notes.println("agent: windows " + open.keySet() + " were not ended and are left out");
        }
        writer.shutdown();
        try {
            if (!writer.awaitTermination(10, TimeUnit.SECONDS)) {
                notes.println("agent: a metrics page did not answer in time");
            }
            lines.close();
        } catch (IOException e) {
            throw AgentException.failed("out=" + file + ": cannot be closed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
