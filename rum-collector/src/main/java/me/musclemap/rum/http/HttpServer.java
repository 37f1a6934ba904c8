package me.musclemap.rum.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import me.musclemap.rum.intake.Intake;
import me.musclemap.telemetry.meters.Meters;

/**
 * The collector's HTTP server, on the loopback: beacons on one thread that never waits, answers on a few that may.
 * Connections, bodies and the time that a request may take to arrive are bounded. Safe for use by many threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that breaks is closed by its handler
public final class HttpServer implements AutoCloseable {
    static final int CONNECTIONS_MAX = 8192;
    private static final int LISTENERS_MAX = 64;
    private static final long LINGER_SECONDS = 2;
    private static final int ANSWERS_WAITING_MAX = 64;
    private static final long SILENT_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final ServerConfig config;
    private final Intake intake;
    private final RouteTimers timers;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup listeners = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ExecutorService answers = new ThreadPoolExecutor(
            2, 2, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(ANSWERS_WAITING_MAX), HttpServer::thread);
    private final Channel channel;

    private HttpServer(ServerConfig config, Intake intake, Meters meters) throws IOException {
        this.config = config;
        this.intake = intake;
        timers = new RouteTimers(meters);
        try {
            channel = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, 1024)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new Connections())
                    .bind(loopback(config.port()))
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException e) {
            stopThreads();
            throw new IOException("port " + config.port() + " is taken: choose another, or 0 for any free one", e);
        } catch (Exception e) { // Netty throws what bind threw, undeclared
            stopThreads();
            throw new IOException("port " + config.port() + " is taken: choose another, or 0 for any free one", e);
        }
        intake.acknowledgeOn(loop);
        loop.scheduleWithFixedDelay(this::sweep, 5, 5, TimeUnit.SECONDS);
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the port is taken
     */
    public static HttpServer start(ServerConfig config, Intake intake, Meters meters) throws IOException {
        return new HttpServer(config, intake, meters);
    }

    /** 127.0.0.1, also where the loopback is [::1] first. */
    private static InetSocketAddress loopback(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private static Thread thread(Runnable task) {
        var thread = new Thread(task, "answers");
        thread.setDaemon(true);
        return thread;
    }

    /** Connections that have said nothing for long, or take too long to say it. */
    private void sweep() {
        long now = System.nanoTime();
        for (Channel connection : connections) {
            Exchange exchange = connection.pipeline().get(Exchange.class);
            if (exchange != null && exchange.isSilentSince(now - SILENT_NANOS_MAX)) {
                connection.close();
            }
        }
    }

    ServerConfig config() {
        return config;
    }

    Intake intake() {
        return intake;
    }

    RouteTimers timers() {
        return timers;
    }

    ExecutorService answers() {
        return answers;
    }

    /** Adds a connection that is told what happens; false if there are too many. */
    boolean listen(Channel listener) {
        return listeners.size() < LISTENERS_MAX && listeners.add(listener);
    }

    /** How many connections are told what happens. */
    public int listenerCount() {
        return listeners.size();
    }

    /** Sends an event to all that listen. Who does not read is let go. */
    public void send(String json) {
        byte[] event = ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        for (Channel listener : listeners) {
            if (listener.isWritable()) {
                listener.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)));
            } else {
                listener.close();
            }
        }
    }

    /** Where it listens. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private void stopThreads() {
        answers.shutdownNow();
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Takes no more; what is being answered is answered. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        listeners.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        answers.shutdown();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (isBusy() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        stopThreads();
    }

    private boolean isBusy() {
        for (Channel connection : connections) {
            Exchange exchange = connection.pipeline().get(Exchange.class);
            if (exchange != null && exchange.isBusy()) {
                return true;
            }
        }
        return false;
    }

    private final class Connections extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel connection) {
            if (connections.size() >= CONNECTIONS_MAX) {
                connection.close();
                return;
            }
            connections.add(connection);
            // Decoder and encoder apart, since a codec of both wants to see every answer, and most go past the encoder.
            connection
                    .pipeline()
                    .addLast(
                            new HttpRequestDecoder(),
                            new HttpResponseEncoder(),
                            new WholeRequests(),
                            new Bodies(),
                            new Exchange(HttpServer.this));
        }
    }

    /** Whole bodies; one that is too long is counted, answered, and thrown away as it comes. */
    private final class Bodies extends HttpObjectAggregator {
        Bodies() {
            super(Intake.BODY_BYTES_MAX, true);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) throws Exception {
            if (oversized instanceof HttpRequest request
                    && !(oversized instanceof FullHttpRequest)
                    && Exchange.isBeacon(request)) {
                timers.record("POST", Exchange.BEACONS, intake.tooLarge().status(), System.nanoTime());
            }
            if (oversized instanceof FullHttpRequest || HttpUtil.is100ContinueExpected(oversized)) {
                super.handleOversizedMessage(context, oversized);
                return;
            }
            // Whoever is still sending would see a broken pipe and not the answer, if we closed at once.
            var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, 0)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(answer);
            context.executor().schedule(() -> context.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        }
    }
}
