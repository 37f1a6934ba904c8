package me.musclemap.api.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import me.musclemap.api.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What processes have used so far, from {@code /proc}; CPU in ticks of ten milliseconds. */
final class ProcessUse {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessUse.class);
    private static final double TICK_SECONDS = 0.01;

    private ProcessUse() {}

    /** CPU seconds of {@code pid} and its children, the ended ones included. */
    static double cpuSeconds(long pid) {
        double seconds = 0;
        for (ProcessHandle process : processes(pid)) {
            try {
                String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                // utime, stime, and of children that ended and were waited for
                for (int i = 11; i <= 14; i++) {
                    seconds += Long.parseLong(fields[i]) * TICK_SECONDS;
                }
            } catch (IOException e) {
                LOG.debug("a process ended between the listing and the reading", e);
            }
        }
        return seconds;
    }

    private static List<ProcessHandle> processes(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(process), process.descendants())
                        .toList())
                .orElse(List.of());
    }

    /** Memory that is resident. */
    static long residentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw Problem.failed("process " + pid + " is gone", e);
        }
    }

    /** Keeps {@code pid} and its children on {@code cpus}, as {@code taskset} writes them. */
    static void pin(long pid, String cpus) {
        for (ProcessHandle process : processes(pid)) {
            try {
                new ProcessBuilder("taskset", "-acp", cpus, Long.toString(process.pid()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw Problem.failed("cannot run taskset (package util-linux)", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.failed("interrupted");
            }
        }
    }
}
