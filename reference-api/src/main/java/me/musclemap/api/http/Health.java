package me.musclemap.api.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.store.Database;

/** Whether the service can work, and what is missing when it can only work slowly. */
final class Health {
    private final Database database;
    private final RedisStore redis;
    private final String costProfile;

    Health(Database database, RedisStore redis, String costProfile) {
        this.costProfile = costProfile;
        this.database = database;
        this.redis = redis;
    }

    /** GET /health: always an answer. */
    Map<String, Object> report() {
        boolean databaseAnswers = database.answers();
        boolean redisAnswers = redis.answers();
        Database.PoolState pool = database.pool();
        var missing = new ArrayList<String>();
        if (!databaseAnswers) {
            missing.add("no database: requests that need it get 503");
        }
        if (!redisAnswers) {
            missing.add("no Redis: answers come from the database, slower, and events stay in this instance");
        }
        return Map.of(
                "status",
                databaseAnswers && redisAnswers ? "ok" : "degraded",
                "timestamp",
                Instant.now().toString(),
                "version",
                "2.0.0",
                "database",
                Map.of(
                        "connected",
                        databaseAnswers,
                        "pool",
                        Map.of(
                                "totalConnections",
                                pool.total(),
                                "idleConnections",
                                pool.idle(),
                                "waitingClients",
                                pool.waiting())),
                "redis",
                Map.of("enabled", true, "connected", redisAnswers),
                "degraded",
                missing,
                "costProfile",
                costProfile);
    }

    /** GET /ready: the database is there; without Redis the service works, slower. */
    boolean ready() {
        return database.answers();
    }
}
