package me.musclemap.rum.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Connections that each send a beacon, wait for the answer and send the next, all on one thread. Until there are no more,
 * or the collector is gone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a connection that breaks tells its handler
public final class Senders implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** Where beacons come from, and where it is told what became of them. Called by one thread. */
    public interface Beacons {
        /** The number of the next one; -1 if there are no more. */
        long next();

        /** Its body. */
        byte[] body(long number);

        /** It was answered. */
        void answered(long number, int status);

        /** It was sent, and the connection broke before an answer. */
        void lost(long number);
    }

    /**
     * Sends until there are no more beacons or all connections are gone.
     *
     * @param atMost gives up after that
     * @return whether it came to an end within that time
     */
    public boolean run(URI url, int connections, Beacons beacons, long atMost, TimeUnit unit)
            throws InterruptedException {
        var ended = new CountDownLatch(connections);
        var address = new InetSocketAddress(url.getHost(), url.getPort());
        for (int i = 0; i < connections; i++) {
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(new HttpResponseDecoder(), new Sender(beacons, ended));
                        }
                    })
                    .connect(address)
                    .addListener(connected -> {
                        if (!connected.isSuccess()) {
                            ended.countDown();
                        }
                    });
        }
        return ended.await(atMost, unit);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }

    private static final class Sender extends ChannelInboundHandlerAdapter {
        private static final byte[] HEAD =
                ("POST /api/vitals HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (Linux;"
                                + " Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36\r\n"
                                + "Content-Type: text/plain;charset=UTF-8\r\nAccept: */*\r\nOrigin: https://musclemap.example\r\n"
                                + "Referer: https://musclemap.example/workouts\r\nContent-Length: ")
                        .getBytes(StandardCharsets.US_ASCII);

        private final Beacons beacons;
        private final CountDownLatch ended;
        private long number = -1;
        private int status;

        Sender(Beacons beacons, CountDownLatch ended) {
            this.beacons = beacons;
            this.ended = ended;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            send(context);
        }

        private void send(ChannelHandlerContext context) {
            number = beacons.next();
            if (number < 0) {
                context.close();
                return;
            }
            byte[] body = beacons.body(number);
            byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            ByteBuf request = Unpooled.wrappedBuffer(HEAD, length, body);
            context.writeAndFlush(request);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpResponse response) {
                status = response.status().code();
            }
            boolean isLast = message instanceof LastHttpContent;
            ReferenceCountUtil.release(message);
            if (isLast) {
                long answered = number;
                number = -1;
                beacons.answered(answered, status);
                send(context);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (number >= 0) {
                beacons.lost(number);
                number = -1;
            }
            ended.countDown();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
