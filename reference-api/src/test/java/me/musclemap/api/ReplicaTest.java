package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reads that many share go to a replica; here that is the same server through connections that may only read. */
@ExtendWith(SharedStack.class)
class ReplicaTest {
    private static final String BOARD = "{ statLeaderboard(stat: \"power\", limit: %d) { total entries { userId } } }";

    private final TestStack stack;

    ReplicaTest(TestStack stack) {
        this.stack = stack;
    }

    private static double connectionsUsed(TestStack instance, String pool) {
        return instance.telemetry()
                .registry()
                .get("hikaricp.connections.usage")
                .tag("pool", pool)
                .timer()
                .count();
    }

    @Test
    void sharedReadsUseTheReplicaAndWritesThePrimary() {
        String readOnly = stack.databases().jdbcUrl() + "?options=-c%20default_transaction_read_only=on";
        try (var instance = stack.another(List.of(readOnly))) {
            double replica = connectionsUsed(instance, "replica-1");
            assertThat(instance.data(BOARD.formatted(31), Map.of(), null).at("/statLeaderboard/entries"))
                    .hasSize(31);
            assertThat(connectionsUsed(instance, "replica-1")).isGreaterThan(replica);
            double after = connectionsUsed(instance, "replica-1");
            String mutation = "mutation($i: HighFiveInput!) { sendHighFive(input: $i) { success } }";
            var input = Map.of("i", Map.of("recipientId", TestStack.DATA.userId(1), "type", "cheer"));
            assertThat(instance.data(mutation, input, instance.token(90))
                            .at("/sendHighFive/success")
                            .asBoolean())
                    .isTrue();
            assertThat(connectionsUsed(instance, "replica-1")).isEqualTo(after);
        }
    }

    @Test
    void whileTheReplicaIsAwayThePrimaryAnswers() {
        try (var instance = stack.another(List.of("jdbc:postgresql://127.0.0.1:1/musclemap"))) {
            IntStream.rangeClosed(32, 34)
                    .forEach(limit -> assertThat(instance.data(BOARD.formatted(limit), Map.of(), null)
                                    .at("/statLeaderboard/entries"))
                            .hasSize(limit));
        }
    }
}
