package me.musclemap.load.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import me.musclemap.load.record.RunRecord;
import me.musclemap.load.record.Sha256;

/** Describes the machine that a run is on. */
public final class HostFacts {
    private HostFacts() {}

    /** This machine. */
    public static RunRecord.Host read() {
        var model = value("/proc/cpuinfo", "model name");
        int cores = (int) ProcFiles.lines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("processor"))
                .count();
        long memory = Long.parseLong(value("/proc/meminfo", "MemTotal").replace(" kB", "")) * 1024;
        var kernel = System.getProperty("os.version");
        var fingerprint =
                Sha256.of((model + "|" + cores + "|" + memory + "|" + kernel).getBytes(StandardCharsets.UTF_8));
        return new RunRecord.Host(fingerprint.substring(0, 16), model, Math.max(1, cores), memory, kernel);
    }

    private static String value(String file, String key) {
        for (var line : ProcFiles.lines(Path.of(file))) {
            if (line.startsWith(key)) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        return "0";
    }
}
