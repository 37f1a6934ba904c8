package me.musclemap.telemetry.stations;

/**
 * One line of {@code /proc/PID/stat}. Source: proc_pid_stat(5).
 *
 * @param state one letter: {@code Z} is a process that ended and was not waited for yet
 * @param startTicks when the process started, in clock ticks after boot; with the pid it names a process for good
 * @param ownTicks user and system time of the process itself, in clock ticks
 * @param childTicks user and system time of its ended children that it waited for, and of theirs
 * @param residentBytes memory in RAM, shared pages included
 */
public record ProcessStat(
        long pid,
        char state,
        long parentPid,
        long startTicks,
        long ownTicks,
        long childTicks,
        int threads,
        long residentBytes) {
    /** A clock tick is 10 ms in what Linux shows, on every x86-64. */
    static final double SECONDS_PER_TICK = 0.01;

    private static final long PAGE_BYTES = 4096;

    /** Reads the line; the name in brackets may itself hold spaces and brackets. */
    static ProcessStat parse(String line) {
        int open = line.indexOf(' ');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
        }
        String[] fields = line.substring(close + 2).strip().split(" ", -1);
        // Field 3 of the manual page is fields[0].
        return new ProcessStat(
                Long.parseLong(line.substring(0, open)),
                fields[0].charAt(0),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[19]),
                Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                Long.parseLong(fields[13]) + Long.parseLong(fields[14]),
                Integer.parseInt(fields[17]),
                Long.parseLong(fields[21]) * PAGE_BYTES);
    }

    /** CPU seconds of the process itself. */
    public double ownCpuSeconds() {
        return ownTicks * SECONDS_PER_TICK;
    }

    /** A pid is given again; this pair is not. */
    ProcessKey key() {
        return new ProcessKey(pid, startTicks);
    }
}
