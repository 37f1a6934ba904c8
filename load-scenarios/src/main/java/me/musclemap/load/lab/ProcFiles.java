package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What the lab reads of /proc. A process that is gone gives nothing. */
final class ProcFiles {
    /** USER_HZ: the unit of /proc/stat on every Linux this runs on. */
    static final double TICKS_PER_SECOND = 100;

    private ProcFiles() {}

    /** When the process began, in ticks since boot: with the pid it names a process for good. */
    static OptionalLong startTicks(long pid) {
        var fields = statFields(pid);
        return fields.length > 19 ? OptionalLong.of(Long.parseLong(fields[19])) : OptionalLong.empty();
    }

    /** CPU seconds of this process, ended children included. */
    static double cpuSeconds(long pid) {
        var fields = statFields(pid);
        if (fields.length < 15) {
            return 0;
        }
        long ticks = 0;
        for (int i = 11; i <= 14; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** Memory of this process that is in RAM, in bytes. */
    static long residentBytes(long pid) {
        for (var line : lines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return 0;
    }

    /** Cores this process may run on, as the kernel writes them: {@code 0-1}. */
    static String cpusAllowed(long pid) {
        for (var line : lines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return "gone";
    }

    /** Busy seconds of a core since boot, steal and waiting for disks left out. */
    static double busySeconds(int core) {
        for (var line : lines(Path.of("/proc/stat"))) {
            if (line.startsWith("cpu" + core + " ")) {
                var fields = line.split(" +");
                // user nice system idle iowait irq softirq
                long ticks = 0;
                for (int i : new int[] {1, 2, 3, 6, 7}) {
                    ticks += Long.parseLong(fields[i]);
                }
                return ticks / TICKS_PER_SECOND;
            }
        }
        return 0;
    }

    /** The cores of a kernel list such as {@code 0-2,5}. */
    static List<Integer> coreList(String list) {
        var cores = new ArrayList<Integer>();
        for (var part : list.split(",")) {
            var ends = part.strip().split("-");
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    /** The lines of a file of /proc, none when it is gone. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            // A process that ended between two looks is no error: its files are simply gone.
            return List.of();
        }
    }

    /** The fields of /proc/PID/stat after the name, which may hold spaces. */
    private static String[] statFields(long pid) {
        var lines = lines(Path.of("/proc", Long.toString(pid), "stat"));
        if (lines.isEmpty()) {
            return new String[0];
        }
        var line = lines.get(0);
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }
}
