package me.musclemap.telemetry.catalogue;

import java.util.Set;

/**
 * One family of a scraped page.
 *
 * @param name as the catalogue would write it: counters with {@code _total}
 * @param type counter, gauge, histogram, summary, info or untyped
 * @param labels every label name seen, {@code le} and {@code quantile} left out
 * @param seriesCount distinct label combinations, buckets of a histogram counted once
 */
record ExposedFamily(String name, String type, Set<String> labels, int seriesCount) {}
