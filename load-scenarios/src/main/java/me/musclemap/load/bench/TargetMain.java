package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A target that does nothing but answer, in a process of its own: counts requests, and stalls when it is told to. Reads
 * {@code {"count":true}} and {@code {"stall":millis}} as lines on stdin and ends when stdin does.
 */
public final class TargetMain {
    private static final int MOST_BODY_BYTES = 1 << 20;

    private TargetMain() {}

    /** @param args nothing, or a file with the size of each operation's answer */
    public static void main(String[] args) throws IOException {
        var answers = args.length == 0 ? Answers.SMALL : Answers.read(Path.of(args[0]));
        var handler = new TargetHandler(answers);
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MOST_BODY_BYTES))
                                .addLast(handler);
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
        var port = ((InetSocketAddress) channel.localAddress()).getPort();
        System.out.println(JsonNodeFactory.instance
                .objectNode()
                .put("ready", true)
                .put("url", "http://127.0.0.1:" + port)
                .put("pid", ProcessHandle.current().pid()));
        listen(handler);
        Runtime.getRuntime().halt(0);
    }

    private static void listen(TargetHandler handler) throws IOException {
        var json = new ObjectMapper();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var order = json.readTree(line);
                if (order.has("stall")) {
                    handler.stall(order.path("stall").asLong());
                }
                System.out.println(JsonNodeFactory.instance.objectNode().put("count", handler.requests()));
            }
        }
    }
}
