package me.musclemap.rum;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import me.musclemap.rum.bench.Senders;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million beacons through everything that can go wrong. Takes minutes, so it is no part of the tests: {@code mvn -pl
 * rum-collector -am test -Dtest=MillionBeaconsBench -Dsurefire.failIfNoSpecifiedTests=false}. {@code -Dheadroom.beacons}
 * says how many.
 */
class MillionBeaconsBench {
    private static final int BEACONS = Integer.getInteger("headroom.beacons", 1_000_000);
    private static final int KILLS = 20;
    private static final int CONNECTIONS = 48;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    private Path directory = Path.of(".");

    @Test
    void nothingAcknowledgedIsLostAndNothingIsCountedTwice() throws Exception {
        long start = System.nanoTime();
        var random = new SplittableRandom(20);
        var kills = random.ints(KILLS, BEACONS / 50, BEACONS * 49 / 50).sorted().iterator();
        var beacons = new Numbered(BEACONS);
        Path data = directory.resolve("log");
        var killed = new AtomicInteger();
        try (var postgres = TestPostgres.start(directory.resolve("postgres"));
                var senders = new Senders()) {
            var away = new Thread(() -> awayForAMinute(postgres, beacons));
            away.start();
            String[] options = {"--jdbc-url", postgres.address().jdbcUrl(), "--db-user", "rum", "--flush-seconds", "1"};
            while (beacons.acknowledged() < BEACONS) {
                int until = kills.hasNext() ? kills.next() : Integer.MAX_VALUE;
                try (var collector = CollectorProcess.start(data, options)) {
                    var killer = killAt(collector, beacons, until, killed);
                    senders.run(
                            URI.create(collector.url()), CONNECTIONS, beacons, PATIENCE.toMinutes(), TimeUnit.MINUTES);
                    killer.interrupt();
                    killer.join();
                }
            }
            away.join();
            try (var collector = CollectorProcess.start(data, options)) {
                JsonNode health = awaitNothingSpooled(collector.url());
                JsonNode total = ask(collector.url(), "/v1/query?metric=INP").path("total");
                System.out.printf(
                        Locale.ROOT,
                        "%,d beacons acknowledged, %,d sent again after a kill, killed %d times, database away 60 s:"
                                + " %,d counted, database's ledger %s, %.0f s%n",
                        beacons.acknowledged(),
                        beacons.sentAgain(),
                        killed.get(),
                        total.path("count").asLong(),
                        ledger(postgres),
                        (System.nanoTime() - start) * 1e-9);
                assertThat(total.path("count").asLong()).isEqualTo(BEACONS);
                assertThat(ledger(postgres).get("stored")).isEqualTo(BEACONS);
                assertThat(health.at("/beacons/spooled").asLong()).isZero();
                assertThat(killed).hasValue(KILLS);
            }
        }
    }

    @Test
    void aDiskThatFillsLosesNothingThatWasAcknowledged() throws Exception {
        Path data = Files.createDirectory(directory.resolve("small"));
        Assumptions.assumeTrue(
                sh("mount -t tmpfs -o size=20m none " + data) == 0, "no tmpfs can be mounted here: be root");
        try (var senders = new Senders()) {
            var beacons = new Numbered(Math.max(BEACONS / 2, 250_000)); // more than the disk holds
            try (var collector = CollectorProcess.start(data)) {
                beacons.stopAfterRefusals(5000);
                senders.run(URI.create(collector.url()), 16, beacons, PATIENCE.toMinutes(), TimeUnit.MINUTES);
                assertThat(beacons.statuses()).containsKeys(204, 503);
                collector.kill();
            }
            assertThat(sh("mount -o remount,size=200m " + data)).isZero();
            try (var collector = CollectorProcess.start(data)) {
                long count = ask(collector.url(), "/v1/query?metric=INP")
                        .at("/total/count")
                        .asLong();
                System.out.printf(
                        Locale.ROOT,
                        "disk of 20 MB: answers %s; after a kill and a restart %,d counted of %,d acknowledged%n",
                        beacons.statuses(),
                        count,
                        beacons.acknowledged());
                assertThat(count).isEqualTo(beacons.acknowledged());
            }
        } finally {
            sh("umount -l " + data);
        }
    }

    @Test
    void hostileBeaconsNeverMakeItFail() throws Exception {
        var hostile = new Hostile(BEACONS);
        try (var collector = CollectorProcess.start(directory.resolve("log"), "--keep-mib", "64");
                var senders = new Senders()) {
            senders.run(URI.create(collector.url()), CONNECTIONS, hostile, PATIENCE.toMinutes(), TimeUnit.MINUTES);
            JsonNode health = ask(collector.url(), "/health");
            long residentKib = residentKib(collector.pid());
            System.out.printf(
                    Locale.ROOT,
                    "%,d hostile beacons: answers %s, %,d connections lost, resident memory at most %,d MiB, ledger %s%n",
                    BEACONS,
                    hostile.statuses,
                    hostile.lost,
                    residentKib / 1024,
                    health.path("beacons"));
            assertThat(hostile.statuses.keySet()).isSubsetOf(204, 400, 413);
            long sum = 0;
            for (JsonNode outcome : health.path("beacons")) {
                sum += outcome.asLong();
            }
            assertThat(sum).isEqualTo(health.path("beaconsReceived").asLong()).isEqualTo(BEACONS);
            assertThat(residentKib).isLessThan(400 * 1024);
        }
    }

    /** Beacons that are sent until each is acknowledged. The senders' thread calls; others may ask how many. */
    private static final class Numbered implements Senders.Beacons {
        private final int count;
        private final BitSet acknowledged = new BitSet();
        private final ArrayDeque<Long> again = new ArrayDeque<>();
        private final AtomicInteger acknowledgedCount = new AtomicInteger();
        private final TreeMap<Integer, Integer> statuses = new TreeMap<>();
        private long nextNew;
        private int sentAgain;
        private int refusalsLeft = Integer.MAX_VALUE;

        Numbered(int count) {
            this.count = count;
        }

        void stopAfterRefusals(int refusals) {
            refusalsLeft = refusals;
        }

        @Override
        public long next() {
            if (refusalsLeft <= 0) {
                return -1;
            }
            Long lost = again.poll();
            return lost != null ? lost : nextNew < count ? nextNew++ : -1;
        }

        @Override
        public byte[] body(long number) {
            return ("{\"name\":\"INP\",\"value\":" + (8 + number * 7919 % 600)
                            + ",\"rating\":\"good\",\"delta\":8,\"entries\":[],\"id\":\"v6-1795350186781-" + number
                            + "\",\"navigationType\":\"navigate\",\"navigationURL\":\"https://mm.example/p/"
                            + (char) ('a' + number % 20)
                            + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void answered(long number, int status) {
            statuses.merge(status, 1, Integer::sum);
            if (status == 204) {
                if (!acknowledged.get((int) number)) {
                    acknowledged.set((int) number);
                    acknowledgedCount.incrementAndGet();
                }
            } else {
                refusalsLeft--;
                again.add(number);
            }
        }

        @Override
        public void lost(long number) {
            sentAgain++;
            again.add(number);
        }

        int acknowledged() {
            return acknowledgedCount.get();
        }

        int sentAgain() {
            return sentAgain;
        }

        Map<Integer, Integer> statuses() {
            return statuses;
        }
    }

    /** Real bodies, spoilt, and floods of made-up names. */
    private static final class Hostile implements Senders.Beacons {
        private final SplittableRandom random = new SplittableRandom(42);
        private final List<byte[]> seeds = new ArrayList<>();
        private final TreeMap<Integer, Integer> statuses = new TreeMap<>();
        private long left;
        private int lost;

        Hostile(long count) {
            left = count;
            Beacons.real()
                    .forEach(beacon -> seeds.add(beacon.path("body").asText().getBytes(StandardCharsets.UTF_8)));
            seeds.add(Beacons.product("CLS", 12, "v5-1-1", "/a", 1).getBytes(StandardCharsets.UTF_8));
            seeds.add("[".repeat(1500).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public long next() {
            return left > 0 ? left-- : -1;
        }

        @Override
        public byte[] body(long number) {
            if (number % 5 == 0) {
                return "{\"v\":1,\"s\":\"%d\",\"p\":\"%d\",\"u\":\"/%s/%s\",\"rel\":\"%d.%d\",\"m\":[{\"n\":\"LCP\",\"v\":%d,\"id\":\"%d\",\"a\":{\"target\":\"%s\"}}]}"
                        .formatted(
                                number,
                                number,
                                word(),
                                word(),
                                random.nextInt(500),
                                random.nextInt(500),
                                random.nextInt(700_000),
                                random.nextLong(),
                                "div.card>".repeat(random.nextInt(9)) + "p")
                        .getBytes(StandardCharsets.UTF_8);
            }
            return Mutations.of(seeds.get(random.nextInt(seeds.size())), random);
        }

        private String word() {
            var word = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            return word.toString();
        }

        @Override
        public void answered(long number, int status) {
            statuses.merge(status, 1, Integer::sum);
        }

        @Override
        public void lost(long number) {
            lost++;
            left++;
        }
    }

    private static Thread killAt(CollectorProcess collector, Numbered beacons, int count, AtomicInteger killed) {
        var killer = new Thread(() -> {
            try {
                while (beacons.acknowledged() < count) {
                    Thread.sleep(1);
                }
                killed.incrementAndGet();
                collector.kill();
            } catch (InterruptedException e) {
                return; // it came to its end
            }
        });
        killer.start();
        return killer;
    }

    private static void awayForAMinute(TestPostgres postgres, Numbered beacons) {
        try {
            while (beacons.acknowledged() < BEACONS * 4 / 10) {
                Thread.sleep(5);
            }
            postgres.stop();
            Thread.sleep(60_000);
            postgres.startAgain();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the database could not be stopped and started", e);
        }
    }

    private JsonNode awaitNothingSpooled(String url) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode health = ask(url, "/health");
            boolean isDone = health.path("database").asText().equals("up")
                    && health.at("/beacons/spooled").asLong() == 0;
            if (isDone || System.nanoTime() > until) {
                return health;
            }
            Thread.sleep(200);
        }
    }

    private static Map<String, Long> ledger(TestPostgres postgres) throws Exception {
        var ledger = new TreeMap<String, Long>();
        try (var connection =
                        java.sql.DriverManager.getConnection(postgres.address().jdbcUrl(), "rum", "");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select outcome, sum(beacons) from rum.ledger group by outcome")) {
            while (rows.next()) {
                ledger.put(rows.getString(1), rows.getLong(2));
            }
        }
        return ledger;
    }

    private JsonNode ask(String url, String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json.readTree(answer.body());
    }

    private static int sh(String command) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** The most that it ever had. Source: proc(5), VmHWM. */
    private static long residentKib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmHWM");
    }
}
