package me.musclemap.load.record;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;

/** Names of runs: the UTC second of the start and four random hexadecimal digits. */
public final class RunId {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private RunId() {}

    /** A new id for a run that starts now. */
    public static String next(Instant start, RandomGenerator random) {
        return SECOND.format(start) + "-%04x".formatted(random.nextInt(1 << 16));
    }
}
