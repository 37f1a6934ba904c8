package me.musclemap.rum.intake;

/**
 * What a request's headers tell about its sender.
 *
 * @param referer the page, for bodies that do not name it
 * @param country two letters from a header that we trust, or {@code ZZ}
 * @param optedOut whether a header (Sec-GPC, DNT) asks not to be measured
 */
public record Caller(String userAgent, String referer, String country, boolean optedOut) {}
