package me.musclemap.api.limits;

import java.util.concurrent.atomic.AtomicInteger;
import me.musclemap.api.errors.ApiError;

/** How many requests are worked on at once; more are refused at once, so that those inside end in time. Thread-safe. */
public final class InFlight {
    private final int max;
    private final AtomicInteger inside = new AtomicInteger();

    /** Lets {@code max} in. */
    public InFlight(int max) {
        this.max = max;
    }

    /** One comes in; {@link #leave} must follow. @throws ApiError when it is full, and then nothing must follow */
    public void enter() {
        if (inside.incrementAndGet() > max) {
            inside.decrementAndGet();
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Too many requests are being worked on, try again");
        }
    }

    /** One went out. */
    public void leave() {
        inside.decrementAndGet();
    }
}
