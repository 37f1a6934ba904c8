package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks whether the server still has the sets whose writing it acknowledged: asks each user's workout in progress for them. A workout that
 * nobody asked to end has to be there with all its sets. Sets of workouts that may be over cannot be seen that way and are counted apart,
 * and so are those of users who could not be asked.
 */
public final class WrittenSets {
    private static final int USERS_AT_MOST = 2000;
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUERY =
            "{\"operationName\":\"ActiveWorkoutSession\",\"variables\":{},\"query\":\"query ActiveWorkoutSession { activeWorkoutSession { id sets { id } } }\"}";

    /**
     * What became of acknowledged sets.
     *
     * @param lookedFor sets of workouts that have to be in progress still
     * @param lost of them, those the server no longer has
     * @param over sets of workouts that may be over by now
     * @param notAsked sets of users of whom the server gave no answer, or who were too many to ask
     */
    public record Found(int lookedFor, int lost, int over, int notAsked) {
        private Found plus(Found other) {
            return new Found(
                    lookedFor + other.lookedFor, lost + other.lost, over + other.over, notAsked + other.notAsked);
        }

        /** In words. */
        public String words() {
            if (lookedFor + over + notAsked == 0) {
                return "No set was written near the kill, so nothing can be said about lost writes.";
            }
            var apart = Stream.of(
                            over == 0 ? "" : "%,d more are in workouts that may be over".formatted(over),
                            notAsked == 0 ? "" : "of %,d the server could not be asked".formatted(notAsked))
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", "));
            return "Of %,d acknowledged sets that can still be seen, %s lost%s."
                    .formatted(
                            lookedFor,
                            lost == 0 ? "none was" : lost + " were",
                            apart.isEmpty() ? "" : " (" + apart + ")");
        }
    }

    private WrittenSets() {}

    /**
     * Looks for the sets noted in {@code writes} that were acknowledged at this moment or later.
     *
     * @throws GeneratorException when the file or the key cannot be read
     */
    public static Found look(URI api, Path signingKey, long datasetSeed, Path writes, long fromEpochMillis) {
        var byUser = noted(writes, fromEpochMillis);
        if (byUser.isEmpty()) {
            return new Found(0, 0, 0, 0);
        }
        var mint = Mint.from(signingKey, datasetSeed, PATIENCE.toSeconds() * 60);
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        var found = new Found(0, 0, 0, 0);
        int users = 0;
        for (var user : byUser.entrySet()) {
            Optional<JsonNode> workout =
                    users++ < USERS_AT_MOST ? ask(http, api, mint, datasetSeed, user.getKey()) : Optional.empty();
            for (var written : user.getValue().entrySet()) {
                found = found.plus(seen(written.getKey(), written.getValue(), workout));
            }
        }
        return found;
    }

    /** What became of the sets of one workout, where the server says that this is the user's workout in progress. */
    private static Found seen(String workout, Set<String> notes, Optional<JsonNode> inProgress) {
        var sets = new LinkedHashSet<>(notes);
        boolean over = sets.remove(WriteNotes.OVER);
        if (inProgress.isEmpty()) {
            return new Found(0, 0, 0, sets.size());
        }
        var there = inProgress.get();
        if (over && !there.path("id").asText().equals(workout)) {
            return new Found(0, 0, sets.size(), 0);
        }
        var kept = new HashSet<String>();
        if (there.path("id").asText().equals(workout)) {
            there.path("sets").forEach(set -> kept.add(set.path("id").asText()));
        }
        int looked = sets.size();
        sets.removeAll(kept);
        return new Found(looked, sets.size(), 0, 0);
    }

    private static Map<Integer, Map<String, Set<String>>> noted(Path writes, long fromEpochMillis) {
        var byUser = new LinkedHashMap<Integer, Map<String, Set<String>>>();
        try {
            for (var line : Files.readAllLines(writes)) {
                var words = line.split(" ");
                if (words.length == 4 && Long.parseLong(words[3]) >= fromEpochMillis) {
                    byUser.computeIfAbsent(Integer.valueOf(words[0]), user -> new LinkedHashMap<>())
                            .computeIfAbsent(words[1], workout -> new LinkedHashSet<>())
                            .add(words[2]);
                }
            }
        } catch (IOException e) {
            throw new GeneratorException(writes + ": cannot be read back (" + e.getMessage() + "): run again");
        }
        return byUser;
    }

    /** The user's workout in progress (null when there is none), or empty when the server does not say after a few attempts. */
    private static Optional<JsonNode> ask(HttpClient http, URI api, Mint mint, long datasetSeed, int user) {
        var request = HttpRequest.newBuilder(api.resolve("/api/graphql"))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + mint.token(user, System.currentTimeMillis()))
                .header("X-Forwarded-For", new SeededUser(datasetSeed, user).address())
                .POST(HttpRequest.BodyPublishers.ofString(QUERY))
                .build();
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                var answer = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                var said = JSON.readTree(answer.body());
                if (answer.statusCode() == 200 && !said.has("errors")) {
                    return Optional.of(said.at("/data/activeWorkoutSession"));
                }
                Thread.sleep(200);
            } catch (IOException e) {
                // The next attempt may find it up; a user who cannot be asked is counted as that.
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GeneratorException("interrupted while looking for what was written");
            }
        }
        return Optional.empty();
    }
}
