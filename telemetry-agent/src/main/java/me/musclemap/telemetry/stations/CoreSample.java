package me.musclemap.telemetry.stations;

/** CPU seconds of one core since boot. Source: proc_stat(5). */
public record CoreSample(int core, double busySeconds, double idleSeconds, double iowaitSeconds, double stealSeconds) {
    static CoreSample parse(String line) {
        String[] words = line.split(" +", -1);
        double[] seconds = new double[10];
        for (int i = 1; i < Math.min(words.length, 11); i++) {
            seconds[i - 1] = Long.parseLong(words[i]) * ProcessStat.SECONDS_PER_TICK;
        }
        // user nice system idle iowait irq softirq steal guest guest_nice; guest is part of user.
        return new CoreSample(
                Integer.parseInt(words[0].substring(3)),
                seconds[0] + seconds[1] + seconds[2] + seconds[5] + seconds[6],
                seconds[3],
                seconds[4],
                seconds[7]);
    }
}
