package me.musclemap.api.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import me.musclemap.api.errors.ApiError;

/** The product's error answers over REST. */
final class Errors {
    private Errors() {}

    static void answer(Context context, ApiError error) {
        retryAfter(error).ifPresent(seconds -> context.header("Retry-After", seconds));
        answer(context, error.code().status(), code(error), String.valueOf(error.getMessage()));
    }

    static void answer(Context context, int status, String code, String message) {
        context.status(status);
        context.contentType("application/json");
        // The product's sessions say what is wrong in a shape of their own.
        context.result(context.path().startsWith("/api/sessions") ? plain(code, message) : body(status, code, message));
    }

    /** The product's name of the error over REST. */
    static String code(ApiError error) {
        return switch (error.code()) {
            case UNAUTHENTICATED -> "UNAUTHORIZED";
            case BAD_USER_INPUT -> "VALIDATION_ERROR";
            case PAYMENT_REQUIRED -> "INSUFFICIENT_CREDITS";
            case TOO_MANY_REQUESTS -> "RATE_LIMIT_EXCEEDED";
            default -> error.code().name();
        };
    }

    /** The seconds to wait before another try, where one is worth it. */
    static Optional<String> retryAfter(ApiError error) {
        boolean later =
                error.code() == ApiError.Code.SERVICE_UNAVAILABLE || error.code() == ApiError.Code.TOO_MANY_REQUESTS;
        return later ? Optional.of(Long.toString(error.retryAfterSeconds())) : Optional.empty();
    }

    private static byte[] plain(String code, String message) {
        return ("{\"error\":\"" + code + "\",\"message\":\"" + message.replace("\"", "\\\"") + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Every text here is ours and holds nothing that JSON would have to escape but quotes. */
    static byte[] body(int status, String code, String message) {
        return ("{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message.replace("\"", "\\\"")
                        + "\",\"statusCode\":" + status + "}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
