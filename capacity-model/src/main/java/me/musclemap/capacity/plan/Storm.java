package me.musclemap.capacity.plan;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import me.musclemap.capacity.measure.StrictNode;

/**
 * A load that comes at once, on top of what is asked anyway.
 *
 * @param what in words
 * @param factor on everything that users ask while it lasts; 1 for none
 * @param share of the users in session, or of those with a socket, who ask for more
 * @param ofSockets whether that share is of those with a socket
 * @param perUser requests of each of them by class
 * @param withinSeconds over which they come
 * @param lastsSeconds of the factor, and of an outage of the cache
 * @param cache what happens to the origin's cache
 */
public record Storm(
        String what,
        double factor,
        double share,
        boolean ofSockets,
        Map<String, Double> perUser,
        double withinSeconds,
        double lastsSeconds,
        CacheState cache) {
    private static final Set<String> KEYS = Set.of(
            "what", "factor", "share", "ofSockets", "perUser", "withinSeconds", "lastsSeconds", "cache", "source");

    public Storm {
        perUser = Map.copyOf(perUser);
    }

    /** What happens to the origin's cache. */
    public enum CacheState {
        /** Nothing. */
        WARM,
        /** It is emptied. */
        COLD,
        /** It is away. */
        GONE
    }

    static Storm read(StrictNode node) {
        node.onlyKeys(KEYS);
        Assumptions.sourced(node);
        String cache = node.findText("cache").orElse("warm");
        if (!Set.of("warm", "cold", "gone").contains(cache)) {
            throw node.at("cache").wrong("warm, cold or gone");
        }
        double share = node.findNumber("share").orElse(0);
        return new Storm(
                node.text("what"),
                node.find("factor").isPresent() ? node.positive("factor") : 1,
                share,
                node.find("ofSockets").isPresent() && node.flag("ofSockets"),
                node.find("perUser").isPresent() ? node.amounts("perUser") : Map.of(),
                share > 0 ? node.positive("withinSeconds") : 0,
                node.findNumber("lastsSeconds").orElse(0),
                CacheState.valueOf(cache.toUpperCase(Locale.ROOT)));
    }
}
