package me.musclemap.load.merge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.load.record.Sha256;
import me.musclemap.load.schedule.Shard;

/**
 * What all shards of a run play between them, and which of them this is: shard.json. Immutable.
 *
 * @param startEpochMillis the instant at which all of them begin
 */
record ShardPlan(
        Shard shard,
        long startEpochMillis,
        URI target,
        String workload,
        String workloadSha256,
        long seed,
        long datasetSeed,
        int users,
        List<Stretch> stretches) {
    static final String FILE = "shard.json";
    private static final int SCHEMA_VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    ShardPlan {
        stretches = List.copyOf(stretches);
    }

    /** A window: its length, its mix and the rate of the whole run. */
    record Stretch(String role, double seconds, String mix, double perSecond) {}

    /** When the window with this index begins, in epoch milliseconds. */
    long startOf(int index) {
        double before = stretches.subList(0, index).stream()
                .mapToDouble(Stretch::seconds)
                .sum();
        return startEpochMillis + Math.round(before * 1000);
    }

    /** What must be the same in all shards of one run, whoever drives them and when. */
    String scheduleSha256() {
        var schedule = JSON.createObjectNode();
        schedule.put("shards", shard.count()).put("workload", workloadSha256).put("seed", seed);
        schedule.put("datasetSeed", datasetSeed).put("users", users);
        stretches(schedule);
        return Sha256.of(schedule.toString().getBytes(StandardCharsets.UTF_8));
    }

    String json() {
        var plan = JSON.createObjectNode();
        plan.put("schemaVersion", SCHEMA_VERSION);
        plan.put("shard", shard.index()).put("shards", shard.count());
        plan.put("scheduleSha256", scheduleSha256());
        plan.put("startEpochMillis", startEpochMillis).put("target", target.toString());
        plan.put("workload", workload).put("workloadSha256", workloadSha256);
        plan.put("seed", seed).put("datasetSeed", datasetSeed).put("users", users);
        stretches(plan);
        return plan.toPrettyString() + "\n";
    }

    private void stretches(ObjectNode into) {
        var windows = into.putArray("windows");
        for (var stretch : stretches) {
            windows.addObject()
                    .put("role", stretch.role())
                    .put("seconds", stretch.seconds())
                    .put("mix", stretch.mix())
                    .put("perSecond", stretch.perSecond());
        }
    }

    static ShardPlan read(Path directory) {
        var file = directory.resolve(FILE);
        JsonNode plan;
        try {
            plan = JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw ShardException.wrong(file + ": is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ShardException.wrong(file + ": "
                    + (Files.exists(file)
                            ? "cannot be read: " + e.getMessage()
                            : "not there; name the directories that 'load shard' wrote"));
        }
        if (plan.path("schemaVersion").asInt() != SCHEMA_VERSION) {
            throw ShardException.wrong(file + ": schemaVersion="
                    + plan.path("schemaVersion").asText("missing") + ": this Headroom reads version " + SCHEMA_VERSION);
        }
        var stretches = new ArrayList<Stretch>();
        for (var window : plan.path("windows")) {
            stretches.add(new Stretch(
                    window.path("role").asText(),
                    window.path("seconds").asDouble(),
                    window.path("mix").asText(),
                    window.path("perSecond").asDouble()));
        }
        ShardPlan read;
        try {
            read = new ShardPlan(
                    new Shard(plan.path("shard").asInt(-1), plan.path("shards").asInt(-1)),
                    plan.path("startEpochMillis").asLong(),
                    URI.create(plan.path("target").asText()),
                    plan.path("workload").asText(),
                    plan.path("workloadSha256").asText(),
                    plan.path("seed").asLong(),
                    plan.path("datasetSeed").asLong(),
                    plan.path("users").asInt(),
                    stretches);
        } catch (IllegalArgumentException e) {
            throw ShardException.wrong(file + ": " + e.getMessage());
        }
        if (!read.scheduleSha256().equals(plan.path("scheduleSha256").asText())) {
            throw ShardException.wrong(file + ": scheduleSha256 is not that of its content: the file was changed");
        }
        return read;
    }
}
