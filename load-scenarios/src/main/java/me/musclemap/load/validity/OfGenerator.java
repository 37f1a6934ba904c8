package me.musclemap.load.validity;

/**
 * What the generator said of itself in a window. Immutable.
 *
 * @param longestPauseSeconds the longest pause for garbage
 * @param faults requests that the generator could not send: no free port, too many open files
 * @param openFiles files and sockets that were open at its end
 * @param mostFiles how many it may have open
 */
public record OfGenerator(double longestPauseSeconds, long faults, long openFiles, long mostFiles) {}
