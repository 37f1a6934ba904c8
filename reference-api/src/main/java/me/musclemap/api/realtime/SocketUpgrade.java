package me.musclemap.api.realtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests for a WebSocket into sockets, before anything else sees them; every other request passes through.
 *
 * <p>Source: RFC 6455, section 4.2; RFC 7692, section 7.1.
 */
public final class SocketUpgrade extends Handler.Wrapper {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String DEFLATE = "permessage-deflate";

    private final Map<String, Protocol> protocols;
    private final Hub hub;
    private final Predicate<String> originAllowed;
    private final boolean compression;

    /**
     * Sockets for the paths of {@code protocols}.
     *
     * @param originAllowed whether a browser's page of this origin may open a socket; who sends no origin is no browser
     * @param compression whether messages are compressed for clients that ask for it
     */
    public SocketUpgrade(
            Map<String, Protocol> protocols, Hub hub, Predicate<String> originAllowed, boolean compression) {
        this.protocols = Map.copyOf(protocols);
        this.hub = hub;
        this.originAllowed = originAllowed;
        this.compression = compression;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Protocol protocol = protocols.get(Request.getPathInContext(request));
        if (protocol == null) {
            return super.handle(request, response, callback);
        }
        HttpFields headers = request.getHeaders();
        String key = headers.get("Sec-WebSocket-Key");
        String origin = headers.get(HttpHeader.ORIGIN);
        if (!"GET".equals(request.getMethod()) || !headers.contains(HttpHeader.UPGRADE, "websocket") || key == null) {
            refuse(request, response, callback, 426, new HttpField("Upgrade", "websocket"));
        } else if (!"13".equals(headers.get("Sec-WebSocket-Version"))) {
            refuse(request, response, callback, 426, new HttpField("Sec-WebSocket-Version", "13"));
        } else if (origin != null && !originAllowed.test(origin)) {
            refuse(request, response, callback, 403, null);
        } else if (!hub.hasRoom()) {
            refuse(request, response, callback, 503, new HttpField("Retry-After", "5"));
        } else {
            upgrade(request, response, callback, protocol, key);
        }
        return true;
    }

    private static void refuse(
            Request request, Response response, Callback callback, int status, @Nullable HttpField field) {
        if (field != null) {
            response.getHeaders().put(field);
        }
        Response.writeError(request, response, callback, status);
    }

    private void upgrade(Request request, Response response, Callback callback, Protocol protocol, String key) {
        boolean deflate = compression && takesDeflate(request.getHeaders());
        Connector connector = request.getConnectionMetaData().getConnector();
        var socket = new Socket(
                request.getConnectionMetaData().getConnection().getEndPoint(),
                connector.getExecutor(),
                connector.getByteBufferPool(),
                hub,
                protocol,
                token(request),
                deflate);
        HttpFields.Mutable headers = response.getHeaders();
        response.setStatus(101);
        headers.put(HttpHeader.UPGRADE, "websocket");
        headers.put(HttpHeader.CONNECTION, "Upgrade");
        headers.put("Sec-WebSocket-Accept", accept(key));
        if (deflate) {
            headers.put(
                    "Sec-WebSocket-Extensions", DEFLATE + "; server_no_context_takeover; client_no_context_takeover");
        }
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, socket);
        callback.succeeded();
    }

    private static String token(Request request) {
        Fields query = Request.extractQueryParameters(request);
        String token = query.getValue("token");
        return token == null ? "" : token;
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** We cannot choose our window, so an offer that bounds it is not taken. */
    private static boolean takesDeflate(HttpFields headers) {
        for (String offers : headers.getValuesList("Sec-WebSocket-Extensions")) {
            for (String offer : offers.split(",", -1)) {
                String plain = offer.strip().toLowerCase(Locale.ROOT);
                if (plain.startsWith(DEFLATE) && !plain.contains("server_max_window_bits")) {
                    return true;
                }
            }
        }
        return false;
    }
}
