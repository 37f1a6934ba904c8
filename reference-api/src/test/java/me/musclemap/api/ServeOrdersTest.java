package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What whoever started the program may ask of it, over the real database. */
@ExtendWith(SharedStack.class)
class ServeOrdersTest {
    private static final long LOCK = 0x6865_6164_726fL;

    private final TestStack stack;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final ServeOrders orders = new ServeOrders(answers::add);

    ServeOrdersTest(TestStack stack) {
        this.stack = stack;
    }

    private JsonNode answer() throws InterruptedException {
        String line = answers.poll(60, TimeUnit.SECONDS);
        assertThat(line).as("an answer").isNotNull().doesNotContain("\n");
        return TestStack.json(String.valueOf(line));
    }

    private Instant lastRefresh() throws SQLException {
        try (var connection = DriverManager.getConnection(
                        stack.databases().jdbcUrl(),
                        stack.databases().user(),
                        stack.databases().password());
                var rows = connection
                        .createStatement()
                        .executeQuery("select min(last_refresh_at), count(*) from matview_refresh_log")) {
            rows.next();
            return rows.getInt(2) < 4 ? Instant.MIN : rows.getTimestamp(1).toInstant();
        }
    }

    @Test
    void viewsAreMadeAnewWhenToldSoAndNotBefore() throws Exception {
        orders.obey("refresh-views");
        assertThat(answers).as("nothing is there yet that could").isEmpty();
        Instant before = lastRefresh();
        try (var instance = stack.another(0, Api.Sharing.USUAL)) {
            orders.refreshBy(instance.api()::refreshViews);
            JsonNode first = answer();
            assertThat(first.path("refreshed").asBoolean()).as("%s", first).isTrue();
            assertThat(first.path("seconds").asDouble()).isPositive();
            assertThat(lastRefresh()).as("all four views").isAfter(before);
            try (var other = DriverManager.getConnection(
                    stack.databases().jdbcUrl(),
                    stack.databases().user(),
                    stack.databases().password())) {
                other.createStatement().execute("select pg_advisory_lock(" + LOCK + ")");
                orders.obey(" refresh-views ");
                assertThat(answer().path("reason").asText()).contains("another instance");
            }
        }
    }

    @Test
    void anotherOrderIsRefusedAndAFailureIsSaid() throws Exception {
        orders.obey("");
        orders.obey("dance");
        assertThat(answer().path("error").asText()).contains("dance").contains("refresh-views");
        orders.refreshBy(() -> CompletableFuture.failedFuture(new IllegalStateException("the database is away")));
        orders.obey("refresh-views");
        JsonNode failed = answer();
        assertThat(failed.path("refreshed").asBoolean(true)).isFalse();
        assertThat(failed.path("reason").asText()).contains("the database is away");
    }

    @Test
    void aCheckpointIsMadeWhenToldSo() throws SQLException {
        String done = "select num_requested from pg_stat_checkpointer";
        long before = number(done);
        assertThat(stack.databases().checkpoint()).isPositive();
        assertThat(number(done)).isGreaterThan(before);
    }

    private long number(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        stack.databases().jdbcUrl(),
                        stack.databases().user(),
                        stack.databases().password());
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
