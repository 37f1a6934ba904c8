package me.musclemap.api.workouts;

import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.Call;
import org.jspecify.annotations.Nullable;

/** A set as its user reports it, within the bounds of what a person can do. */
record LoggedSet(
        String id,
        String sessionId,
        String exerciseId,
        int setNumber,
        int reps,
        @Nullable Double weightKg,
        @Nullable Double rpe,
        @Nullable Integer rir,
        @Nullable Integer durationSeconds,
        @Nullable Integer restSeconds,
        String tag,
        @Nullable String notes) {
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");
    private static final Set<String> TAGS = Set.of("warmup", "working", "failure", "drop", "cluster", "amrap");

    LoggedSet {
        within("setNumber", setNumber, 1, 200);
        within("reps", reps, 0, 1_000);
        within("weightKg", weightKg, 0, 2_000);
        within("rpe", rpe, 1, 10);
        within("rir", rir, 0, 10);
        within("durationSeconds", durationSeconds, 0, 86_400);
        within("restSeconds", restSeconds, 0, 86_400);
        if (!TAGS.contains(tag)) {
            throw new ApiError(
                    ApiError.Code.BAD_USER_INPUT,
                    "tag must be one of "
                            + String.join(", ", TAGS.stream().sorted().toList()));
        }
        if (notes != null && notes.length() > 500) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "notes must not be longer than 500 characters");
        }
    }

    static LoggedSet of(Map<String, @Nullable Object> input) {
        return new LoggedSet(
                id(input.get("clientSetId")),
                Call.text(input, "sessionId"),
                Call.text(input, "exerciseId"),
                whole(input.get("setNumber"), 1),
                whole(input.get("reps"), 0),
                real(input.get("weightKg")),
                real(input.get("rpe")),
                input.get("rir") instanceof Integer rir ? rir : null,
                input.get("durationSeconds") instanceof Integer seconds ? seconds : null,
                input.get("restSeconds") instanceof Integer seconds ? seconds : null,
                input.get("tag") instanceof String tag ? tag : "working",
                input.get("notes") instanceof String notes ? notes : null);
    }

    /** The client's own id makes a repeated request harmless. */
    private static String id(@Nullable Object given) {
        if (given instanceof String text && CLIENT_ID.matcher(text).matches()) {
            return text;
        }
        byte[] bytes = new byte[8];
        ThreadLocalRandom.current().nextBytes(bytes);
        return "set_" + HexFormat.of().formatHex(bytes);
    }

    private static int whole(@Nullable Object value, int otherwise) {
        return value instanceof Number number ? number.intValue() : otherwise;
    }

    private static @Nullable Double real(@Nullable Object value) {
        return value instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
    }

    private static void within(String name, @Nullable Number value, double min, double max) {
        if (value != null && !(value.doubleValue() >= min && value.doubleValue() <= max)) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "%s must be from %.0f to %.0f".formatted(name, min, max));
        }
    }
}
