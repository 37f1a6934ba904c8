package me.musclemap.load.drive;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Looks whether the server still has the sets whose writing it acknowledged: asks each user's workout in progress for them. Sets of
 * workouts that have been completed since cannot be seen that way, and are counted apart.
 */
public final class WrittenSets {
    private static final int USERS_AT_MOST = 2000;
    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String QUERY =
            "{\"operationName\":\"ActiveWorkoutSession\",\"variables\":{},\"query\":\"query ActiveWorkoutSession { activeWorkoutSession { id sets { id } } }\"}";

    /**
     * What became of acknowledged sets.
     *
     * @param lookedFor sets of workouts that are still in progress
     * @param lost of them, those the server no longer has
     * @param notSeen sets of workouts that are over by now, or whose user could not be asked
     */
    public record Found(int lookedFor, int lost, int notSeen) {
        /** In words. */
        public String words() {
            return lookedFor == 0 && notSeen == 0
                    ? "No set was written near the kill, so nothing can be said about lost writes."
                    : "Of %,d acknowledged sets that can still be seen, %s lost%s."
                            .formatted(
                                    lookedFor,
                                    lost == 0 ? "none was" : lost + " were",
                                    notSeen == 0 ? "" : " (%,d more are in workouts that are over)".formatted(notSeen));
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
            return new Found(0, 0, 0);
        }
        var mint = Mint.from(signingKey, datasetSeed, PATIENCE.toSeconds() * 60);
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        int looked = 0;
        int lost = 0;
        int notSeen = 0;
        int users = 0;
        for (var user : byUser.entrySet()) {
            var answer = users++ < USERS_AT_MOST ? ask(http, api, mint, datasetSeed, user.getKey()) : "";
            for (var workout : user.getValue().entrySet()) {
                if (!answer.contains('"' + workout.getKey() + '"')) {
                    notSeen += workout.getValue().size();
                    continue;
                }
                looked += workout.getValue().size();
                lost += (int) workout.getValue().stream()
                        .filter(set -> !answer.contains('"' + set + '"'))
                        .count();
            }
        }
        return new Found(looked, lost, notSeen);
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

    /** The answer, or nothing when the server gives none after a few attempts. */
    private static String ask(HttpClient http, URI api, Mint mint, long datasetSeed, int user) {
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
                if (answer.statusCode() == 200) {
                    return answer.body();
                }
                Thread.sleep(200);
            } catch (IOException e) {
                // The next attempt may find it up; a user who cannot be asked is counted as not seen.
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GeneratorException("interrupted while looking for what was written");
            }
        }
        return "";
    }
}
