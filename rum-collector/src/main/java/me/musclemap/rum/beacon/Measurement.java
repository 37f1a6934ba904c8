package me.musclemap.rum.beacon;

/**
 * One value of one vital.
 *
 * @param id names the vital of one page view: a later value with the same id takes the place of the earlier
 * @param value in the vital's unit
 * @param isDelta whether the value is to be added to those sent before under this id, as the real product's pages have it
 * @param sentAtMillis the page's clock, zero if it did not say; tells a repeated delta from a new one, and a whole value that
 *     arrives late from the latest
 * @param page URL, path or route template of the page, empty if the value does not tell its own; not scrubbed yet
 * @param target selector of the element that it is attributed to, empty if none is told; not scrubbed yet
 */
public record Measurement(
        Vital vital,
        String id,
        double value,
        boolean isDelta,
        long sentAtMillis,
        Navigation navigation,
        String page,
        String target) {}
