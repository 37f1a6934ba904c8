package me.musclemap.api.community;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.Ids;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.realtime.Bus;
import me.musclemap.api.realtime.Frame;
import me.musclemap.api.realtime.Hub;
import me.musclemap.api.realtime.Protocol;
import me.musclemap.api.realtime.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The community's WebSockets. The public one and the members' one tell the counts on opening, then what happens, and answer
 * each ping; counts are told again when they changed, to all at once and from one frame. The live stream tells bare events. Safe for use by many threads.
 */
public final class Sockets implements AutoCloseable {
    /** The feed of the members: who is here. */
    private static final String MEMBERS = "members";

    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(90);
    private static final Duration TOLD_EVERY = Duration.ofSeconds(5);
    private static final byte[] PING = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] HEARTBEAT = "{\"type\":\"heartbeat\"}".getBytes(StandardCharsets.UTF_8);
    private static final Frame PONG = Frame.replaceable("{\"type\":\"pong\"}");

    private final Community community;
    private final Presence presence;
    private final AccessTokens tokens;
    private final Bus bus;
    private final Hub hub;
    private final ObjectMapper json;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "community-sockets");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Told publicTold = new Told(Map.of(), PONG);
    private volatile Told membersTold = new Told(Map.of(), PONG);

    /** Counts and the frame that tells them to who opens a socket. */
    private record Told(Map<?, ?> counts, Frame snapshot) {}

    /** Sockets that tell of {@code community} and feed {@code presence}; {@code clock} is the data's time. */
    public Sockets(
            Community community,
            Presence presence,
            AccessTokens tokens,
            Bus bus,
            Hub hub,
            ObjectMapper json,
            Clock clock) {
        this.community = community;
        this.presence = presence;
        this.tokens = tokens;
        this.bus = bus;
        this.hub = hub;
        this.json = json;
        this.clock = clock;
        var unused = timer.scheduleWithFixedDelay(
                this::tellQuietly, TOLD_EVERY.toMillis(), TOLD_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What is served, by path. */
    public Map<String, Protocol> protocols() {
        return Map.of(
                "/api/community/ws/public", new Public(),
                "/api/community/ws", new Members(),
                "/api/live/stream", new Live());
    }

    /** Somebody finished a workout: the community hears of it, without a name. */
    public void workoutFinished() {
        var event = new LinkedHashMap<String, Object>();
        event.put("type", "workout.completed");
        event.put("message", "Someone finished a workout");
        Instant now = clock.instant();
        event.put("createdAt", now);
        bus.publish(json("activity", event));
        bus.publishLive(json(Map.of("id", Ids.next("live"), "type", "workout.completed", "timestamp", now)));
    }

    /** Whether {@code utf8} is a sign of life that wants an answer. */
    public static boolean isPing(byte[] utf8, ObjectMapper json) {
        if (Arrays.equals(utf8, PING) || Arrays.equals(utf8, HEARTBEAT)) {
            return true;
        }
        try {
            String type = json.readTree(utf8).path("type").asText();
            return type.equals("ping") || type.equals("heartbeat");
        } catch (java.io.IOException e) {
            return false; // not one of ours: ignored, as the product does
        }
    }

    /** The answer to a ping. */
    public static Frame pong() {
        return PONG;
    }

    private final class Public implements Protocol {
        @Override
        public Duration silenceMax() {
            return SILENCE_MAX;
        }

        @Override
        public void opened(Socket socket, String token) {
            socket.send(publicCounts().snapshot);
            hub.listen(Bus.COMMUNITY, socket);
        }

        @Override
        public void received(Socket socket, byte[] utf8) {
            if (isPing(utf8, json)) {
                socket.send(PONG);
            }
        }
    }

    private final class Members implements Protocol {
        @Override
        public Duration silenceMax() {
            return SILENCE_MAX;
        }

        @Override
        public void opened(Socket socket, String token) {
            Optional<String> user = tokens.viewer(token).userId();
            if (user.isEmpty()) {
                socket.close(1008, token.isEmpty() ? "missing token" : "invalid token");
                return;
            }
            socket.user(user.get());
            presence.seen(user.get(), "unknown");
            socket.send(membersCounts().snapshot);
            hub.listen(Bus.COMMUNITY, socket);
            hub.listen(MEMBERS, socket);
        }

        @Override
        public void received(Socket socket, byte[] utf8) {
            if (isPing(utf8, json)) {
                String user = socket.user();
                if (user != null) {
                    presence.seen(user, "unknown");
                }
                socket.send(PONG);
            }
        }
    }

    private final class Live implements Protocol {
        @Override
        public Duration silenceMax() {
            return SILENCE_MAX;
        }

        @Override
        public void opened(Socket socket, String token) {
            hub.listen(Bus.LIVE, socket);
        }

        @Override
        public void received(Socket socket, byte[] utf8) {
            // a ping is a sign of life, and gets no answer here
        }
    }

    private Told publicCounts() {
        Map<String, @Nullable Object> counts = community.publicStats();
        Told told = publicTold;
        if (!told.counts.equals(counts)) {
            told = new Told(counts, Frame.message(json("snapshot", community.snapshot())));
            publicTold = told;
        }
        return told;
    }

    private Told membersCounts() {
        Map<?, ?> here = (Map<?, ?>) presence.community();
        Told told = membersTold;
        if (!told.counts.equals(here)) {
            told = new Told(here, Frame.message(json("snapshot", membersData(here))));
            membersTold = told;
        }
        return told;
    }

    private static Map<String, @Nullable Object> membersData(Map<?, ?> here) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("activeNow", here.get("total"));
        data.put("byGeoBucket", here.get("byGeoBucket"));
        return data;
    }

    private void tellQuietly() {
        try {
            if (hub.hasListeners(Bus.COMMUNITY)) {
                Told before = publicTold;
                if (!publicCounts().equals(before)) {
                    hub.tell(Bus.COMMUNITY, Frame.replaceable(json("update", community.snapshot())));
                }
            }
            if (hub.hasListeners(MEMBERS)) {
                Told before = membersTold;
                Told now = membersCounts();
                if (!now.equals(before)) {
                    hub.tell(MEMBERS, Frame.replaceable(json("update", membersData(now.counts))));
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("the community is not told, the next time comes reason={}", e.getMessage());
        }
    }

    private String json(String type, Object data) {
        return json(Map.of("type", type, "data", data));
    }

    private String json(Map<String, Object> event) {
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is not JSON", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
