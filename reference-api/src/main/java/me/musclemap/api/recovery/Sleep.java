package me.musclemap.api.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.musclemap.api.Ids;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import me.musclemap.api.store.Cell;
import me.musclemap.api.store.Database;
import org.jspecify.annotations.Nullable;

/** Nights, as users log them. */
public final class Sleep {
    static final String COLUMNS = "id, user_id as \"userId\", bed_time as \"bedTime\", wake_time as \"wakeTime\", "
            + "sleep_duration_minutes as \"sleepDurationMinutes\", quality, notes, source, sleep_environment as \"sleepEnvironment\", "
            + "time_to_fall_asleep_minutes as \"timeToFallAsleepMinutes\", wake_count as \"wakeCount\", external_id as \"externalId\", "
            + "logged_at as \"loggedAt\", logged_at as \"createdAt\", logged_at as \"updatedAt\"";

    private static final Duration NIGHT_MAX = Duration.ofHours(24);
    private static final Set<String> SOURCES =
            Set.of("manual", "apple_health", "fitbit", "garmin", "google_fit", "whoop", "oura");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final Clock clock;

    /** Nights in {@code database}; {@code clock} is the data's time. */
    public Sleep(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Query.sleepHistory: pages by the place of the last night, not by counting over those before it. */
    public Object history(Call call) {
        String user = call.userId();
        int limit = call.number("limit", 30, 1, 100);
        Place after = Place.of(call.text("cursor", ""));
        List<Map<String, @Nullable Object>> logs = database.as(user)
                .rows(
                        "sleep.of_user",
                        "select " + COLUMNS
                                + " from sleep_logs where user_id = ? and bed_time >= coalesce(?::timestamptz, '-infinity') "
                                + "and bed_time <= coalesce(?::timestamptz, 'infinity') "
                                + "and (bed_time, id) < (coalesce(?::timestamptz, 'infinity'), ?) order by bed_time desc, id desc limit ?",
                        user,
                        instant("startDate", call.text("startDate", "")),
                        instant("endDate", call.text("endDate", "")),
                        after.bedTime(),
                        after.id(),
                        limit + 1);
        boolean more = logs.size() > limit;
        List<Map<String, @Nullable Object>> page = more ? logs.subList(0, limit) : logs;
        var result = new LinkedHashMap<String, @Nullable Object>();
        result.put("logs", page);
        result.put("nextCursor", more ? Place.after(page.get(limit - 1)) : null);
        result.put("hasMore", more);
        return result;
    }

    /** Where a page ends. */
    private record Place(@Nullable Instant bedTime, String id) {
        static Place of(String cursor) {
            if (cursor.isEmpty()) {
                return new Place(null, "");
            }
            try {
                JsonNode place = JSON.readTree(Base64.getDecoder().decode(cursor));
                return new Place(
                        Instant.parse(place.path("bedTime").asText()),
                        place.path("id").asText());
            } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
                throw new ApiError(ApiError.Code.BAD_USER_INPUT, "cursor is not one of ours");
            }
        }

        static String after(Map<String, @Nullable Object> log) {
            String place = "{\"bedTime\":\"" + log.get("bedTime") + "\",\"id\":\"" + log.get("id") + "\"}";
            return Base64.getEncoder().encodeToString(place.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Mutation.logSleep. */
    public Object log(Call call) {
        String user = call.userId();
        Map<String, @Nullable Object> input = call.input();
        Instant bed = required("bedTime", input);
        Instant wake = required("wakeTime", input);
        check(
                wake.isAfter(bed) && Duration.between(bed, wake).compareTo(NIGHT_MAX) <= 0,
                "wakeTime must be within 24 hours after bedTime");
        int quality = Cell.whole(input.get("quality"));
        check(quality >= 1 && quality <= 5, "quality must be from 1 to 5");
        String source = input.get("source") instanceof String given ? given : "manual";
        check(
                SOURCES.contains(source),
                "source must be one of "
                        + String.join(", ", SOURCES.stream().sorted().toList()));
        Integer awake = within("timeToFallAsleepMinutes", input.get("timeToFallAsleepMinutes"), 600);
        Integer woke = within("wakeCount", input.get("wakeCount"), 50);
        check(Cell.text(input.get("notes")).length() <= 1_000, "notes must not be longer than 1000 characters");
        check(Cell.text(input.get("externalId")).length() <= 100, "externalId must not be longer than 100 characters");
        String logged = input.get("loggedAt") instanceof String given ? given : "";
        Instant at = instant("loggedAt", logged);
        return database.as(user)
                .row(
                        "sleep.log",
                        "insert into sleep_logs (id, user_id, bed_time, wake_time, quality, wake_count, notes, source, sleep_environment, "
                                + "time_to_fall_asleep_minutes, external_id, logged_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?) "
                                + "on conflict (user_id, bed_time) do nothing returning " + COLUMNS,
                        Ids.next("sl"),
                        user,
                        bed,
                        wake,
                        quality,
                        woke == null ? 0 : woke,
                        input.get("notes"),
                        source,
                        environment(input.get("sleepEnvironment")),
                        awake,
                        input.get("externalId"),
                        at == null ? clock.instant() : at)
                .orElseThrow(() -> new ApiError(ApiError.Code.CONFLICT, "That night is logged already"));
    }

    private static @Nullable String environment(@Nullable Object given) {
        try {
            String text = given == null ? null : JSON.writeValueAsString(given);
            check(text == null || text.length() <= 1_000, "sleepEnvironment is too long");
            return text;
        } catch (JsonProcessingException e) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "sleepEnvironment is not JSON");
        }
    }

    private static @Nullable Integer within(String name, @Nullable Object value, int max) {
        if (!(value instanceof Integer number)) {
            return null;
        }
        check(number >= 0 && number <= max, name + " must be from 0 to " + max);
        return number;
    }

    private static Instant required(String name, Map<String, @Nullable Object> input) {
        Instant instant = instant(name, Call.text(input, name));
        if (instant == null) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, name + " is required");
        }
        return instant;
    }

    /** An instant with its offset, in years that a night can be in; null for an empty text. */
    private static @Nullable Instant instant(String name, String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            check(time.getYear() >= 1900 && time.getYear() <= 2200, name + " must be in the years 1900 to 2200");
            return time.toInstant();
        } catch (DateTimeParseException e) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, name + " must be a time such as 2026-01-15T22:30:00Z");
        }
    }

    private static void check(boolean rule, String message) {
        if (!rule) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, message);
        }
    }
}
