package me.musclemap.api.messages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.community.Presence;
import me.musclemap.api.community.Sockets;
import me.musclemap.api.realtime.Bus;
import me.musclemap.api.realtime.Protocol;
import me.musclemap.api.realtime.Socket;

/**
 * The WebSocket of messages: what is sent to a person reaches all his sockets, on whatever instance they are, and what he
 * says about a conversation (typing, read, delivered) reaches the others in it. Safe for use by many threads.
 */
public final class MessageSockets implements Protocol {
    /** The path that it is served at. */
    public static final String PATH = "/api/messaging/ws";

    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private final Messages messages;
    private final Presence presence;
    private final AccessTokens tokens;
    private final Bus bus;
    private final ObjectMapper json;

    /** Sockets for {@code messages}. */
    public MessageSockets(Messages messages, Presence presence, AccessTokens tokens, Bus bus, ObjectMapper json) {
        this.messages = messages;
        this.presence = presence;
        this.tokens = tokens;
        this.bus = bus;
        this.json = json;
    }

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
        presence.seen(user.get(), "unknown");
        bus.join(user.get(), socket);
    }

    @Override
    public void closed(Socket socket) {
        String user = socket.user();
        if (user != null) {
            bus.leave(user, socket);
        }
    }

    @Override
    public void received(Socket socket, byte[] utf8) {
        String user = socket.user();
        if (user == null) {
            return;
        }
        if (Sockets.isPing(utf8, json)) {
            presence.seen(user, "unknown");
            socket.send(Sockets.pong());
            return;
        }
        JsonNode said;
        try {
            said = json.readTree(utf8);
        } catch (IOException e) {
            return; // not one of ours: ignored, as the product does
        }
        String conversation = said.path("conversationId").asText("");
        if (conversation.isEmpty() || conversation.length() > 64) {
            return;
        }
        List<String> members = messages.members(conversation);
        if (!members.contains(user)) {
            return;
        }
        switch (said.path("type").asText()) {
            case "typing" -> messages.typing(user, conversation, true);
            case "read" -> messages.read(user, conversation);
            case "delivered" -> {
                // nothing is kept of it, the others are told
            }
            default -> {
                return;
            }
        }
        var data = new LinkedHashMap<String, Object>();
        data.put("conversationId", conversation);
        data.put("userId", user);
        if (said.path("messageId").isTextual()
                && said.path("messageId").textValue().length() <= 64) {
            data.put("messageId", said.path("messageId").textValue());
        }
        tellOthers(members, user, said.path("type").asText(), data);
    }

    /** A message was sent: everybody in its conversation hears of it, the sender's other sockets too. */
    public Object sent(Object message) {
        if (message instanceof Map<?, ?> fields && fields.get("conversationId") instanceof String conversation) {
            tellOthers(messages.members(conversation), "", "message", message);
        }
        return message;
    }

    private void tellOthers(List<String> members, String sender, String type, Object data) {
        String event;
        try {
            event = json.writeValueAsString(Map.of("type", type, "data", data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event is not JSON", e);
        }
        members.stream().filter(member -> !member.equals(sender)).forEach(member -> bus.tell(member, event));
    }
}
