package me.musclemap.reports.charts;

/**
 * A chart as SVG elements, once for each place it is shown.
 *
 * @param wide for a broad screen
 * @param narrow for a telephone
 * @param print for an A4 page
 */
public record Drawing(String wide, String narrow, String print) {}
