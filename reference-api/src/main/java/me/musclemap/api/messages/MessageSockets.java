package me.musclemap.api.messages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
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
 * says about a conversation (typing, read, delivered) reaches the others in it. What he says of himself (presence) is what they see when
 * they ask. Safe for use by many threads.
 */
public final class MessageSockets implements Protocol {
    /** The path that it is served at. */
    public static final String PATH = "/api/messaging/ws";

    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);
    private static final int ID_LENGTH_MAX = 64;

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
            if (!socket.isAway()) {
                presence.seen(user, "unknown");
            }
            socket.send(Sockets.pong());
            return;
        }
        JsonNode said;
        try {
            said = json.readTree(utf8);
        } catch (IOException e) {
            return; // not one of ours: ignored, as the product does
        }
        switch (said.path("type").asText()) {
            case "typing" -> typing(user, said);
            case "read" -> read(user, id(said, "conversationId"));
            case "delivered" -> delivered(user, id(said, "messageId"));
            case "presence" -> status(socket, user, said.path("status").asText(""));
            default -> {
                // not one of ours
            }
        }
    }

    /** An id that a client sent; empty when it sent none, or what cannot be one. */
    private static String id(JsonNode said, String name) {
        String id = said.path(name).asText("");
        return id.length() <= ID_LENGTH_MAX && id.indexOf('\0') < 0 ? id : "";
    }

    private void typing(String user, JsonNode said) {
        String conversation = id(said, "conversationId");
        boolean typing = said.path("isTyping").asBoolean(true);
        List<String> members = membersWith(user, conversation);
        if (!members.isEmpty()) {
            messages.typing(user, conversation, typing);
            tellOthers(
                    members,
                    user,
                    "typing",
                    Map.of("conversationId", conversation, "userId", user, "isTyping", typing));
        }
    }

    private void read(String user, String conversation) {
        List<String> members = membersWith(user, conversation);
        if (!members.isEmpty()) {
            messages.read(user, conversation);
            tellOthers(members, user, "read", Map.of("conversationId", conversation, "userId", user));
        }
    }

    /** Nothing is kept of it, the others are told. */
    private void delivered(String user, String message) {
        String conversation = message.isEmpty() ? "" : messages.conversationOf(user, message);
        List<String> members = membersWith(user, conversation);
        if (!members.isEmpty()) {
            tellOthers(
                    members,
                    user,
                    "delivered",
                    Map.of("conversationId", conversation, "userId", user, "messageId", message));
        }
    }

    /** Who is in a conversation that {@code user} is in; nobody when he is not. */
    private List<String> membersWith(String user, String conversation) {
        List<String> members = conversation.isEmpty() ? List.of() : messages.members(conversation);
        return members.contains(user) ? members : List.of();
    }

    /** What a client says of its user; without a status he is online. A client that is away goes on pinging. */
    private void status(Socket socket, String user, String status) {
        switch (status) {
            case "", "online" -> presence.seen(user, "unknown");
            case "away" -> presence.away(user);
            case "offline" -> presence.left(user);
            default -> {
                return; // not one of ours
            }
        }
        socket.away(status.equals("away") || status.equals("offline"));
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
