package me.musclemap.api.bench;

import java.util.List;
import java.util.function.LongFunction;

/** The requests that are measured, as the product's client writes them. */
final class Questions {
    private static final String PATH = "/api/graphql";

    private final List<byte[]> meAndStats;
    private final List<String> tokens;
    private final List<String> sessions;

    Questions(BenchStack stack, int users) {
        tokens = stack.tokensOfTraining(users);
        sessions = java.util.stream.IntStream.range(0, tokens.size())
                .mapToObj(i -> stack.set().sessionId(2 * i))
                .toList();
        meAndStats = tokens.stream()
                .map(
                        token -> Load.post(
                                PATH,
                                token,
                                "{\"operationName\":\"MeAndStats\",\"query\":\"query MeAndStats { me { id email username displayName avatar level xp roles "
                                        + "createdAt __typename } myStats { userId level xp xpToNextLevel strength endurance agility flexibility balance "
                                        + "mentalFocus totalWorkouts totalExercises currentStreak longestStreak lastWorkoutAt __typename } }\",\"variables\":{}}"))
                .toList();
    }

    LongFunction<byte[]> meAndStats() {
        return n -> meAndStats.get((int) (n % meAndStats.size()));
    }

    /** The same question in the same bytes from everybody, as every client sends it. */
    LongFunction<byte[]> exercises() {
        List<byte[]> ofEach = tokens.stream().map(token -> exercises(token, "")).toList();
        return n -> ofEach.get((int) (n % ofEach.size()));
    }

    /** The same question in ever other bytes, so that no kept answer fits and each is executed. */
    LongFunction<byte[]> exercisesExecuted() {
        return n -> exercises(tokens.get((int) (n % tokens.size())), ",\"extensions\":{\"n\":" + n + "}");
    }

    private static byte[] exercises(String token, String more) {
        return Load.post(
                PATH,
                token,
                "{\"operationName\":\"Exercises\",\"query\":\"query Exercises($limit: Int) { exercises(limit: $limit) { id name description type "
                        + "primaryMuscles secondaryMuscles equipment difficulty instructions tips imageUrl videoUrl __typename } }\","
                        + "\"variables\":{\"limit\":500}" + more + "}");
    }

    LongFunction<byte[]> logSet() {
        return n -> {
            int user = (int) (n % tokens.size());
            return Load.post(
                    PATH,
                    tokens.get(user),
                    "{\"operationName\":\"LogSet\",\"query\":\"mutation LogSet($input: LogSetInput!) { logSet(input: $input) { session { id totalVolume "
                            + "totalReps estimatedCalories currentExerciseIndex currentSetIndex __typename } setLogged { id exerciseId exerciseName "
                            + "setNumber reps weightKg rpe tu isPRWeight isPRReps isPR1RM performedAt __typename } prsAchieved { exerciseId prType "
                            + "newValue __typename } __typename } }\",\"variables\":{\"input\":{\"sessionId\":\""
                            + sessions.get(user) + "\",\"exerciseId\":\"ex-0" + (10 + n % 80) + "\",\"setNumber\":"
                            + (1 + n % 5) + ",\"reps\":" + (5 + n % 8) + ",\"weightKg\":" + (20 + n % 60)
                            + ",\"rpe\":8}}}");
        };
    }
}
