package me.musclemap.api.accounts;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.cost.EventLoop;
import me.musclemap.api.errors.ApiError;

/**
 * Password hashing on threads of its own, as many as there are cores for it, with a queue that ends: a storm of logins
 * cannot take every request thread's core and 19 MiB each.
 */
public final class Hashing implements AutoCloseable {
    private static final int WAITING_MAX = 64;

    private final ThreadPoolExecutor pool;
    private final Optional<EventLoop> blocked;

    /**
     * Hashes on {@code threads} threads.
     *
     * @param blocked when it is there, who asks hashes himself, in this event loop: all others wait for him
     */
    public Hashing(int threads, Optional<EventLoop> blocked) {
        this.blocked = blocked;
        pool = new ThreadPoolExecutor(
                threads, threads, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
                    var thread = new Thread(task, "hashing");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Waits for {@code work}. @throws ApiError when too many wait already */
    public <T> T call(Callable<T> work) {
        try {
            return blocked.isPresent()
                    ? blocked.get().hold(work)
                    : pool.submit(work).get();
        } catch (RejectedExecutionException e) {
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "Too many people are logging in, try again");
        } catch (ExecutionException e) {
            throw new IllegalStateException("hashing failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "The service is stopping");
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("hashing failed", e);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
