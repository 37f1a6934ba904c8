package me.musclemap.load.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import me.musclemap.load.schedule.Residents;
import me.musclemap.load.schedule.Shard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every workload file of ours: it loads, says what it rests on, and is played as it adds up. */
class OurWorkloadsTest {
    private static final Path HOME = Path.of(System.getProperty("repo.root"), "load-scenarios/workloads");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(HOME)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals("operations.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void itSaysInWordsWhatItAsksForAndWhatItRestsOn(String name) {
        var workload = Workload.load(HOME.resolve(name));
        assertThat(name).isEqualTo(workload.name() + ".yaml");
        assertThat(workload.sources()).isNotEmpty();
        assertThat(workload.journeys())
                .allSatisfy(journey -> assertThat(journey.why()).isNotBlank());
        assertThat(new WorkloadInWords(workload).text())
                .contains("requests/s", "of the users in session have a WebSocket open", "What the numbers rest on:");
        assertThat(workload.resolvedJson().path("operations").size())
                .isEqualTo(workload.operations().size());
    }

    @ParameterizedTest
    @MethodSource("names")
    void itIsPlayedAsOftenAsItAddsUpTo(String name) throws Residents.TooFewUsersException {
        var workload = Workload.load(HOME.resolve(name));
        var mix = workload.ownMix();
        var residents = new Residents(workload, 5, 100_000, Shard.WHOLE);
        double rate = 4000 * mix.requestsPerSecondPerUser();
        var needed = residents.needed(mix, rate);
        residents.settle(residents.recruit(needed));
        residents.wake(needed, 0);
        Map<String, Integer> sent = new HashMap<>();
        int[] headline = {0};
        long seconds = 300;
        while (residents.nextDue() < seconds * 1_000_000_000L) {
            long now = residents.nextDue();
            residents.sendDue(now, (resident, operation, purpose, lane, due) -> {
                sent.merge(operation.name(), 1, Integer::sum);
                headline[0] += operation.headline() ? 1 : 0;
                if (purpose == Residents.Purpose.STEP) {
                    residents.stepAnswered(resident, operation, true, due);
                }
            });
        }
        assertThat(headline[0] / (double) seconds).isCloseTo(rate, within(0.08 * rate));
        assertThat(sent.keySet()).containsAll(mix.requestsPerSession().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyMixCanBeDrivenInOneRunWithTheUsersThatThereAre(String name) throws Residents.TooFewUsersException {
        var workload = Workload.load(HOME.resolve(name));
        for (int users : new int[] {20, 300, 30_000}) {
            double rate = workload.mostPerSecondOfEveryMix(users);
            var residents = new Residents(workload, 5, users, Shard.WHOLE);
            for (var mix : workload.mixesByName().values()) {
                for (double share : new double[] {0.3, 0.77, 1}) {
                    residents.settle(residents.recruit(residents.needed(mix, share * rate)));
                }
            }
            assertThat(workload.usersOfEveryMixAt(rate)).isBetween(users - 1L, users + 1L);
            assertThat(rate).isLessThanOrEqualTo(1.0001 * workload.ownMix().mostPerSecond(users));
        }
    }

    @Test
    void aRunOfAllMixesNeedsMoreUsersThanAnyOfThemHasAwake() throws Residents.TooFewUsersException {
        var day = load("musclemap-day");
        int users = 30_000;
        var residents = new Residents(day, 5, users, Shard.WHOLE);
        residents.settle(
                residents.recruit(residents.needed(day.ownMix(), day.ownMix().mostPerSecond(users))));
        var writes = day.mix("writes").orElseThrow();
        assertThatThrownBy(() -> residents.recruit(residents.needed(writes, 0.5 * writes.mostPerSecond(users))))
                .as("what each mix may have alone is too much together")
                .isInstanceOf(Residents.TooFewUsersException.class);
        assertThat(day.mostPerSecondOfEveryMix(users))
                .isBetween(
                        0.2 * day.ownMix().mostPerSecond(users),
                        0.5 * day.ownMix().mostPerSecond(users));
    }

    /** One core has carried some 500 requests/s at most: with users for 400 the smoke's probe is not held back by much, or at all. */
    @Test
    void theSmokeBeforeAReleaseHasUsersForTheRatesThatACoreCarries() throws IOException {
        var script = Files.readString(Path.of(System.getProperty("repo.root"), ".ci/release"));
        var users = Pattern.compile("demo --quick --users (\\d+)").matcher(script);
        assertThat(users.find()).isTrue();
        assertThat(load("musclemap-day").mostPerSecondOfEveryMix(Long.parseLong(users.group(1))))
                .isGreaterThan(400);
    }

    @Test
    void whatTheyAreForShows() {
        assertThat(load("presence").socketShare()).isGreaterThan(0.9);
        assertThat(load("chat").requestsPerSecondPerUser()).isGreaterThan(0.5);
        assertThat(load("plan-polling").requestsPerSecondPerUser())
                .isGreaterThan(2 * load("musclemap-day").requestsPerSecondPerUser());
        assertThat(load("regions").regions()).extracting(Region::name).containsExactly("NA", "EU", "APAC", "LATAM");
        assertThat(load("regions").regions().stream().mapToDouble(Region::share).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(load("abuse").mixes().get(Workload.OWN_MIX)).containsKey("abuse");
        assertThat(load("chat").needsSeededData()).isTrue();
        assertThat(load("musclemap-day").needsSeededData()).isFalse();
    }

    @Test
    void aSlowerPaceNeedsMoreUsersForTheSameRateAndPlaysTheSameShares() throws Residents.TooFewUsersException {
        var workload = load("musclemap-day");
        var mix = workload.ownMix();
        var slow = new Residents(workload, 5, 100_000, Shard.WHOLE, 20);
        double rate = 20_000 * mix.requestsPerSecondPerUser() / 20;
        var needed = slow.needed(mix, rate);
        assertThat(needed.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(20_000);
        slow.settle(slow.recruit(needed));
        slow.wake(needed, 0);
        int[] sent = {0};
        while (slow.nextDue() < 600 * 1_000_000_000L) {
            long now = slow.nextDue();
            slow.sendDue(now, (resident, operation, purpose, lane, due) -> {
                sent[0] += operation.headline() ? 1 : 0;
                if (purpose == Residents.Purpose.STEP) {
                    slow.stepAnswered(resident, operation, true, due);
                }
            });
        }
        assertThat(sent[0] / 600.0).isCloseTo(rate, within(0.08 * rate));
    }

    private static Workload load(String name) {
        return Workload.load(HOME.resolve(name + ".yaml"));
    }

    @Test
    void whatNobodySendsWhoMeansWellIsTheClassOfAbuseAndNothingElse() {
        for (var name : List.of("abuse", "musclemap-day", "regions", "launch-day")) {
            var workload = Workload.load(HOME.resolve(name + ".yaml"));
            var abuse = workload.classes().stream()
                    .filter(each -> each.name().equals("abuse"))
                    .flatMap(each -> each.operations().stream())
                    .collect(java.util.stream.Collectors.toSet());
            assertThat(workload.abusive()).containsAll(abuse);
            assertThat(abuse).isEqualTo(name.equals("abuse") ? workload.abusive() : java.util.Set.of());
        }
    }
}
