package me.musclemap.capacity.plan;

import java.util.Set;
import me.musclemap.capacity.cache.KeyPopulation;
import me.musclemap.capacity.measure.StrictNode;

/**
 * Answers of one class that the origin keeps, as Redis does. Its hit ratio follows from how often each key is asked for.
 *
 * @param share of the class that may be kept
 * @param perUser whether each user has keys of their own; else all users share them
 * @param keys different answers, of one user or of all
 * @param ranking how popular they are
 * @param ttlSeconds how long an answer is kept
 */
public record OriginCache(
        String requestClass, double share, boolean perUser, double keys, KeyPopulation ranking, double ttlSeconds) {
    private static final Set<String> KEYS =
            Set.of("class", "share", "keys", "keysPerUser", "zipf", "ttlSeconds", "source", "ranges");

    static OriginCache read(StrictNode node) {
        node.onlyKeys(KEYS);
        Assumptions.sourced(node);
        boolean perUser = node.find("keysPerUser").isPresent();
        if (perUser == node.find("keys").isPresent()) {
            throw node.wrong("either keys or keysPerUser");
        }
        double keys = node.positive(perUser ? "keysPerUser" : "keys");
        return new OriginCache(
                node.text("class"),
                Assumptions.shareOf(node.at("share")),
                perUser,
                keys,
                Phase.ranking(node, keys),
                node.positive("ttlSeconds"));
    }

    /**
     * Share of the class's requests that are answered without the database.
     *
     * @param classPerSecond requests of the class that reach one such cache
     * @param users in session whose requests they are
     * @param life times as long that an answer is kept
     */
    double hits(double classPerSecond, double users, double life) {
        return life == 0 ? 0 : share * ranking.hitRatio(perRanking(classPerSecond, users), ttlSeconds * life);
    }

    /** The same so many seconds after everything was lost. */
    double hitsAfterLoss(double classPerSecond, double users, double life, double sinceSeconds) {
        return life == 0
                ? 0
                : share * ranking.hitRatioAfterLoss(perRanking(classPerSecond, users), ttlSeconds * life, sinceSeconds);
    }

    private double perRanking(double classPerSecond, double users) {
        double cacheable = classPerSecond * share;
        return perUser ? (users > 0 ? cacheable / users : 0) : cacheable;
    }
}
