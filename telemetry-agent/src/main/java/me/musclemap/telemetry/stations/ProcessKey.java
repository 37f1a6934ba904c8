package me.musclemap.telemetry.stations;

/** What names a process for good: its pid, and when it started. */
record ProcessKey(long pid, long startTicks) {}
