package me.musclemap.api.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import me.musclemap.api.errors.ApiError;

/** The product's error answers over REST. */
final class Errors {
    private Errors() {}

    static void answer(Context context, ApiError error) {
        String code = switch (error.code()) {
            case UNAUTHENTICATED -> "UNAUTHORIZED";
            case BAD_USER_INPUT -> "VALIDATION_ERROR";
            case PAYMENT_REQUIRED -> "INSUFFICIENT_CREDITS";
            case TOO_MANY_REQUESTS -> "RATE_LIMIT_EXCEEDED";
            default -> error.code().name();
        };
        if (error.code() == ApiError.Code.SERVICE_UNAVAILABLE || error.code() == ApiError.Code.TOO_MANY_REQUESTS) {
            context.header("Retry-After", Long.toString(error.retryAfterSeconds()));
        }
        answer(context, error.code().status(), code, String.valueOf(error.getMessage()));
    }

    static void answer(Context context, int status, String code, String message) {
        context.status(status);
        context.contentType("application/json");
        // Every text here is ours and holds nothing that JSON would have to escape but quotes.
        String body = "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message.replace("\"", "\\\"")
                + "\",\"statusCode\":" + status + "}}";
        context.result(body.getBytes(StandardCharsets.UTF_8));
    }
}
