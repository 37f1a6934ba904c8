package me.musclemap.rum.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import me.musclemap.rum.intake.AddressLimits;
import me.musclemap.rum.intake.Answer;
import me.musclemap.rum.intake.Caller;
import me.musclemap.rum.sketch.CellKey;
import me.musclemap.rum.store.Database;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: requests are answered one after the other, in their order. Runs on the connection's thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that breaks is closed by its handler
final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
    static final String BEACONS = "/api/vitals";
    private static final String LIVE = "/v1/live";

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int WAITING_MAX = 16;
    private static final int ORIGIN_LENGTH_MAX = 300;
    private static final byte[] NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final AsciiString GPC = AsciiString.cached("sec-gpc");
    private static final AsciiString DNT = AsciiString.cached("dnt");

    private final HttpServer server;
    private final ArrayDeque<FullHttpRequest> waiting = new ArrayDeque<>();
    private volatile boolean busy;
    private volatile boolean listening;
    /** What a beacon is answered with if all is well; a connection mostly serves one origin. */
    private String lastOrigin = "";

    private byte[] lastNoContent = NO_CONTENT;
    private volatile long sinceNanos = System.nanoTime();

    Exchange(HttpServer server) {
        this.server = server;
    }

    static boolean isBeacon(HttpRequest request) {
        return request.method().equals(HttpMethod.POST) && path(request.uri()).equals(BEACONS);
    }

    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    boolean isBusy() {
        return busy;
    }

    boolean isSilentSince(long nanos) {
        return !busy && !listening && sinceNanos - nanos < 0;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (!busy) {
            begin(context, request);
            return;
        }
        if (waiting.size() >= WAITING_MAX) {
            context.close();
            return;
        }
        waiting.add(request.retain());
        context.channel().config().setAutoRead(false);
    }

    private void begin(ChannelHandlerContext context, FullHttpRequest request) {
        busy = true;
        long start = System.nanoTime();
        if (request.decoderResult().isFailure()) {
            end(context, request, start, RouteTimers.UNMATCHED, empty(HttpResponseStatus.BAD_REQUEST), true);
            return;
        }
        String path = path(request.uri());
        if (path.equals(BEACONS)) {
            beacon(context, request, start);
        } else if (path.equals(LIVE) && request.method().equals(HttpMethod.GET)) {
            listen(context, request, start);
        } else {
            page(context, request, start, path);
        }
    }

    private void beacon(ChannelHandlerContext context, FullHttpRequest request, long start) {
        if (request.method().equals(HttpMethod.OPTIONS)) {
            FullHttpResponse response = allow(request, empty(HttpResponseStatus.NO_CONTENT));
            response.headers()
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS")
                    .set(
                            HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                            "content-type, content-encoding, traceparent, tracestate")
                    .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "7200");
            end(context, request, start, BEACONS, response, false);
            return;
        }
        if (!request.method().equals(HttpMethod.POST)) {
            FullHttpResponse response = empty(HttpResponseStatus.METHOD_NOT_ALLOWED);
            response.headers().set(HttpHeaderNames.ALLOW, "POST, OPTIONS");
            end(context, request, start, BEACONS, response, false);
            return;
        }
        AddressLimits limits = server.config().limits().orElse(null);
        String address = address(context, request);
        if (limits != null && !address.isEmpty() && !limits.allows(address, start)) {
            answer(context, request, start, server.intake().tooMany());
            return;
        }
        byte[] body = ByteBufUtil.getBytes(request.content());
        CompletableFuture<Answer> future = server.intake().take(body, caller(request));
        if (future.isDone()) {
            answer(context, request, start, future.join());
            return;
        }
        request.retain();
        future.thenAccept(answer -> {
            if (context.executor().inEventLoop()) {
                answerLate(context, request, start, answer);
            } else {
                context.executor().execute(() -> answerLate(context, request, start, answer));
            }
        });
    }

    private void answerLate(ChannelHandlerContext context, FullHttpRequest request, long start, Answer answer) {
        answer(context, request, start, answer);
        request.release();
    }

    /** The sender's address as the first proxy that we trust saw it; empty for our own machine, which is not limited. */
    private String address(ChannelHandlerContext context, FullHttpRequest request) {
        ServerConfig config = server.config();
        boolean isTold = config.trustedProxies() > 0
                && !config.addressHeader().isEmpty()
                && request.headers().contains(config.addressHeader());
        if (isTold) {
            // A proxy may add a line of its own to those that the sender wrote.
            String told = String.join(",", request.headers().getAll(config.addressHeader()));
            return Addresses.fromRight(told, config.trustedProxies());
        }
        return context.channel().remoteAddress() instanceof InetSocketAddress from
                        && !from.getAddress().isLoopbackAddress()
                ? from.getAddress().getHostAddress()
                : "";
    }

    private Caller caller(FullHttpRequest request) {
        var headers = request.headers();
        return new Caller(
                text(headers.get(HttpHeaderNames.USER_AGENT)),
                text(headers.get(HttpHeaderNames.REFERER)),
                country(request),
                "1".equals(headers.get(GPC)) || "1".equals(headers.get(DNT)));
    }

    private String country(FullHttpRequest request) {
        String header = server.config().countryHeader();
        String told = header.isEmpty() ? null : request.headers().get(header);
        return told != null && isCountry(told) ? told : CellKey.NO_COUNTRY;
    }

    private static boolean isCountry(String told) {
        return told.length() == 2
                && isLetter(told.charAt(0))
                && (isLetter(told.charAt(1)) || (told.charAt(1) >= '0' && told.charAt(1) <= '9'));
    }

    private static boolean isLetter(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static String text(@Nullable String header) {
        return header == null ? "" : header;
    }

    private void answer(ChannelHandlerContext context, FullHttpRequest request, long start, Answer answer) {
        if (answer.status() == 204
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && HttpUtil.isKeepAlive(request)) {
            noContent(context, request, start);
            return;
        }
        FullHttpResponse response = answer.problem().isEmpty()
                ? empty(HttpResponseStatus.valueOf(answer.status()))
                : full(Reply.json(
                        answer.status(), JsonNodeFactory.instance.objectNode().put("error", answer.problem())));
        if (answer.status() == 503 || answer.status() == 429) {
            response.headers().set(HttpHeaderNames.RETRY_AFTER, "30");
        }
        end(context, request, start, BEACONS, allow(request, response), false);
    }

    /** Past the encoder: these are the same bytes again and again. */
    private void noContent(ChannelHandlerContext context, FullHttpRequest request, long start) {
        String origin = origin(request);
        if (!origin.equals(lastOrigin)) {
            lastOrigin = origin;
            lastNoContent = noContent(origin);
        }
        server.timers().record("POST", BEACONS, 204, start);
        ByteBuf bytes = context.alloc().ioBuffer(lastNoContent.length).writeBytes(lastNoContent);
        context.pipeline().firstContext().writeAndFlush(bytes);
        ended(context);
    }

    private static byte[] noContent(String origin) {
        String headers = origin.isEmpty()
                ? ""
                : HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN + ": " + origin + "\r\n"
                        + HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS + ": true\r\n"
                        + HttpHeaderNames.VARY + ": " + HttpHeaderNames.ORIGIN + "\r\n";
        return ("HTTP/1.1 204 No Content\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Where the page is from; empty if the request does not tell, or tells what no browser would. */
    private static String origin(FullHttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        return origin != null && isVisible(origin) ? origin : "";
    }

    private static boolean isVisible(String text) {
        if (text.length() > ORIGIN_LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** A page of another origin may post: the answer holds nothing, so it tells nothing. */
    private static FullHttpResponse allow(FullHttpRequest request, FullHttpResponse response) {
        String origin = origin(request);
        if (!origin.isEmpty()) {
            response.headers()
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    // sendBeacon sends cookies along; the browser then wants this, although none is looked at.
                    .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                    .set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        }
        return response;
    }

    private void listen(ChannelHandlerContext context, FullHttpRequest request, long start) {
        if (!server.listen(context.channel())) {
            end(context, request, start, LIVE, empty(HttpResponseStatus.SERVICE_UNAVAILABLE), false);
            return;
        }
        listening = true;
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        HttpUtil.setTransferEncodingChunked(response, true);
        context.writeAndFlush(response);
        server.timers().record("GET", LIVE, 200, start);
        busy = false;
    }

    private void page(ChannelHandlerContext context, FullHttpRequest request, long start, String path) {
        String route = route(path);
        Pages pages = server.config().pages().get(route);
        if (pages == null) {
            end(context, request, start, RouteTimers.UNMATCHED, empty(HttpResponseStatus.NOT_FOUND), false);
            return;
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            end(context, request, start, route, empty(HttpResponseStatus.METHOD_NOT_ALLOWED), false);
            return;
        }
        Query query = query(request, path);
        request.retain();
        try {
            server.answers().execute(() -> {
                Reply reply = reply(pages, query);
                context.executor().execute(() -> {
                    end(context, request, start, route, full(reply), false);
                    request.release();
                });
            });
        } catch (RejectedExecutionException e) {
            request.release();
            end(context, request, start, route, empty(HttpResponseStatus.SERVICE_UNAVAILABLE), false);
        }
    }

    private String route(String path) {
        if (server.config().pages().containsKey(path)) {
            return path;
        }
        int slash = path.indexOf('/', 1);
        return slash < 0 ? path : path.substring(0, slash) + "/*";
    }

    private static Query query(FullHttpRequest request, String path) {
        Map<String, String> parameters = new HashMap<>();
        try {
            new QueryStringDecoder(request.uri())
                    .parameters()
                    .forEach((name, values) -> parameters.put(name, String.join(",", values)));
        } catch (IllegalArgumentException e) {
            parameters.put("%", "");
        }
        return new Query(
                path,
                parameters,
                text(request.headers().get(HttpHeaderNames.ACCEPT)),
                text(request.headers().get(HttpHeaderNames.ACCEPT_ENCODING)).contains("gzip"));
    }

    private static Reply reply(Pages pages, Query query) {
        try {
            return pages.answer(query);
        } catch (IllegalArgumentException e) {
            return problem(400, e);
        } catch (Database.UnavailableException e) {
            return problem(503, e);
        } catch (RuntimeException e) {
            LOG.error("a query failed", e);
            return problem(500, new IllegalStateException("the collector failed: see its log"));
        }
    }

    private static Reply problem(int status, RuntimeException problem) {
        return Reply.json(status, JsonNodeFactory.instance.objectNode().put("error", problem.getMessage()));
    }

    private static FullHttpResponse full(Reply reply) {
        ByteBuf body = Unpooled.wrappedBuffer(reply.body());
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        reply.headers().forEach((name, value) -> response.headers().set(name, value));
        return response;
    }

    private static FullHttpResponse empty(HttpResponseStatus status) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        if (status.code() != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        return response;
    }

    private void end(
            ChannelHandlerContext context,
            FullHttpRequest request,
            long start,
            String route,
            FullHttpResponse response,
            boolean isLast) {
        boolean keeps = !isLast && HttpUtil.isKeepAlive(request);
        if (!keeps) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.content().clear();
        }
        server.timers()
                .record(method(request.method()), route, response.status().code(), start);
        var written = context.writeAndFlush(response);
        if (!keeps) {
            busy = false;
            sinceNanos = System.nanoTime();
            written.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ended(context);
    }

    /** On to the next, if the connection goes on. */
    private void ended(ChannelHandlerContext context) {
        busy = false;
        sinceNanos = System.nanoTime();
        FullHttpRequest next = waiting.poll();
        if (next != null) {
            begin(context, next);
            next.release();
        } else if (!context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(true);
        }
    }

    private static String method(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH" -> method.name();
            default -> "_OTHER";
        };
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting.forEach(FullHttpRequest::release);
        waiting.clear();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a connection broke", cause);
        context.close();
    }
}
