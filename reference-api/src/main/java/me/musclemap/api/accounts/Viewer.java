package me.musclemap.api.accounts;

import java.util.Optional;
import me.musclemap.api.errors.ApiError;

/**
 * Who is asking.
 *
 * @param userId empty for an anonymous request
 */
public record Viewer(Optional<String> userId) {
    /** Nobody in particular. */
    public static final Viewer ANONYMOUS = new Viewer(Optional.empty());

    /** The user {@code id}. */
    static Viewer of(String id) {
        return new Viewer(Optional.of(id));
    }

    /** The user's id. @throws ApiError when the request is anonymous */
    public String required() {
        return userId.orElseThrow(() -> new ApiError(ApiError.Code.UNAUTHENTICATED, "Authentication required"));
    }
}
