package me.musclemap.telemetry.stations;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the host has used since boot.
 *
 * @param runningTasks running or waiting for a core now, the reader itself left out
 * @param cpuPressureSeconds time in which some task waited for a core, where the kernel tells
 * @param networkReceivedBytes over all interfaces but the loopback
 */
public record HostSample(
        List<CoreSample> cores,
        int runningTasks,
        OptionalDouble cpuPressureSeconds,
        OptionalDouble ioPressureSeconds,
        OptionalDouble memoryPressureSeconds,
        long diskReadBytes,
        long diskWriteBytes,
        long networkReceivedBytes,
        long networkSentBytes) {
    private static final Pattern SOME = Pattern.compile("^some .*total=(\\d+)", Pattern.MULTILINE);
    /** Whole disks only: their partitions would be counted twice. */
    private static final Pattern DISK = Pattern.compile("(sd|vd|hd|xvd)[a-z]+|nvme\\d+n\\d+|mmcblk\\d+");

    private static final int SECTOR_BYTES = 512;

    /** Copies the list. */
    public HostSample {
        cores = List.copyOf(cores);
    }

    static HostSample read(ProcFs proc) {
        var cores = new ArrayList<CoreSample>();
        int running = 0;
        for (String line : lines(proc, "stat")) {
            if (line.matches("cpu\\d.*")) {
                cores.add(CoreSample.parse(line));
            } else if (line.startsWith("procs_running ")) {
                running = Math.max(0, Integer.parseInt(line.substring(14).strip()) - 1);
            }
        }
        if (cores.isEmpty()) {
            throw new IllegalStateException("/proc/stat names no core: this needs Linux with /proc mounted");
        }
        long[] disk = disks(proc);
        long[] network = network(proc);
        return new HostSample(
                cores,
                running,
                pressure(proc, "cpu"),
                pressure(proc, "io"),
                pressure(proc, "memory"),
                disk[0],
                disk[1],
                network[0],
                network[1]);
    }

    private static OptionalDouble pressure(ProcFs proc, String resource) {
        Matcher some = SOME.matcher(proc.text("pressure", resource).orElse(""));
        return some.find() ? OptionalDouble.of(Long.parseLong(some.group(1)) / 1e6) : OptionalDouble.empty();
    }

    private static long[] disks(ProcFs proc) {
        long[] bytes = new long[2];
        for (String line : lines(proc, "diskstats")) {
            String[] words = line.strip().split(" +", -1);
            if (words.length > 9 && DISK.matcher(words[2]).matches()) {
                bytes[0] += Long.parseLong(words[5]) * SECTOR_BYTES;
                bytes[1] += Long.parseLong(words[9]) * SECTOR_BYTES;
            }
        }
        return bytes;
    }

    private static long[] network(ProcFs proc) {
        long[] bytes = new long[2];
        for (String line : lines(proc, "net/dev")) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.substring(0, colon).strip().equals("lo")) {
                String[] words = line.substring(colon + 1).strip().split(" +", -1);
                bytes[0] += Long.parseLong(words[0]);
                bytes[1] += Long.parseLong(words[8]);
            }
        }
        return bytes;
    }

    private static List<String> lines(ProcFs proc, String file) {
        return proc.text(file).orElse("").lines().toList();
    }
}
