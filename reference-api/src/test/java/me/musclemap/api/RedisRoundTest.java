package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisStore;
import me.musclemap.api.cache.Script;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that travel together: over our own wire, and, for another database than the first, over the library. */
@ExtendWith(SharedStack.class)
class RedisRoundTest {
    private final TestStack stack;

    RedisRoundTest(TestStack stack) {
        this.stack = stack;
    }

    private RedisStore redis(String database) {
        return RedisStore.open(
                stack.databases().redisUri() + database, stack.telemetry().database("redis"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/1"})
    void aScriptThatRedisHasNeverSeenCountsOnce(String database) {
        try (var redis = redis(database)) {
            String key = "test:round:" + System.nanoTime();
            var script = Script.of("return {redis.call('incrby', KEYS[1], ARGV[1]), " + System.nanoTime() + "}");
            for (long i = 1; i <= 3; i++) {
                var round = redis.round();
                round.expect("test:nothing");
                assertThat(round.numbers(script, new String[] {key}, new String[] {"7"}))
                        .hasSize(2)
                        .startsWith(7 * i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/1"})
    void whatRedisRefusesIsThatQuestionsFailureAlone(String database) {
        try (var redis = redis(database)) {
            var cache = new RedisCache(redis, stack.telemetry().cache(), new ObjectMapper());
            String key = "test:round:" + System.nanoTime();
            cache.own("test", key, Duration.ofMinutes(1), () -> Map.of("n", 1));
            var round = redis.round();
            round.expect(key);
            assertThatThrownBy(() -> round.numbers(Script.of("return {"), new String[0], new String[0]))
                    .isInstanceOf(RedisException.class);
            assertThat(cache.own("test", key, Duration.ofMinutes(1), round, () -> "made again"))
                    .isEqualTo(Map.of("n", 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/1"})
    void whatWasReadAheadIsReadOnceAndThenAskedForAgain(String database) {
        try (var redis = redis(database)) {
            var cache = new RedisCache(redis, stack.telemetry().cache(), new ObjectMapper());
            String key = "test:round:" + System.nanoTime();
            String large = "x".repeat(20_000);
            cache.own("test", key, Duration.ofMinutes(1), () -> List.of(large));
            var round = redis.round();
            round.expect(key);
            assertThat(cache.own("test", key, Duration.ofMinutes(1), round, () -> "no"))
                    .isEqualTo(List.of(large));
            cache.drop(key);
            assertThat(cache.own("test", key, Duration.ofMinutes(1), round, () -> "new"))
                    .isEqualTo("new");
        }
    }
}
