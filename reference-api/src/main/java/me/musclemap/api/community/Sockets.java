package me.musclemap.api.community;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.config.RoutesConfig;
import io.javalin.websocket.WsCloseStatus;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.telemetry.business.BusinessTelemetry;
import org.eclipse.jetty.websocket.api.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The community's WebSockets: a snapshot on opening, then an answer to each ping. */
public final class Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(90);
    private static final int MESSAGE_BYTES_MAX = 64 * 1024;
    private static final String USER = "user";
    private static final String PONG = "{\"type\":\"pong\"}";

    private final Community community;
    private final Presence presence;
    private final AccessTokens tokens;
    private final BusinessTelemetry telemetry;
    private final ObjectMapper json;

    /** Sockets that tell of {@code community} and feed {@code presence}. */
    public Sockets(
            Community community,
            Presence presence,
            AccessTokens tokens,
            BusinessTelemetry telemetry,
            ObjectMapper json) {
        this.community = community;
        this.presence = presence;
        this.tokens = tokens;
        this.telemetry = telemetry;
        this.json = json;
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.ws("/api/community/ws/public", socket -> {
            common(socket);
            socket.onConnect(context -> {
                opened(context);
                tell(context, community.snapshot());
            });
        });
        routes.ws("/api/community/ws", socket -> {
            common(socket);
            socket.onConnect(context -> {
                opened(context);
                Optional<String> user =
                        tokens.viewer(context.queryParam("token")).userId();
                if (user.isEmpty()) {
                    String why = context.queryParam("token") == null ? "missing token" : "invalid token";
                    context.closeSession(WsCloseStatus.POLICY_VIOLATION, why);
                    return;
                }
                context.attribute(USER, user.get());
                presence.seen(user.get(), "unknown");
                Map<?, ?> here = (Map<?, ?>) presence.community();
                tell(context, Map.of("activeNow", here.get("total"), "byGeoBucket", here.get("byGeoBucket")));
            });
        });
    }

    private void common(WsConfig socket) {
        socket.onMessage(context -> {
            telemetry.messageReceived();
            if (isPing(context.message())) {
                String user = context.attribute(USER);
                if (user != null) {
                    presence.seen(user, "unknown");
                }
                send(context, PONG);
            }
        });
        socket.onClose(context -> telemetry.socketClosed());
        socket.onError(context -> LOG.debug("a socket failed", context.error()));
    }

    private boolean isPing(String message) {
        try {
            String type = json.readTree(message).path("type").asText();
            return type.equals("ping") || type.equals("heartbeat");
        } catch (JsonProcessingException e) {
            return false; // not one of ours: ignored, as the product does
        }
    }

    private void opened(WsContext context) {
        telemetry.socketOpened();
        context.session.setIdleTimeout(SILENCE_MAX);
        context.session.setMaxTextMessageSize(MESSAGE_BYTES_MAX);
        context.session.setMaxBinaryMessageSize(MESSAGE_BYTES_MAX);
    }

    private void tell(WsContext context, Map<String, @Nullable Object> data) {
        try {
            send(context, json.writeValueAsString(Map.of("type", "snapshot", "data", data)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a snapshot is not JSON", e);
        }
    }

    private void send(WsContext context, String text) {
        telemetry.messageSent();
        context.session.sendText(text, Callback.NOOP);
    }
}
