package me.musclemap.rum;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged is kept, whatever happens to the process. */
class DurabilityTest {
    private static final int BEACONS = 1200;
    private static final int SENDERS = 6;

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path data = Path.of(".");

    @Test
    void nothingAcknowledgedIsLostAndNothingIsCountedTwiceWhenItIsKilledAgainAndAgain() throws Exception {
        var random = new SplittableRandom(11);
        var unsent = new ConcurrentLinkedQueue<Integer>(
                IntStream.range(0, BEACONS).boxed().toList());
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        for (int kill = 0; kill < 3; kill++) {
            int goal = acknowledged.size() + 50 + random.nextInt(250);
            try (var collector = CollectorProcess.start(data)) {
                var senders = senders(collector.url(), unsent, acknowledged);
                while (acknowledged.size() < goal) {
                    Thread.onSpinWait();
                }
                collector.kill();
                for (Thread sender : senders) {
                    sender.join();
                }
            }
            assertThat(unsent).as("killed in the middle").isNotEmpty();
        }
        try (var collector = CollectorProcess.start(data)) {
            assertThat(count(collector.url())).isGreaterThanOrEqualTo(acknowledged.size());
            for (Thread sender : senders(collector.url(), unsent, acknowledged)) {
                sender.join();
            }
            assertThat(acknowledged).hasSize(BEACONS);
            assertThat(count(collector.url())).isEqualTo(BEACONS);
            assertThat(collector.endInput()).isZero();
        }
    }

    @Test
    void aFullDiskRefusesBeaconsAndLosesNoneThatItTook() throws Exception {
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        try (var collector = CollectorProcess.startOnFullDisk(data, 8)) {
            for (int beacon = 0; beacon < 200; beacon++) {
                if (isAcknowledged(collector.url(), beacon)) {
                    acknowledged.add(beacon);
                }
            }
            assertThat(acknowledged).as("it takes some and refuses some").hasSizeBetween(10, 190);
            assertThat(count(collector.url())).isEqualTo(acknowledged.size());
        }
        try (var collector = CollectorProcess.start(data)) {
            assertThat(count(collector.url())).isEqualTo(acknowledged.size());
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedIsOneLineAndExitCodeOne() throws Exception {
        Process process = CollectorProcess.process("serve", "--port", "0", "--data", "/dev/null/x");

        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
    }

    /** Each sends beacons until one is not answered; that one is to be sent again. */
    private java.util.List<Thread> senders(
            String url, ConcurrentLinkedQueue<Integer> unsent, Set<Integer> acknowledged) {
        var threads = IntStream.range(0, SENDERS)
                .mapToObj(i -> new Thread(() -> {
                    for (Integer beacon = unsent.poll(); beacon != null; beacon = unsent.poll()) {
                        if (!isAcknowledged(url, beacon)) {
                            unsent.add(beacon);
                            return;
                        }
                        acknowledged.add(beacon);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        return threads;
    }

    private boolean isAcknowledged(String url, int beacon) {
        var request = HttpRequest.newBuilder(URI.create(url + "/api/vitals"))
                .timeout(Duration.ofSeconds(30))
                .header("User-Agent", Beacons.PHONE)
                .POST(BodyPublishers.ofString(
                        Beacons.product("INP", 10 + beacon % 500, "v5-1-" + beacon, "/workouts", beacon + 1)))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 204;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private int count(String url) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/query?metric=INP"))
                .timeout(Duration.ofSeconds(30))
                .build();
        byte[] body = client.send(request, BodyHandlers.ofByteArray()).body();
        return new ObjectMapper()
                .readTree(new String(body, StandardCharsets.UTF_8))
                .at("/total/count")
                .asInt();
    }
}
