package me.musclemap.rum.beacon;

import java.util.List;

/**
 * What one request of a page holds, whatever its form.
 *
 * @param measurements those that can be right
 * @param rejections why others cannot: one reason each
 * @param page URL, path or route template of the page, empty if the body does not tell; not scrubbed yet
 * @param release of the application, empty if not told
 * @param session or else page view, empty if neither is told; kept as the number of a group only
 * @param pageView empty if not told
 * @param sampledShare the share of page views that is sent, above 0 and at most 1
 * @param traceId of the request that answered with the page, empty if not told
 * @param testSignature what signed test traffic carries, empty for all other
 * @param driven whether the browser says that a program drives it
 * @param optedOut whether the body says that the person does not want to be measured
 */
public record Beacon(
        List<Measurement> measurements,
        List<Reason> rejections,
        String page,
        String release,
        String session,
        String pageView,
        double sampledShare,
        String traceId,
        String testSignature,
        Connection connection,
        boolean driven,
        boolean optedOut) {
    /** Copies the lists. */
    public Beacon {
        measurements = List.copyOf(measurements);
        rejections = List.copyOf(rejections);
    }
}
