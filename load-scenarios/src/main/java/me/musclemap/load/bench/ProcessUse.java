package me.musclemap.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What processes and cores have used so far, from {@code /proc}; CPU in ticks of ten milliseconds. */
final class ProcessUse {
    private static final double TICK_SECONDS = 0.01;

    private ProcessUse() {}

    /** CPU seconds of a process so far. */
    static double cpuSeconds(long pid) {
        var stat = read(Path.of("/proc", Long.toString(pid), "stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_SECONDS;
    }

    /** Memory of it that is in RAM, in bytes. */
    static long residentBytes(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    /** Seconds that the host took from both cores so far. */
    static double stealSeconds() {
        var all = read(Path.of("/proc/stat")).lines().findFirst().orElse("").split(" +", -1);
        return all.length > 8 ? Long.parseLong(all[8]) * TICK_SECONDS : 0;
    }

    /** The cores that this process may use. */
    static List<Integer> cores() {
        var list = read(Path.of("/proc/self/status"))
                .lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
        var cores = new ArrayList<Integer>();
        for (var part : list.split(",", -1)) {
            var ends = part.split("-", -1);
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    /** How many files and sockets a process may have open here. */
    static int mostFiles() {
        return read(Path.of("/proc/self/limits"))
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split(" +", -1)[4])
                .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
                .findFirst()
                .orElse(1024);
    }

    /** How many connections to one address may come from here. */
    static int localPorts() {
        var file = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        String[] ends;
        // A line at a time: such a file gives the rest of itself to nobody who has read a byte of it.
        try (var in = Files.newBufferedReader(file)) {
            ends = String.valueOf(in.readLine()).split("\\s+", -1);
        } catch (IOException e) {
            throw BenchException.failed(file + ": cannot be read: this is no Linux");
        }
        return Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw BenchException.failed(file + ": cannot be read: the process is gone, or this is no Linux");
        }
    }
}
