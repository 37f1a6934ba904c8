package me.musclemap.rum.beacon;

import java.util.List;

/**
 * What one request of a page holds, whatever its form.
 *
 * @param measurements those that can be right
 * @param rejections why others cannot: one reason each
 * @param page URL, path or route template of the page, empty if the body does not tell; not scrubbed yet
 * @param release of the application, empty if not told
 * @param driven whether the browser says that a program drives it
 * @param optedOut whether the body says that the person does not want to be measured
 */
public record Beacon(
        List<Measurement> measurements,
        List<Reason> rejections,
        String page,
        String release,
        Connection connection,
        boolean driven,
        boolean optedOut) {
    /** Copies the lists. */
    public Beacon {
        measurements = List.copyOf(measurements);
        rejections = List.copyOf(rejections);
    }
}
