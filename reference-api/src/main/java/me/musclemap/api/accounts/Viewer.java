package me.musclemap.api.accounts;

import java.util.Optional;
import me.musclemap.api.errors.ApiError;

/**
 * Who is asking.
 *
 * @param userId empty for an anonymous request
 * @param premium whether the user pays
 */
public record Viewer(Optional<String> userId, boolean premium) {
    /** Nobody in particular. */
    public static final Viewer ANONYMOUS = new Viewer(Optional.empty(), false);

    /** The user {@code id}. */
    static Viewer of(String id, boolean premium) {
        return new Viewer(Optional.of(id), premium);
    }

    /** The user's id. @throws ApiError when the request is anonymous */
    public String required() {
        return userId.orElseThrow(() -> new ApiError(ApiError.Code.UNAUTHENTICATED, "Authentication required"));
    }
}
