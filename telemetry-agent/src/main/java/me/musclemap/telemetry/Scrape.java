package me.musclemap.telemetry;

/**
 * A page for a Prometheus server.
 *
 * @param contentType what to answer as Content-Type
 * @param body the page
 */
public record Scrape(String contentType, String body) {}
