package me.musclemap.load.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Answers at once, or, while it stalls, when the stall is over. Requests belong to one event loop; orders come from another thread. */
@Sharable
final class TargetHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Answers answers;
    private final AtomicLong requests = new AtomicLong();
    private volatile long silentUntilNanos = System.nanoTime();

    TargetHandler(Answers answers) {
        this.answers = answers;
    }

    long requests() {
        return requests.get();
    }

    /** Answers nothing for a while, then all at once. */
    void stall(long millis) {
        silentUntilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        requests.lazySet(requests.get() + 1);
        var response = response(request);
        long wait = silentUntilNanos - System.nanoTime();
        if (wait > 0) {
            context.executor().schedule(() -> context.writeAndFlush(response), wait, TimeUnit.NANOSECONDS);
        } else {
            context.writeAndFlush(response);
        }
    }

    private DefaultFullHttpResponse response(FullHttpRequest request) {
        var answer = answers.to(request);
        var zipped = answer.zipped() != null && request.headers().contains(HttpHeaderNames.ACCEPT_ENCODING);
        var bytes = zipped && answer.zipped() != null ? answer.zipped() : answer.plain();
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(bytes));
        var headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        if (zipped) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        if (answer.keepsToken()) {
            headers.set(HttpHeaderNames.SET_COOKIE, "refresh=bench; HttpOnly");
        }
        HttpUtil.setKeepAlive(response, HttpUtil.isKeepAlive(request));
        return response;
    }

    /** A client that goes away is nothing to report. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
