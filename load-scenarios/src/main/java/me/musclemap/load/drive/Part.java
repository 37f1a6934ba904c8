package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import me.musclemap.load.schedule.Shard;

/**
 * Which part of the schedule a generator plays, and what all parts share. Immutable.
 *
 * @param mark sets new accounts of this run apart from those of other runs; the same in all shards; empty: drawn from the clock
 * @param arrivals where each arrival is noted; empty: nowhere
 */
record Part(Shard shard, Optional<Long> mark, Optional<Path> arrivals) {
    static Part of(JsonNode settings) {
        var shard = settings.path("shard");
        try {
            return new Part(
                    shard.isObject()
                            ? new Shard(
                                    shard.path("index").asInt(-1),
                                    shard.path("count").asInt(-1))
                            : Shard.WHOLE,
                    settings.hasNonNull("mark")
                            ? Optional.of(settings.get("mark").asLong())
                            : Optional.empty(),
                    settings.hasNonNull("arrivals")
                            ? Optional.of(Path.of(settings.get("arrivals").asText()))
                            : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new GeneratorException(e.getMessage() + ": write an index from 0 and how many there are", e);
        }
    }
}
