package me.musclemap.api.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import me.musclemap.api.errors.ApiError;
import org.junit.jupiter.api.Test;

class HashingTest {
    /** One is hashed, 64 wait: whoever comes next is told to come back, and waits for nobody. */
    @Test
    void moreLoginsThanCanWaitAreRefusedAtOnce() throws Exception {
        ExecutorService people = Executors.newCachedThreadPool();
        var goOn = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var refused = new AtomicInteger();
        var hashed = new AtomicInteger();
        try (var hashing = new Hashing(1, Optional.empty())) {
            var done = new CountDownLatch(65);
            var late = new CountDownLatch(5);
            people.execute(() -> {
                hashing.call(() -> {
                    begun.countDown();
                    goOn.await();
                    return hashed.incrementAndGet();
                });
                done.countDown();
            });
            begun.await();
            for (int i = 0; i < 69; i++) {
                people.execute(() -> {
                    try {
                        hashing.call(hashed::incrementAndGet);
                        done.countDown();
                    } catch (ApiError e) {
                        assertThat(e.code()).isEqualTo(ApiError.Code.SERVICE_UNAVAILABLE);
                        refused.incrementAndGet();
                        late.countDown();
                    }
                });
            }
            late.await();
            assertThat(hashed)
                    .as("nobody was let in by those that were refused")
                    .hasValue(0);
            goOn.countDown();
            done.await();
        } finally {
            people.shutdownNow();
        }
        assertThat(refused).hasValue(5);
        assertThat(hashed).hasValue(65);
    }

    @Test
    void whatFailsIsNotTakenForBeingBusy() {
        try (var hashing = new Hashing(1, Optional.empty())) {
            assertThatThrownBy(() -> hashing.call(() -> {
                        throw new IllegalArgumentException("no hash");
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
