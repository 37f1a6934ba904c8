package me.musclemap.api.errors;

/** A request that cannot be answered as asked, for a reason that its sender may know. */
public final class ApiError extends RuntimeException {
    /** The reasons, with the status that REST answers carry; GraphQL answers carry the name alone. */
    public enum Code {
        /** Who is asking is not known. */
        UNAUTHENTICATED(401),
        /** It costs more credits than there are. */
        PAYMENT_REQUIRED(402),
        /** Who is asking may not. */
        FORBIDDEN(403),
        /** The input breaks a rule. */
        BAD_USER_INPUT(400),
        /** There is no such thing. */
        NOT_FOUND(404),
        /** It is there already. */
        CONFLICT(409),
        /** Too many of these. */
        TOO_MANY_REQUESTS(429),
        /** A database is away, or there is more work than fits; try again. */
        SERVICE_UNAVAILABLE(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }

    private final Code code;
    private final long retryAfterSeconds;

    /** A reason with a sentence for the caller: no SQL, no class names, no personal data of others. */
    public ApiError(Code code, String message) {
        this(code, message, 1);
    }

    private ApiError(Code code, String message, long retryAfterSeconds) {
        super(message, null, false, false); // an expected outcome: its stack is never read
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Too many of these; the next one may come after {@code seconds}. */
    public static ApiError tooMany(long seconds) {
        return new ApiError(Code.TOO_MANY_REQUESTS, "Too many of these, try again in " + seconds + " s", seconds);
    }

    /** When it is worth another try, where one is. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** The reason. */
    public Code code() {
        return code;
    }
}
