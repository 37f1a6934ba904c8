package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the product's clients say over WebSockets, and what they are told. */
@ExtendWith(SharedStack.class)
class SocketContractTest {
    private static final String MESSAGING = "/api/messaging/ws?token=";

    private final TestStack stack;

    SocketContractTest(TestStack stack) {
        this.stack = stack;
    }

    /** A conversation, its two sockets and their users. */
    private record Pair(String conversation, int one, int two, TestSocket first, TestSocket second)
            implements AutoCloseable {
        @Override
        public void close() {
            first.abort();
            second.abort();
        }
    }

    /** The first user from {@code from} on who is in a conversation. */
    private Pair pair(int from) throws InterruptedException {
        int one = from;
        JsonNode conversation = conversation(one);
        while (conversation.isMissingNode()) {
            one++;
            conversation = conversation(one);
        }
        int two = other(conversation.get("participants"), one);
        var first = TestSocket.open(stack.url(MESSAGING + stack.token(one)));
        var second = TestSocket.open(stack.url(MESSAGING + stack.token(two)));
        var pair = new Pair(conversation.get("id").asText(), one, two, first, second);
        first.say("{\"type\":\"ping\"}");
        assertThat(first.next()).isEqualTo("{\"type\":\"pong\"}");
        // Its subscription is on its way: the first that is said may come before it.
        String heard = "";
        for (int attempt = 0; heard.isEmpty() && attempt < 100; attempt++) {
            first.say("{\"type\":\"read\",\"conversationId\":\"" + pair.conversation + "\"}");
            heard = second.poll(200);
        }
        assertThat(heard).contains("\"read\"");
        return pair;
    }

    private JsonNode conversation(int user) {
        return stack.data("{ conversations { id participants { userId } } }", Map.of(), stack.token(user))
                .at("/conversations/0");
    }

    private static int other(JsonNode participants, int not) {
        for (int i = 0; i < 500; i++) {
            String id = TestStack.DATA.userId(i);
            if (i != not && participants.findValuesAsText("userId").contains(id)) {
                return i;
            }
        }
        throw new AssertionError("nobody else in " + participants);
    }

    private List<String> typing(Pair pair) {
        return stack.data(
                        "query($c: ID!) { typingUsers(conversationId: $c) { userId } }",
                        Map.of("c", pair.conversation),
                        stack.token(pair.two))
                .findValuesAsText("userId");
    }

    @Test
    void whoTypesIsSeenUntilHeSaysThatHeHasStopped() throws InterruptedException {
        try (Pair pair = pair(0)) {
            String typing = "{\"type\":\"typing\",\"conversationId\":\"" + pair.conversation + "\",\"isTyping\":";
            pair.first.say(typing + "true}");
            JsonNode begun = TestStack.json(pair.second.next("typing")).get("data");
            assertThat(begun.get("isTyping").booleanValue()).isTrue();
            assertThat(begun.get("conversationId").asText()).isEqualTo(pair.conversation);
            assertThat(typing(pair)).containsExactly(TestStack.DATA.userId(pair.one));

            pair.first.say(typing + "false}");
            JsonNode ended = TestStack.json(pair.second.next("typing")).get("data");
            assertThat(ended.get("isTyping").booleanValue()).isFalse();
            assertThat(ended.get("userId").asText()).isEqualTo(TestStack.DATA.userId(pair.one));
            assertThat(typing(pair)).isEmpty();
        }
    }

    @Test
    void aDeliveryNamesTheMessageAlone() throws InterruptedException {
        try (Pair pair = pair(2)) {
            String message = stack.data(
                            "mutation($c: ID!) { sendMessage(conversationId: $c, content: \"hello\") { id } }",
                            Map.of("c", pair.conversation),
                            stack.token(pair.one))
                    .at("/sendMessage/id")
                    .asText();
            pair.second.say("{\"type\":\"delivered\",\"messageId\":\"" + message + "\"}");
            JsonNode told = TestStack.json(pair.first.next("delivered")).get("data");
            assertThat(told.get("messageId").asText()).isEqualTo(message);
            assertThat(told.get("conversationId").asText()).isEqualTo(pair.conversation);
            assertThat(told.get("userId").asText()).isEqualTo(TestStack.DATA.userId(pair.two));
        }
    }

    /** Nobody learns of a message's conversation, or speaks in one, that he is not in. */
    @Test
    void whoIsNotInAConversationSaysNothingInIt() throws InterruptedException {
        try (Pair pair = pair(4)) {
            String message = stack.data(
                            "mutation($c: ID!) { sendMessage(conversationId: $c, content: \"hello\") { id } }",
                            Map.of("c", pair.conversation),
                            stack.token(pair.one))
                    .at("/sendMessage/id")
                    .asText();
            int stranger = stranger(pair);
            var socket = TestSocket.open(stack.url(MESSAGING + stack.token(stranger)));
            socket.say("{\"type\":\"delivered\",\"messageId\":\"" + message + "\"}");
            socket.say("{\"type\":\"typing\",\"conversationId\":\"" + pair.conversation + "\",\"isTyping\":true}");
            socket.say("{\"type\":\"ping\"}");
            assertThat(socket.next()).isEqualTo("{\"type\":\"pong\"}");
            socket.abort();
            pair.first.say("{\"type\":\"typing\",\"conversationId\":\"" + pair.conversation + "\",\"isTyping\":true}");
            // In order: had the stranger been heard, it would have come before.
            String heard = pair.second.next();
            while (heard.contains("\"type\":\"message\"") || heard.contains("\"type\":\"read\"")) {
                heard = pair.second.next();
            }
            assertThat(heard).contains("\"typing\"").contains(TestStack.DATA.userId(pair.one));
        }
    }

    private int stranger(Pair pair) {
        for (int i = 200; i < 500; i++) {
            if (i != pair.one && i != pair.two) {
                String code = stack.errorCode(
                        "query($c: ID!) { typingUsers(conversationId: $c) { userId } }",
                        Map.of("c", pair.conversation),
                        stack.token(i));
                if (code.equals("FORBIDDEN")) {
                    return i;
                }
            }
        }
        throw new AssertionError("everybody is in " + pair.conversation);
    }

    @Test
    void aClientSaysWhetherItsUserIsThere() throws InterruptedException {
        int user = 61;
        var socket = TestSocket.open(stack.url(MESSAGING + stack.token(user)));
        socket.say("{\"type\":\"presence\",\"status\":\"away\",\"device\":\"phone\"}");
        await(() -> status(user).equals("away"));
        socket.say("{\"type\":\"ping\"}");
        assertThat(socket.next()).isEqualTo("{\"type\":\"pong\"}");
        Thread.sleep(700); // signs of life are written twice a second
        assertThat(status(user)).as("a phone that lies there goes on pinging").isEqualTo("away");
        socket.say("{\"type\":\"presence\",\"status\":\"offline\"}");
        await(() -> status(user).equals("offline"));
        socket.say("{\"type\":\"presence\"}");
        await(() -> status(user).equals("online"));
        socket.say("{\"type\":\"presence\",\"status\":\"flying\"}");
        socket.say("{\"type\":\"ping\"}");
        assertThat(socket.next()).isEqualTo("{\"type\":\"pong\"}");
        assertThat(status(user)).isEqualTo("online");
        socket.abort();
    }

    private String status(int user) {
        return stack.data(
                        "query($ids: [ID!]!) { userPresence(userIds: $ids) { status } }",
                        Map.of("ids", List.of(TestStack.DATA.userId(user))),
                        stack.token(62))
                .at("/userPresence/0/status")
                .asText();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int attempt = 0; !condition.getAsBoolean() && attempt < 100; attempt++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** The event is heard on an instance where nothing happened, and there is no other way to it than Redis. */
    @Test
    void theCommunityAndTheStreamOfAnotherInstanceHearOfAFinishedWorkout() throws InterruptedException {
        try (TestStack.Instance second = stack.another(0, Api.Sharing.USUAL)) {
            String base = "http://127.0.0.1:" + second.port();
            var community = TestSocket.open(URI.create(base + "/api/community/ws/public"));
            var live = TestSocket.open(URI.create(base + "/api/live/stream"));
            assertThat(community.next()).contains("snapshot");
            // Its subscriptions were made when it started, but nobody says when they are there.
            String bare = "";
            for (int user = 100; bare.isEmpty() && user < 120; user += 2) {
                finishWorkout(user);
                bare = live.poll(500);
            }
            JsonNode event = TestStack.json(bare);
            assertThat(event.at("/type").asText()).isEqualTo("workout.completed");
            assertThat(event.at("/id").asText()).isNotEmpty();
            assertThat(Instant.parse(event.at("/timestamp").asText())).isNotNull();
            assertThat(event.has("data")).as("no envelope").isFalse();
            JsonNode activity = TestStack.json(community.next("activity"));
            assertThat(activity.at("/data/type").asText()).isEqualTo("workout.completed");
            assertThat(activity.at("/data/message").asText()).isNotEmpty();
            assertThat(Instant.parse(activity.at("/data/createdAt").asText())).isNotNull();
            assertThat(bare + activity).doesNotContain("user_");
            community.abort();
            live.abort();
        }
    }

    private void finishWorkout(int user) {
        String session = stack.data("{ activeWorkoutSession { id } }", Map.of(), stack.token(user))
                .at("/activeWorkoutSession/id")
                .asText();
        stack.data(
                "mutation($in: CompleteWorkoutSessionInput!) { completeWorkoutSession(input: $in) { totalSets } }",
                Map.of("in", Map.of("sessionId", session)),
                stack.token(user));
    }

    @Test
    void thePublicSnapshotHasTheProductsShape() throws InterruptedException {
        var socket = TestSocket.open(stack.url("/api/community/ws/public"));
        JsonNode data = TestStack.json(socket.next()).get("data");
        for (String count : List.of("activeNow", "activeWorkouts", "totalUsers", "totalWorkouts")) {
            assertThat(data.path(count).path("value").isInt()).as(count).isTrue();
            assertThat(data.path(count).path("display").isTextual()).as(count).isTrue();
            assertThat(data.path(count).path("threshold").isBoolean()).as(count).isTrue();
        }
        assertThat(data.get("recentActivity")).isNotEmpty().allSatisfy(one -> {
            assertThat(one.get("type").asText())
                    .isIn("workout.completed", "workout.started", "level.up", "milestone.reached");
            assertThat(one.get("message").isTextual()).isTrue();
            assertThat(Instant.parse(one.get("createdAt").asText())).isNotNull();
        });
        assertThat(data.at("/milestone/reached").isBoolean()).isTrue();
        assertThat(data.at("/milestone/value").isInt()).isTrue();
        assertThat(data.at("/milestone/next").isInt()).isTrue();
        socket.abort();
    }

    @Test
    void aMembersSnapshotCountsByRegionAndAHeartbeatIsAPing() throws InterruptedException {
        var socket = TestSocket.open(stack.url("/api/community/ws?token=" + stack.token(63)));
        JsonNode data = TestStack.json(socket.next()).get("data");
        assertThat(data.get("activeNow").isInt()).isTrue();
        assertThat(data.get("byGeoBucket").isArray()).isTrue();
        socket.say("{\"type\":\"heartbeat\"}");
        assertThat(socket.next("pong")).isEqualTo("{\"type\":\"pong\"}");
        socket.abort();
    }

    @Test
    void socketsThatNeedATokenAreClosedWithoutOne() throws InterruptedException {
        for (String path : List.of("/api/community/ws", "/api/messaging/ws")) {
            assertThat(TestSocket.open(stack.url(path)).next()).isEqualTo("closed 1008 missing token");
            assertThat(TestSocket.open(stack.url(path + "?token=x")).next()).isEqualTo("closed 1008 invalid token");
        }
    }

    @Test
    void theLiveStreamAnswersNoPing() throws InterruptedException {
        var socket = TestSocket.open(stack.url("/api/live/stream"));
        socket.say("{\"type\":\"ping\"}");
        assertThat(socket.poll(300)).doesNotContain("pong");
        socket.abort();
    }
}
