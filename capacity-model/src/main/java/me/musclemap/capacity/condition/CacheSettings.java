package me.musclemap.capacity.condition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import me.musclemap.capacity.cache.KeyPopulation;
import me.musclemap.capacity.measure.StrictNode;

/**
 * One family of cached answers.
 *
 * @param ttlSeconds how long an answer is kept, not negative
 * @param keys different answers; empty where each user has one
 * @param zipf exponent of their popularity
 */
record CacheSettings(double ttlSeconds, OptionalDouble keys, double zipf) {
    private static final Set<String> KEYS = Set.of("ttlSeconds", "keys", "zipf", "source");
    private static final String PER_USER = "perUser";

    /** The caches of the reference API, by key class. */
    static Map<String, CacheSettings> shipped() {
        try (var in = CacheSettings.class.getResourceAsStream("/caches.yaml")) {
            if (in == null) {
                throw new IllegalStateException("/caches.yaml is not on the class path: build the room again");
            }
            return read("caches.yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("/caches.yaml cannot be read", e);
        }
    }

    static Map<String, CacheSettings> read(String file, String text) {
        StrictNode root = StrictNode.parseYaml(file, text);
        root.onlyKeys(Set.of("caches"));
        var caches = new LinkedHashMap<String, CacheSettings>();
        root.members("caches").forEach((name, node) -> {
            node.onlyKeys(KEYS);
            caches.put(name, new CacheSettings(node.amount("ttlSeconds"), keys(node), node.amount("zipf")));
        });
        return caches;
    }

    private static OptionalDouble keys(StrictNode node) {
        try {
            return OptionalDouble.of(node.positive("keys"));
        } catch (me.musclemap.capacity.measure.MalformedInputException e) {
            if (node.at("keys").asText().equals(PER_USER)) {
                return OptionalDouble.empty();
            }
            throw e;
        }
    }

    CacheSettings with(NamedCondition.CacheChange change) {
        return new CacheSettings(
                change.ttlSeconds().orElse(ttlSeconds),
                change.keys().isPresent() ? change.keys() : keys,
                change.zipf().orElse(zipf));
    }

    double keysFor(double activeUsers) {
        return keys.orElse(Math.max(1, activeUsers));
    }

    /**
     * Share of the lookups that are hits.
     *
     * @param correction what the keys are multiplied by, so that the formula meets what was measured
     */
    double hitRatio(double lookupsPerSecond, double activeUsers, double correction) {
        return KeyPopulation.of(keysFor(activeUsers) * correction, zipf).hitRatio(lookupsPerSecond, ttlSeconds);
    }
}
