package me.musclemap.api.exercises;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.cache.Body;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** The catalogue of exercises and muscles: small, and read far more often than written. */
public final class Exercises {
    private static final Duration LIFE = Duration.ofHours(1);

    private final Database database;
    private final RedisCache cache;

    /** The catalogue in {@code database}. */
    public Exercises(Database database, RedisCache cache) {
        this.database = database;
        this.cache = cache;
    }

    /**
     * How much a set of an exercise works one muscle.
     *
     * @param share 0 to 1
     * @param bias the muscle's weight in the units of training
     */
    public record Activation(String muscleId, double share, double bias) {}

    /** Query.exercises. */
    public Object exercises(Call call) {
        String search = call.text("search", "").toLowerCase(Locale.ROOT);
        String muscle = call.text("muscleGroup", "");
        String equipment = call.text("equipment", "");
        int limit = call.number("limit", 100, 1, 500);
        List<Map<String, @Nullable Object>> all = all();
        List<?> with = equipment.isEmpty() ? List.of() : texts(withEquipment().get(equipment));
        if (search.isEmpty() && muscle.isEmpty() && equipment.isEmpty()) {
            return all.size() <= limit ? all : all.subList(0, limit);
        }
        return all.stream()
                .filter(e -> search.isEmpty()
                        || String.valueOf(e.get("name"))
                                .toLowerCase(Locale.ROOT)
                                .contains(search))
                .filter(e -> muscle.isEmpty() || texts(e.get("primaryMuscles")).contains(muscle))
                .filter(e -> equipment.isEmpty() || with.contains(e.get("id")))
                .limit(limit)
                .toList();
    }

    /** Query.exercise: null for none of that id. */
    public @Nullable Object exercise(Call call) {
        String id = call.text("id");
        return all().stream()
                .filter(exercise -> id.equals(exercise.get("id")))
                .findFirst()
                .orElse(null);
    }

    /** The name of exercise {@code id}, if there is such. */
    public Optional<String> name(String id) {
        return Optional.ofNullable(names().get(id)).map(String::valueOf);
    }

    /** What exercise {@code id} works; empty for the exercises of which it is not known. */
    public List<Activation> activations(String id) {
        Object known = activations().get(id);
        var activations = new ArrayList<Activation>();
        if (known instanceof List<?> list) {
            for (Object entry : list) {
                if (entry instanceof Map<?, ?> one
                        && one.get("activation") instanceof Number percent
                        && one.get("bias") instanceof Number bias) {
                    activations.add(new Activation(
                            String.valueOf(one.get("muscleId")), percent.doubleValue() / 100, bias.doubleValue()));
                }
            }
        }
        return activations;
    }

    /** GET /api/muscles. */
    public Body musclesBody() {
        return cache.body("ref:muscles", muscles());
    }

    private Object muscles() {
        return cache.shared(
                "muscles",
                "ref:muscles",
                LIFE,
                () -> database.reading()
                        .rows(
                                "muscle.all",
                                "select id, name, anatomical_name, muscle_group, bias_weight, optimal_weekly_volume, recovery_time from muscles order by id"));
    }

    /** GET /api/exercises. */
    public Body catalogueBody() {
        return cache.body("ref:exercises:full", catalogue());
    }

    private Object catalogue() {
        return cache.shared(
                "exercises",
                "ref:exercises:full",
                LIFE,
                () -> database.reading()
                        .rows(
                                "exercise.all_full",
                                "select id, name, type, difficulty, description, cues, primary_muscles as \"primaryMuscles\", "
                                        + "equipment_required as \"equipmentRequired\", equipment_optional as \"equipmentOptional\", locations, "
                                        + "is_compound as \"isCompound\", estimated_seconds as \"estimatedSeconds\", rest_seconds as \"restSeconds\", "
                                        + "movement_pattern as \"movementPattern\", null as \"illustration\", false as \"hasIllustration\", "
                                        + "video_url is not null as \"hasVideo\", video_url as \"videoUrl\", null as \"videoThumbnailUrl\", "
                                        + "null as \"videoDurationSeconds\", image_url as \"imageUrl\", null as \"imageLicense\", null as \"imageAuthor\", "
                                        + "null as \"wgerId\" from exercises order by id"));
    }

    /** The catalogue with all that is known of each exercise. */
    public List<Map<String, @Nullable Object>> full() {
        return Cell.maps(catalogue());
    }

    /** Reads the catalogue once, so that the first users do not wait for it. */
    public void warm() {
        names();
        muscles();
        catalogue();
        activations();
        withEquipment();
    }

    @SuppressWarnings("unchecked") // the cache gives back what we put in
    private List<Map<String, @Nullable Object>> all() {
        return (List<Map<String, @Nullable Object>>) cache.shared(
                "exercises",
                "ref:exercises",
                LIFE,
                () -> database.reading()
                        .rows(
                                "exercise.all",
                                "select id, name, description, type, primary_muscles as \"primaryMuscles\", array[]::text[] as \"secondaryMuscles\", "
                                        + "equipment_required || equipment_optional as \"equipment\", difficulty::text as \"difficulty\", "
                                        + "string_to_array(cues, '; ') as \"instructions\", array[]::text[] as \"tips\", image_url as \"imageUrl\", "
                                        + "video_url as \"videoUrl\" from exercises order by id"));
    }

    private Map<?, ?> names() {
        return (Map<?, ?>) cache.shared("exercises", "ref:exercises:names", LIFE, () -> {
            var names = new LinkedHashMap<String, Object>();
            all().forEach(exercise ->
                    names.put(String.valueOf(exercise.get("id")), String.valueOf(exercise.get("name"))));
            return names;
        });
    }

    /** The ids of the exercises that need or may use a piece of equipment, by its name. */
    private Map<?, ?> withEquipment() {
        return (Map<?, ?>) cache.shared("equipment", "ref:equipment", LIFE, () -> {
            var byEquipment = new LinkedHashMap<String, List<Object>>();
            for (Map<String, @Nullable Object> exercise : all()) {
                for (Object equipment : texts(exercise.get("equipment"))) {
                    byEquipment
                            .computeIfAbsent(String.valueOf(equipment), name -> new ArrayList<>())
                            .add(String.valueOf(exercise.get("id")));
                }
            }
            return byEquipment;
        });
    }

    private Map<?, ?> activations() {
        return (Map<?, ?>) cache.shared("activations", "ref:activations", LIFE, () -> {
            var byExercise = new LinkedHashMap<String, List<Map<String, Object>>>();
            database.reading()
                    .rows(
                            "activation.all",
                            "select a.exercise_id, a.muscle_id, a.activation, m.bias_weight from exercise_activations a "
                                    + "join muscles m on m.id = a.muscle_id order by 1, 2")
                    .forEach(row -> byExercise
                            .computeIfAbsent(String.valueOf(row.get("exercise_id")), id -> new ArrayList<>())
                            .add(Map.of(
                                    "muscleId", String.valueOf(row.get("muscle_id")),
                                    "activation", number(row.get("activation")),
                                    "bias", number(row.get("bias_weight")))));
            return byExercise;
        });
    }

    private static Number number(@Nullable Object value) {
        return value instanceof Number number ? number : 0;
    }

    private static List<?> texts(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
