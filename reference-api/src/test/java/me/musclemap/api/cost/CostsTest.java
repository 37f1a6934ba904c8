package me.musclemap.api.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import me.musclemap.api.accounts.Hashing;
import org.junit.jupiter.api.Test;

class CostsTest {
    @Test
    void burningUsesWhatItWasAskedFor() {
        var loop = new EventLoop();
        long before = EventLoop.threadCpuNanos();
        loop.burn(3_000_000);
        assertThat(EventLoop.threadCpuNanos() - before).isGreaterThanOrEqualTo(3_000_000);
        loop.burn(-1);
    }

    @Test
    void oneWorksAtATime() throws Exception {
        var loop = new EventLoop();
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                try {
                    loop.hold(() -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        loop.burn(1_000_000); // who is in may burn: it is his turn
                        return inside.decrementAndGet();
                    });
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(1);
    }

    /** One that hashes in the loop keeps the work of all others waiting, as bcrypt does in the real product. */
    @Test
    void aLoginBlocksEverybodyElse() throws Exception {
        var loop = new EventLoop();
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var burned = new AtomicInteger();
        try (var hashing = new Hashing(1, Optional.of(loop))) {
            var login = new Thread(() -> hashing.call(() -> {
                begun.countDown();
                goOn.await();
                return burned.get();
            }));
            login.start();
            begun.await();
            var other = new Thread(() -> {
                loop.burn(1);
                burned.incrementAndGet();
            });
            other.start();
            other.join(300);
            assertThat(burned).as("who comes while somebody logs in").hasValue(0);
            goOn.countDown();
            other.join();
            login.join();
            assertThat(burned).hasValue(1);
        }
    }

    @Test
    void withoutAProfileNothingIsCharged() {
        var costs = Costs.reference();
        assertThat(costs.isCharged()).isFalse();
        assertThat(costs.<String>charge("Login", Costs.ANY_MUTATION, () -> "done"))
                .isEqualTo("done");
    }
}
