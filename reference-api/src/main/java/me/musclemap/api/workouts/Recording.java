package me.musclemap.api.workouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import me.musclemap.api.Ids;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.profile.Profiles;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.jspecify.annotations.Nullable;

/** Workouts that are written down at once, after they were done. Each costs credits; a repeated request costs nothing more. */
public final class Recording {
    private static final int CREDITS = 25;
    private static final int EXERCISES_MAX = 50;
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final RedisCache cache;
    private final Exercises exercises;
    private final Profiles profiles;
    private final BusinessTelemetry telemetry;
    private final Clock clock;

    /** Workouts in {@code database}; {@code clock} is the data's time. */
    public Recording(
            Database database,
            RedisCache cache,
            Exercises exercises,
            Profiles profiles,
            BusinessTelemetry telemetry,
            Clock clock) {
        this.database = database;
        this.cache = cache;
        this.exercises = exercises;
        this.profiles = profiles;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** What was done of one exercise. */
    private record Done(
            String exerciseId,
            int sets,
            int reps,
            @Nullable Double weight,
            @Nullable String notes) {
        Done {
            within("sets", sets, 1, 100);
            within("reps", reps, 0, 1_000);
            within("weight", weight == null ? 0 : weight, 0, 2_000);
            within("the length of notes", notes == null ? 0 : notes.length(), 0, 500);
        }

        private static void within(String name, double value, double min, double max) {
            if (!(value >= min && value <= max)) {
                throw new ApiError(
                        ApiError.Code.BAD_USER_INPUT, "%s must be from %.0f to %.0f".formatted(name, min, max));
            }
        }

        static Done of(Map<String, @Nullable Object> input) {
            return new Done(
                    Call.text(input, "exerciseId"),
                    Cell.whole(input.get("sets")),
                    Cell.whole(input.get("reps")),
                    input.get("weight") instanceof Number weight ? Double.valueOf(weight.doubleValue()) : null,
                    input.get("notes") instanceof String notes ? notes : null);
        }

        Map<String, @Nullable Object> kept() {
            var kept = new LinkedHashMap<String, @Nullable Object>();
            kept.put("exerciseId", exerciseId);
            kept.put("sets", sets);
            kept.put("reps", reps);
            kept.put("weight", weight);
            kept.put("notes", notes);
            return kept;
        }
    }

    /** Mutation.createWorkout. */
    public Object create(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        List<Map<String, @Nullable Object>> given = Cell.maps(input.get("exercises"));
        if (given.isEmpty() || given.size() > EXERCISES_MAX) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "exercises must hold 1 to " + EXERCISES_MAX);
        }
        List<Done> done = given.stream().map(Done::of).toList();
        for (Done one : done) {
            if (exercises.name(one.exerciseId()).isEmpty()) {
                throw new ApiError(ApiError.Code.BAD_USER_INPUT, "exerciseId names no exercise of the catalogue");
            }
        }
        String notes = input.get("notes") instanceof String text ? text : null;
        if (notes != null && notes.length() > 2_000) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "notes must not be longer than 2000 characters");
        }
        String key = Cell.text(input.get("idempotencyKey"));
        if (!key.isEmpty() && !CLIENT_ID.matcher(key).matches()) {
            throw new ApiError(
                    ApiError.Code.BAD_USER_INPUT,
                    "idempotencyKey must have 8 to 64 letters, digits, dashes or underscores");
        }
        String id = key.isEmpty() ? Ids.next("workout") : key;
        Outcome outcome = database.as(user)
                .transaction("workout.create", connection -> create(connection, user, id, done, notes));
        cache.drop("user:" + user, "user:" + user + ":stats", "user:" + user + ":achievements");
        if (outcome.fresh()) {
            telemetry.workoutRecorded();
        }
        return result(user, outcome, call.round());
    }

    /** @param fresh false when the workout was there already */
    private record Outcome(
            Map<String, @Nullable Object> workout,
            boolean fresh,
            boolean levelUp,
            int level,
            List<Map<String, @Nullable Object>> reached) {}

    private Outcome create(Connection connection, String user, String id, List<Done> done, @Nullable String notes)
            throws SQLException {
        Instant now = clock.instant();
        Sums sums = sums(done);
        int inserted = Database.update(
                connection,
                "insert into workouts (id, user_id, date, total_tu, credits_used, notes, exercise_data, muscle_activations, total_sets, total_reps, "
                        + "total_volume, created_at) values (?, ?, ?::date, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?) on conflict (id) do nothing",
                id,
                user,
                now.atZone(ZoneOffset.UTC).toLocalDate().toString(),
                sums.units,
                CREDITS,
                notes,
                json(done.stream().map(Done::kept).toList()),
                json(sums.muscles),
                sums.sets,
                sums.reps,
                sums.volume,
                now);
        boolean fresh = inserted == 1;
        boolean levelUp = false;
        int level = 0;
        List<Map<String, @Nullable Object>> reached = List.of();
        if (fresh) {
            charge(connection, user, id, now);
            Map<String, @Nullable Object> after = reward(connection, user, sums, now);
            levelUp = Boolean.TRUE.equals(after.get("up"));
            level = Cell.whole(after.get("level"));
            reached = reached(connection, user, now);
        }
        List<Map<String, @Nullable Object>> rows = Database.rows(
                connection,
                "select id, user_id as \"userId\", exercise_data as exercises, duration_seconds / 60 as \"duration\", notes, "
                        + "round(total_tu)::int as \"totalTU\", created_at as \"createdAt\" from workouts where id = ? and user_id = ?",
                id,
                user);
        if (rows.isEmpty()) {
            throw new ApiError(ApiError.Code.CONFLICT, "idempotencyKey is taken, use another");
        }
        return new Outcome(rows.get(0), fresh, levelUp, level, reached);
    }

    private static void charge(Connection connection, String user, String workout, Instant now) throws SQLException {
        List<Map<String, @Nullable Object>> balance = Database.rows(
                connection,
                "update credit_balances set balance = balance - ?, lifetime_spent = lifetime_spent + ?, version = version + 1, updated_at = ? "
                        + "where user_id = ? and balance >= ? returning balance",
                CREDITS,
                CREDITS,
                now,
                user,
                CREDITS);
        if (balance.isEmpty()) {
            throw new ApiError(ApiError.Code.PAYMENT_REQUIRED, "A workout costs " + CREDITS + " credits");
        }
        Database.update(
                connection,
                "insert into credit_ledger (id, user_id, action, amount, balance_after, description, idempotency_key, created_at) "
                        + "values (?, ?, 'workout', ?, ?, 'Workout logged', ?, ?)",
                Ids.next("cl"),
                user,
                -CREDITS,
                balance.get(0).get("balance"),
                "workout:" + workout,
                now);
    }

    private static Map<String, @Nullable Object> reward(Connection connection, String user, Sums sums, Instant now)
            throws SQLException {
        Database.update(
                connection,
                "update character_stats set strength = strength + ?, endurance = endurance + ?, last_calculated_at = ?, version = version + 1 "
                        + "where user_id = ?",
                sums.volume / 10_000,
                sums.sets / 100.0,
                now,
                user);
        int earned = (int) Math.round(sums.units * 10);
        List<Map<String, @Nullable Object>> levels = Database.rows(
                connection,
                "update users set total_xp = total_xp + ?, current_level = 1 + (total_xp + ?) / 1000, last_active_at = ?, updated_at = ? "
                        + "where id = ? returning (total_xp / 1000) > ((total_xp - ?) / 1000) as up, current_level as level",
                earned,
                earned,
                now,
                now,
                user,
                earned);
        return levels.isEmpty() ? Map.of() : levels.get(0);
    }

    /** The milestones that this very workout reached. */
    private static List<Map<String, @Nullable Object>> reached(Connection connection, String user, Instant now)
            throws SQLException {
        return Database.rows(
                connection,
                "select id, name, coalesce(description, name) as description, null as icon, 'common' as rarity, ?::timestamptz as \"unlockedAt\" "
                        + "from milestones where condition_type = 'workout_count' "
                        + "and (condition_value ->> 'count')::int = (select count(*) from workouts where user_id = ?)",
                now,
                user);
    }

    private Object result(String user, Outcome outcome, RedisRound round) {
        Map<String, @Nullable Object> workout = outcome.workout();
        workout.put("exercises", History.shown(workout.get("exercises"), exercises));
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("workout", workout);
        result.put("tuEarned", workout.get("totalTU"));
        result.put("characterStats", profiles.statsOf(user, round));
        result.put("levelUp", outcome.levelUp());
        result.put("newLevel", outcome.levelUp() ? outcome.level() : null);
        result.put("achievements", outcome.reached());
        return result;
    }

    private static final class Sums {
        private double units;
        private double volume;
        private int sets;
        private int reps;
        private final Map<String, Integer> muscles = new LinkedHashMap<>();
    }

    private Sums sums(List<Done> done) {
        var sums = new Sums();
        for (Done one : done) {
            var activations = exercises.activations(one.exerciseId());
            Double weight = one.weight();
            OptionalDouble load = weight == null ? OptionalDouble.empty() : OptionalDouble.of(weight);
            sums.units += one.sets() * TrainingUnits.of(one.reps(), load, activations);
            sums.volume += one.sets() * one.reps() * load.orElse(0);
            sums.sets += one.sets();
            sums.reps += one.sets() * one.reps();
            for (var activation : activations) {
                sums.muscles.merge(
                        activation.muscleId(),
                        (int) Math.round(activation.share() * one.sets() * one.reps()),
                        Integer::sum);
            }
        }
        return sums;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a workout is not JSON", e);
        }
    }

    /** Mutation.generatePrescription. */
    public Object prescribe(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        var wish = Prescription.Wish.of(input);
        var worked = new LinkedHashMap<String, Double>();
        database.as(user)
                .rows(
                        "prescription.worked",
                        "select key as muscle, sum(value::numeric) as total from workouts, jsonb_each_text(muscle_activations) "
                                + "where user_id = ? and created_at > ? group by key",
                        user,
                        clock.instant().minus(java.time.Duration.ofDays(7)))
                .forEach(row -> worked.put(Cell.text(row.get("muscle")), Cell.number(row.get("total"))));
        Map<String, @Nullable Object> answer =
                new LinkedHashMap<>(Prescription.of(wish, new ArrayList<>(exercises.full()), worked));
        String id = Ids.next("rx");
        Instant now = clock.instant();
        database.as(user)
                .update(
                        "prescription.keep",
                        "insert into prescriptions (id, user_id, request, answer, created_at) values (?, ?, ?::jsonb, ?::jsonb, ?)",
                        id,
                        user,
                        json(input),
                        json(answer),
                        now);
        answer.put("id", id);
        answer.put("userId", user);
        answer.put("createdAt", now);
        return answer;
    }
}
