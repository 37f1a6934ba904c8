package me.musclemap.api.graphql;

import graphql.ErrorType;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import me.musclemap.api.errors.ApiError;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into the product's error codes. Callers never see a class name, a stack or a statement. */
final class Failures implements DataFetcherExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final String INTERNAL = "INTERNAL_SERVER_ERROR";
    private static final String UNAVAILABLE = ApiError.Code.SERVICE_UNAVAILABLE.name();

    private static final String TOO_MANY = ApiError.Code.TOO_MANY_REQUESTS.name();
    private static final String RETRY_AFTER = "retryAfterSeconds";

    /** The codes that say that the caller can mend it. */
    private static final Set<String> CALLERS = Set.of(
            "UNAUTHENTICATED",
            "PAYMENT_REQUIRED",
            "FORBIDDEN",
            "BAD_USER_INPUT",
            "NOT_FOUND",
            "CONFLICT",
            "TOO_MANY_REQUESTS",
            "GRAPHQL_VALIDATION_FAILED",
            "GRAPHQL_PARSE_FAILED");

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters parameters) {
        Throwable thrown = parameters.getException();
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String code = INTERNAL;
        String message = "Internal server error";
        if (cause instanceof ApiError refusal) {
            code = refusal.code().name();
            message = String.valueOf(refusal.getMessage());
        } else {
            LOG.error("resolver failed field={}", parameters.getPath(), cause);
        }
        GraphQLError error = GraphqlErrorBuilder.newError()
                .message("%s", message)
                .path(parameters.getPath())
                .location(parameters.getSourceLocation())
                .extensions(
                        code.equals(TOO_MANY)
                                ? Map.of("code", code, RETRY_AFTER, ((ApiError) cause).retryAfterSeconds())
                                : Map.of("code", code))
                .build();
        return CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(error).build());
    }

    /** The error as the answer shows it. */
    static Map<String, Object> shown(GraphQLError error) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("message", String.valueOf(error.getMessage()));
        if (error.getLocations() != null && !error.getLocations().isEmpty()) {
            shown.put(
                    "locations",
                    error.getLocations().stream()
                            .filter(location -> location != null)
                            .map(location -> Map.of("line", location.getLine(), "column", location.getColumn()))
                            .toList());
        }
        if (error.getPath() != null) {
            shown.put("path", error.getPath());
        }
        shown.put("extensions", Map.of("code", code(error)));
        return shown;
    }

    private static String code(GraphQLError error) {
        Map<String, Object> extensions = error.getExtensions();
        if (extensions != null && extensions.get("code") instanceof String code) {
            return code;
        }
        if (error.getErrorType() == ErrorType.InvalidSyntax) {
            return "GRAPHQL_PARSE_FAILED";
        }
        if (error.getErrorType() == ErrorType.ValidationError) {
            return isAboutVariables(error) ? "BAD_USER_INPUT" : "GRAPHQL_VALIDATION_FAILED";
        }
        if (error.getErrorType() == ErrorType.OperationNotSupported || error instanceof graphql.AssertException) {
            return "GRAPHQL_VALIDATION_FAILED";
        }
        return error instanceof graphql.GraphQLException ? "BAD_USER_INPUT" : INTERNAL;
    }

    private static boolean isAboutVariables(GraphQLError error) {
        return error instanceof graphql.GraphQLException;
    }

    /** When a limit that was hit ends; 0 when none was. */
    static long retryAfterSeconds(GraphQLError error) {
        Map<String, Object> extensions = error.getExtensions();
        return extensions != null && extensions.get(RETRY_AFTER) instanceof Long seconds ? seconds : 0;
    }

    static boolean isUnavailable(Map<String, Object> error) {
        return UNAVAILABLE.equals(codeOf(error));
    }

    static GraphqlTelemetry.Outcome outcome(List<Map<String, Object>> errors) {
        if (errors.isEmpty()) {
            return GraphqlTelemetry.Outcome.OK;
        }
        boolean callers = errors.stream().allMatch(error -> {
            String code = codeOf(error);
            return code != null && CALLERS.contains(code);
        });
        return callers ? GraphqlTelemetry.Outcome.REJECTED : GraphqlTelemetry.Outcome.FAILED;
    }

    private static @Nullable String codeOf(Map<String, Object> error) {
        return error.get("extensions") instanceof Map<?, ?> extensions && extensions.get("code") instanceof String code
                ? code
                : null;
    }
}
