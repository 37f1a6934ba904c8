package me.musclemap.api.workouts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import org.jspecify.annotations.Nullable;

/** Chooses exercises that fit a place, its equipment and the time there is, least-worked muscles first. */
final class Prescription {
    private static final int EASY = 2;
    private static final int AROUND_SECONDS = 60;
    private static final int AROUND = 2;

    private Prescription() {}

    /**
     * What a user wants.
     *
     * @param minutes 5 to 240
     * @param equipment what is at hand; none given means all of it
     */
    record Wish(int minutes, String location, Set<String> equipment, List<String> goals) {
        Wish {
            check(minutes >= 5 && minutes <= 240, "timeAvailable must be from 5 to 240 minutes");
            check(location.length() <= 40, "location must not be longer than 40 characters");
            check(equipment.size() <= 50, "equipment must not hold more than 50");
            check(!goals.isEmpty() && goals.size() <= 10, "goals must hold 1 to 10");
            equipment = Set.copyOf(equipment);
            goals = List.copyOf(goals);
        }

        static Wish of(Map<String, @Nullable Object> input) {
            return new Wish(
                    Cell.whole(input.get("timeAvailable")),
                    Call.text(input, "location"),
                    Set.copyOf(Cell.texts(input.get("equipment"))),
                    Cell.texts(input.get("goals")));
        }

        private static void check(boolean rule, String message) {
            if (!rule) {
                throw new ApiError(ApiError.Code.BAD_USER_INPUT, message);
            }
        }

        boolean fits(Map<String, @Nullable Object> exercise) {
            return Cell.texts(exercise.get("locations")).contains(location)
                    && (equipment.isEmpty() || equipment.containsAll(Cell.texts(exercise.get("equipmentRequired"))));
        }

        /** Strength asks for fewer and heavier repetitions than the rest. */
        boolean heavy() {
            return goals.stream().anyMatch(goal -> goal.contains("strength") || goal.contains("power"));
        }
    }

    /** The answer but for its id, user and time. @throws ApiError when nothing fits */
    static Map<String, @Nullable Object> of(
            Wish wish, List<Map<String, @Nullable Object>> catalogue, Map<String, Double> worked) {
        List<Map<String, @Nullable Object>> fitting = catalogue.stream()
                .filter(wish::fits)
                .sorted(Comparator.comparingDouble((Map<String, @Nullable Object> one) -> load(one, worked))
                        .thenComparing(one -> Cell.text(one.get("id"))))
                .toList();
        if (fitting.isEmpty()) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "No exercise fits this location with this equipment");
        }
        List<Map<String, @Nullable Object>> easy = fitting.stream()
                .filter(one -> Cell.number(one.get("difficulty")) <= EASY)
                .toList();
        var warmup = around(easy.stream().limit(AROUND).toList());
        var cooldown = around(easy.stream().skip(AROUND).limit(AROUND).toList());
        int seconds = (warmup.size() + cooldown.size()) * AROUND_SECONDS;
        int sets = wish.heavy() ? 4 : 3;
        var chosen = new ArrayList<Map<String, @Nullable Object>>();
        var coverage = new LinkedHashMap<String, Integer>();
        for (Map<String, @Nullable Object> one : fitting) {
            int needed = sets * (Cell.whole(one.get("estimatedSeconds")) + Cell.whole(one.get("restSeconds")));
            if (!chosen.isEmpty() && seconds + needed > wish.minutes() * 60) {
                break;
            }
            seconds += needed;
            chosen.add(prescribed(one, sets, wish.heavy() ? 6 : 12, Cell.whole(one.get("restSeconds")), null));
            Cell.texts(one.get("primaryMuscles")).forEach(muscle -> coverage.merge(muscle, sets, Integer::sum));
        }
        double difficulty = chosen.size() == 0
                ? 0
                : fitting.stream()
                        .limit(chosen.size())
                        .mapToDouble(one -> Cell.number(one.get("difficulty")))
                        .average()
                        .orElse(0);
        var answer = new LinkedHashMap<String, @Nullable Object>();
        answer.put("exercises", chosen);
        answer.put("warmup", warmup);
        answer.put("cooldown", cooldown);
        answer.put("muscleCoverage", coverage);
        answer.put("difficulty", difficulty < 2 ? "beginner" : difficulty < 3.5 ? "intermediate" : "advanced");
        answer.put("targetDuration", wish.minutes());
        answer.put("actualDuration", (seconds + 59) / 60);
        return answer;
    }

    private static double load(Map<String, @Nullable Object> exercise, Map<String, Double> worked) {
        return Cell.texts(exercise.get("primaryMuscles")).stream()
                .mapToDouble(muscle -> worked.getOrDefault(muscle, 0.0))
                .average()
                .orElse(0);
    }

    private static List<Map<String, @Nullable Object>> around(List<Map<String, @Nullable Object>> easy) {
        return easy.stream().map(one -> prescribed(one, 1, 10, 0, "easy")).toList();
    }

    private static Map<String, @Nullable Object> prescribed(
            Map<String, @Nullable Object> exercise, int sets, int reps, int restSeconds, @Nullable String notes) {
        var prescribed = new LinkedHashMap<String, @Nullable Object>();
        prescribed.put("exerciseId", exercise.get("id"));
        prescribed.put("name", exercise.get("name"));
        prescribed.put("sets", sets);
        prescribed.put("reps", reps);
        prescribed.put("restSeconds", restSeconds);
        prescribed.put("notes", notes);
        prescribed.put("primaryMuscles", Cell.texts(exercise.get("primaryMuscles")));
        return prescribed;
    }
}
