package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import me.musclemap.api.cache.RedisCache;
import me.musclemap.api.cache.RedisStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cache over a real Redis; two caches are two instances. */
@ExtendWith(SharedStack.class)
class CacheTest {
    private static final Duration LIFE = Duration.ofMinutes(1);

    private final TestStack stack;

    CacheTest(TestStack stack) {
        this.stack = stack;
    }

    private RedisStore redis() {
        return RedisStore.open(stack.databases().redisUri(), stack.telemetry().database("redis"));
    }

    private RedisCache cache(RedisStore redis) {
        return new RedisCache(redis, stack.telemetry().cache(), new ObjectMapper());
    }

    @Test
    void aStampedeLoadsAKeyOnceOverTwoInstances() throws Exception {
        try (var oneRedis = redis();
                var twoRedis = redis()) {
            var caches = List.of(cache(oneRedis), cache(twoRedis));
            // An instance waits 600 ms for the other: a machine that stalled for longer has shown nothing, and is asked
            // again.
            boolean shown = false;
            for (int attempt = 0; !shown && attempt < 10; attempt++) {
                long began = System.nanoTime();
                int loads = stampede(caches, "test:stampede:" + began);
                shown = Duration.ofNanos(System.nanoTime() - began).toMillis() < 500;
                assertThat(shown ? loads : 1).isEqualTo(1);
            }
            assertThat(shown)
                    .as("a stampede within the patience of an instance")
                    .isTrue();
        }
    }

    /** How often 40 threads that ask for one key at once make two instances load it. */
    private static int stampede(List<RedisCache> caches, String key) throws Exception {
        var loads = new AtomicInteger();
        Supplier<Object> slow = () -> {
            pause(150);
            loads.incrementAndGet();
            return Map.of("n", 1);
        };
        ExecutorService threads = Executors.newFixedThreadPool(40);
        var answers = new ArrayList<Future<Object>>();
        try {
            for (int i = 0; i < 40; i++) {
                RedisCache cache = caches.get(i % 2);
                answers.add(threads.submit(() -> cache.shared("test", key, LIFE, slow)));
            }
            for (Future<Object> answer : answers) {
                assertThat(answer.get()).isEqualTo(Map.of("n", 1));
            }
        } finally {
            threads.shutdownNow();
        }
        return loads.get();
    }

    @Test
    void whatWasReadBeforeAChangeIsNotKeptAfterIt() throws Exception {
        try (var redis = redis()) {
            RedisCache cache = cache(redis);
            String key = "test:lease:" + System.nanoTime();
            var read = new CountDownLatch(1);
            var changed = new CountDownLatch(1);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<Object> old = thread.submit(() -> cache.own("test", key, LIFE, () -> {
                    read.countDown();
                    await(changed);
                    return "old";
                }));
                await(read);
                cache.drop(key);
                changed.countDown();
                assertThat(old.get()).isEqualTo("old");
            } finally {
                thread.shutdownNow();
            }
            assertThat(cache.own("test", key, LIFE, () -> "new")).isEqualTo("new");
            assertThat(cache.own("test", key, LIFE, () -> "newer")).isEqualTo("new");
        }
    }

    @Test
    void aFailedLoadIsTriedAgainByTheNextAndNotAfterALease() {
        try (var redis = redis()) {
            RedisCache cache = cache(redis);
            String key = "test:failed:" + System.nanoTime();
            assertThatThrownBy(() -> cache.shared("test", key, LIFE, () -> {
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(cache.shared("test", key, LIFE, () -> "yes")).isEqualTo("yes");
            assertThat(cache(redis).shared("test", key, LIFE, () -> "other")).isEqualTo("yes");
        }
    }

    @Test
    void keysLiveAsLongAsThePlanSays() {
        String user = TestStack.DATA.userId(60);
        stack.data("{ me { id } myStats { level } myAchievements { total } }", Map.of(), stack.token(60));
        stack.data(
                "{ exercises(limit: 1) { id } publicCommunityStats { activeNow { value } } communityPresence { total } }",
                Map.of(),
                null);
        stack.data("{ statLeaderboard(stat: \"power\", limit: 3) { total } }", Map.of(), null);
        try (var redis = redis()) {
            var plan = Map.of(
                    "user:" + user,
                    300,
                    "user:" + user + ":stats",
                    300,
                    "user:" + user + ":achievements",
                    600,
                    "ref:exercises",
                    3_600,
                    "ref:muscles",
                    3_600,
                    "agg:leaderboard:stat:power:global::3:0",
                    300,
                    "agg:community",
                    60,
                    "rt:presence:community",
                    30);
            plan.forEach((key, seconds) -> assertThat(redis.commands().ttl(key))
                    .as(key)
                    .isBetween(seconds - 30L > 0 ? 1L : 0L, (long) seconds));
        }
    }

    @Test
    void anInstanceReadsWhatEverybodyNeedsBeforeAnybodyAsks() {
        String[] keys = {
            "ref:muscles",
            "ref:exercises",
            "ref:exercises:full",
            "ref:exercises:names",
            "ref:activations",
            "ref:equipment",
            "ref:achievements"
        };
        try (var redis = redis()) {
            redis.commands().del(keys);
            try (var fresh = stack.another(0, Api.Sharing.USUAL)) {
                assertThat(fresh.port()).isPositive();
                assertThat(redis.commands().exists(keys)).isEqualTo(keys.length);
                assertThat(redis.commands().ttl("ref:equipment")).isBetween(3_500L, 3_600L);
            }
        }
    }

    @Test
    void exercisesAreFoundByWhatTheyNeed() {
        var all = stack.data("{ exercises(limit: 500) { id equipment } }", Map.of(), null)
                .get("exercises");
        var barbell = stack.data("{ exercises(limit: 500, equipment: \"barbell\") { id } }", Map.of(), null)
                .get("exercises")
                .findValuesAsText("id");
        var expected = new ArrayList<String>();
        all.forEach(one -> {
            for (var piece : one.get("equipment")) {
                if (piece.asText().equals("barbell")) {
                    expected.add(one.get("id").asText());
                }
            }
        });
        assertThat(barbell).isNotEmpty().isEqualTo(expected);
        assertThat(stack.data("{ exercises(equipment: \"no such\") { id } }", Map.of(), null)
                        .get("exercises"))
                .isEmpty();
    }

    @Test
    void aFinishedWorkoutDropsTheBadgesThatWereKept() throws Exception {
        int user = 64;
        String badges = "{ myAchievements { total } }";
        int before = stack.data(badges, Map.of(), stack.token(user))
                .at("/myAchievements/total")
                .asInt();
        try (var owner = DriverManager.getConnection(
                        stack.databases().jdbcUrl(),
                        stack.databases().user(),
                        stack.databases().password());
                var earned = owner.prepareStatement(
                        "insert into achievement_events (id, user_id, achievement_id, value, earned_at) "
                                + "select 'cache-test-64', ?, id, 1, '2026-01-01' from achievement_definitions order by id limit 1")) {
            earned.setString(1, TestStack.DATA.userId(user));
            assertThat(earned.executeUpdate()).isEqualTo(1);
        }
        assertThat(stack.data(badges, Map.of(), stack.token(user))
                        .at("/myAchievements/total")
                        .asInt())
                .as("kept")
                .isEqualTo(before);
        stack.data(
                "mutation($in: CompleteWorkoutSessionInput!) { completeWorkoutSession(input: $in) { totalSets } }",
                Map.of("in", Map.of("sessionId", TestStack.DATA.sessionId(user))),
                stack.token(user));
        assertThat(stack.data(badges, Map.of(), stack.token(user))
                        .at("/myAchievements/total")
                        .asInt())
                .isEqualTo(before + 1);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
