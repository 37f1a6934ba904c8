package me.musclemap.load.drive;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A fast target that answers as the API would, in shape only, and can be told to fail or to stall. For tests. */
final class FakeTarget implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("\"operationName\":\"([A-Za-z]+)\"");

    /** What a request looked like. */
    record Seen(
            String method,
            String path,
            String operation,
            String address,
            String agent,
            String token,
            String trace,
            String body) {}

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;
    private final boolean remember;
    final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    final Queue<String> socketAddresses = new ConcurrentLinkedQueue<>();
    final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    final Map<String, String> answers = new ConcurrentHashMap<>();
    final AtomicLong requests = new AtomicLong();
    final AtomicLong sockets = new AtomicLong();
    final AtomicLong pings = new AtomicLong();
    volatile long silentUntilNanos;

    FakeTarget(int port, boolean remember) {
        this.remember = remember;
        channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(io.netty.channel.ChannelOption.SO_BACKLOG, 4096)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(1 << 20))
                                .addLast(new Requests())
                                .addLast(new WebSocketServerProtocolHandler("/api/community/ws/public"))
                                .addLast(new Frames())
                                .addLast(new Quiet());
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", port))
                .syncUninterruptibly()
                .channel();
    }

    String url() {
        return "http://127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Answers nothing for a while, then all at once. */
    void stall(long millis) {
        silentUntilNanos = System.nanoTime() + millis * 1_000_000;
    }

    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (request.headers().contains(HttpHeaderNames.UPGRADE)) {
                sockets.incrementAndGet();
                socketAddresses.add(request.headers().get("X-Forwarded-For", ""));
                context.fireChannelRead(request.retain());
                return;
            }
            requests.incrementAndGet();
            var body = request.content().toString(StandardCharsets.UTF_8);
            var found = NAME.matcher(body);
            var path = request.uri();
            var operation = found.find() ? found.group(1) : path.replaceAll("\\?.*", "");
            if (remember) {
                var headers = request.headers();
                seen.add(new Seen(
                        request.method().name(),
                        path,
                        operation,
                        headers.get("X-Forwarded-For", ""),
                        headers.get(HttpHeaderNames.USER_AGENT, ""),
                        headers.get(HttpHeaderNames.AUTHORIZATION, ""),
                        headers.get("traceparent", ""),
                        body));
            }
            var answer = answer(operation);
            var wait = silentUntilNanos - System.nanoTime();
            if (wait > 0) {
                context.executor().schedule(() -> context.writeAndFlush(answer), wait, TimeUnit.NANOSECONDS);
            } else {
                context.writeAndFlush(answer);
            }
        }

        private DefaultFullHttpResponse answer(String operation) {
            var status = HttpResponseStatus.valueOf(statuses.getOrDefault(operation, 200));
            var text = answers.getOrDefault(operation, usual(operation));
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
            if (operation.equals("Login") || operation.equals("/api/auth/refresh")) {
                response.headers().set(HttpHeaderNames.SET_COOKIE, "refresh=abc; HttpOnly");
            }
            return response;
        }

        private static String usual(String operation) {
            switch (operation) {
                case "Login":
                case "Register":
                    return "{\"data\":{\"login\":{\"token\":\"given\",\"user\":{\"id\":\"u\"}}}}";
                case "/api/auth/refresh":
                    return "{\"token\":\"renewed\"}";
                case "StartWorkoutSession":
                    return "{\"data\":{\"startWorkoutSession\":{\"session\":{\"id\":\"ws_1\",\"userId\":\"u\"}}}}";
                default:
                    return "{\"data\":{\"errors\":[],\"text\":\"\\\"errors\\\":\"}}";
            }
        }
    }

    /** A client that goes away is nothing to report. */
    private static final class Quiet extends io.netty.channel.ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private final class Frames extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                context.writeAndFlush(new TextWebSocketFrame("{\"type\":\"snapshot\",\"data\":{}}"));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            pings.incrementAndGet();
            context.writeAndFlush(new TextWebSocketFrame("{\"type\":\"pong\"}"));
        }
    }

    /** Serves until stdin ends, for measurements by hand: prints its address. */
    public static void main(String[] args) throws java.io.IOException {
        try (var target = new FakeTarget(0, false)) {
            System.out.println(target.url());
            while (System.in.read() >= 0) {
                // until the other end closes
            }
        }
    }
}
