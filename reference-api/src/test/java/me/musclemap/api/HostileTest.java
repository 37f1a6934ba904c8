package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ConcurrentHashMap;
import me.musclemap.api.hostile.Attack;
import me.musclemap.api.hostile.Kind;
import org.junit.jupiter.api.Test;

/** A short attack; the long one is the command {@code hostile}. Spoils the data, so it has a stack of its own. */
class HostileTest {
    private static final int REQUESTS = 3_000;

    @Test
    void nothingHostileMakesItFail() throws InterruptedException {
        try (var stack = TestStack.start()) {
            var tokens = new ConcurrentHashMap<Integer, String>();
            Attack.Result result =
                    new Attack(stack.url("/"), 7, user -> tokens.computeIfAbsent(user, stack::token)).run(REQUESTS, 8);
            assertThat(result.failures()).as("5xx, or no answer").isEmpty();
            assertThat(result.failed()).isZero();
            assertThat(result.outcomes()).containsOnlyKeys(Kind.values());
            assertThat(result.outcomes().get(Kind.HEADER_FLOOD)).containsKey("431");
            assertThat(result.outcomes().get(Kind.WRONG_TYPES)).containsKey("200");
            assertThat(stack.data("{ exercises(limit: 500) { id } }", java.util.Map.of(), null)
                            .get("exercises"))
                    .as("and it still answers")
                    .hasSize(218);
        }
    }
}
