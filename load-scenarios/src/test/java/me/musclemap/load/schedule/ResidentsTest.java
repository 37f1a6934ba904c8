package me.musclemap.load.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import me.musclemap.load.schedule.Residents.Purpose;
import me.musclemap.load.schedule.Residents.TooFewUsersException;
import me.musclemap.load.workload.Mix;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResidentsTest {
    private static final Workload DAY = Workload.load(
            Path.of(System.getProperty("repo.root", ".."), "load-scenarios", "workloads", "musclemap-day.yaml"));
    private static final long SECOND = 1_000_000_000L;
    private static final int USERS = 1_000_000;

    /** A target without a network: it answers every request after the same time, and remembers all. */
    private static final class Played implements Residents.Sender {
        private record Answer(long at, Resident resident, Operation operation) {}

        private final Residents residents;
        private final long answerNanos;
        private final java.util.ArrayDeque<Answer> answers = new java.util.ArrayDeque<>();
        private final List<String> sent = new ArrayList<>();
        private final Map<String, Integer> counts = new TreeMap<>();
        private final Map<Long, Integer> headlineBySecond = new HashMap<>();

        Played(Residents residents, long answerNanos) {
            this.residents = residents;
            this.answerNanos = answerNanos;
        }

        @Override
        public void send(Resident resident, Operation operation, Purpose purpose, int lane, long due) {
            counts.merge(operation.name(), 1, Integer::sum);
            if (operation.headline()) {
                headlineBySecond.merge(due / SECOND, 1, Integer::sum);
            }
            sent.add(resident.user() + " " + operation.name() + " " + purpose + " " + lane + " "
                    + resident.payloadStart(lane));
            if (purpose == Purpose.STEP) {
                answers.add(new Answer(due + answerNanos, resident, operation));
            }
        }

        /** Plays until {@code end}, in steps of virtual time. */
        void until(long end) {
            while (true) {
                var answer = answers.peek();
                var answerAt = answer == null ? Long.MAX_VALUE : answer.at;
                var next = Math.min(residents.nextDue(), answerAt);
                if (next >= end) {
                    return;
                }
                if (answer != null && answerAt <= residents.nextDue()) {
                    answers.remove();
                    residents.stepAnswered(answer.resident, answer.operation, true, answerAt);
                } else {
                    residents.sendDue(next, this);
                }
            }
        }

        int headline(long fromSecond, long toSecond) {
            return headlineBySecond.entrySet().stream()
                    .filter(entry -> entry.getKey() >= fromSecond && entry.getKey() < toSecond)
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }
    }

    private static Played awake(Mix mix, double rate, long seed, Shard shard, long answerNanos)
            throws TooFewUsersException {
        var residents = new Residents(DAY, seed, USERS, shard);
        var needed = residents.needed(mix, rate);
        residents.settle(residents.recruit(needed));
        residents.wake(needed, 0);
        return new Played(residents, answerNanos);
    }

    static Stream<Mix> mixes() {
        return DAY.mixesByName().values().stream();
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void theRateIsTheScheduledOneFromTheFirstSecondOnAndStaysSo(Mix mix) throws TooFewUsersException {
        var played = awake(mix, 200, 1, Shard.WHOLE, 0);
        played.until(1800 * SECOND);
        assertThat(played.headline(0, 60) / 60.0).isCloseTo(200, within(14.0));
        assertThat(played.headline(0, 1800) / 1800.0).isCloseTo(200, within(4.0));
        assertThat(played.headline(1740, 1800) / 60.0).isCloseTo(200, within(14.0));
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void whatIsPlayedIsWhatTheFileAddsUpTo(Mix mix) throws TooFewUsersException {
        var played = awake(mix, 400, 2, Shard.WHOLE, 0);
        played.until(1200 * SECOND);
        var expected = mix.requestsPerSession();
        var sessions = 1200.0 * played.residents.awake() / mix.sessionSeconds();
        expected.forEach((operation, perSession) -> {
            var n = perSession * sessions;
            assertThat(played.counts.getOrDefault(operation, 0)).as(operation).isCloseTo((int) n, within((int)
                    (0.03 * n + 8 * Math.sqrt(n) + 20)));
        });
    }

    @Test
    void theSameSeedPlaysTheSameAndAnotherSeedDoesNot() throws TooFewUsersException {
        var one = awake(DAY.ownMix(), 50, 5, Shard.WHOLE, 0);
        var same = awake(DAY.ownMix(), 50, 5, Shard.WHOLE, 0);
        var other = awake(DAY.ownMix(), 50, 6, Shard.WHOLE, 0);
        List.of(one, same, other).forEach(played -> played.until(60 * SECOND));
        assertThat(same.sent).isEqualTo(one.sent);
        assertThat(other.sent).isNotEqualTo(one.sent);
    }

    @Test
    void aSlowTargetChangesWhenAUserGoesOnButNotWhatItDraws() throws TooFewUsersException {
        var fast = awake(DAY.ownMix(), 50, 5, Shard.WHOLE, 0);
        var slow = awake(DAY.ownMix(), 50, 5, Shard.WHOLE, SECOND / 2);
        fast.until(300 * SECOND);
        slow.until(300 * SECOND);
        var fastSteps = byUser(fast.sent, line -> line.contains(" STEP "));
        byUser(slow.sent, line -> line.contains(" STEP "))
                .forEach((user, lines) ->
                        assertThat(fastSteps.getOrDefault(user, List.of())).startsWith(lines.toArray(String[]::new)));
    }

    @Test
    void shardsTogetherPlayWhatOneWouldPlayAlone() throws TooFewUsersException {
        var whole = awake(DAY.ownMix(), 80, 9, Shard.WHOLE, 0);
        whole.until(120 * SECOND);
        var parts = new ArrayList<String>();
        for (var index : IntStream.range(0, 4).toArray()) {
            var part = awake(DAY.ownMix(), 80, 9, new Shard(index, 4), 0);
            part.until(120 * SECOND);
            assertThat(part.sent.size()).isBetween(whole.sent.size() / 6, whole.sent.size() / 3);
            parts.addAll(part.sent);
        }
        assertThat(parts).containsExactlyInAnyOrderElementsOf(whole.sent);
    }

    @Test
    void whoSleepsGoesOnWhereItStoodAndTheRateFollowsAtOnce() throws TooFewUsersException {
        var played = awake(DAY.ownMix(), 200, 3, Shard.WHOLE, 0);
        var half = played.residents.needed(DAY.ownMix(), 100);
        played.until(60 * SECOND);
        played.residents.wake(Map.of(), 60 * SECOND);
        played.until(120 * SECOND);
        played.residents.wake(half, 120 * SECOND);
        played.until(240 * SECOND);
        assertThat(played.headline(0, 60) / 60.0).isCloseTo(200, within(14.0));
        assertThat(played.headline(61, 120)).isZero();
        assertThat(played.headline(120, 240) / 120.0).isCloseTo(100, within(7.0));
    }

    @Test
    void whoStandsWithinAWorkoutIsAUserWhoHasOne() throws TooFewUsersException {
        var residents = new Residents(DAY, 4, 4000, Shard.WHOLE);
        var fresh = residents.recruit(residents.needed(DAY.ownMix(), 60));
        assertThat(fresh).hasSizeGreaterThan(1900);
        assertThat(fresh).allMatch(resident -> Residents.isWorkingOut(resident) == (resident.user() % 2 == 0));
        assertThat(fresh.stream().map(Resident::user)).doesNotHaveDuplicates();
    }

    @Test
    void moreResidentsThanUsersAreRefused() {
        var residents = new Residents(DAY, 4, 1000, Shard.WHOLE);
        assertThatThrownBy(() -> residents.recruit(residents.needed(DAY.ownMix(), 100)))
                .isInstanceOf(TooFewUsersException.class)
                .hasMessageContaining("the data set has 1000 users");
    }

    @Test
    void theQueueGivesBackInOrderOfDueTime() {
        var random = new SplittableRandom(11);
        var queue = new DueQueue();
        var route = new Route(DAY.journeys().get(0));
        for (var i = 0; i < 5000; i++) {
            queue.add(new Resident(route, i, i), random.nextLong(1000));
        }
        var before = Long.MIN_VALUE;
        while (queue.size() > 0) {
            assertThat(queue.firstDue()).isGreaterThanOrEqualTo(before);
            before = queue.firstDue();
            queue.removeFirst();
        }
    }

    private static Map<String, List<String>> byUser(List<String> sent, Predicate<String> wanted) {
        var byUser = new HashMap<String, List<String>>();
        sent.stream()
                .filter(wanted)
                .forEach(line -> byUser.computeIfAbsent(line.split(" ", 2)[0], user -> new ArrayList<>())
                        .add(line));
        return byUser;
    }
}
