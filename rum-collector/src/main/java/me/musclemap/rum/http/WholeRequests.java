package me.musclemap.rum.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import me.musclemap.rum.intake.Intake;
import org.jspecify.annotations.Nullable;

/**
 * Puts a request and its body together if the body came in one piece, as a beacon's does, which is
 * less work than to gather pieces. Everything else goes on as it is, to where pieces are gathered.
 */
final class WholeRequests extends ChannelInboundHandlerAdapter {
    private @Nullable HttpRequest head;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        HttpRequest held = head;
        if (held != null) {
            head = null;
            if (message instanceof LastHttpContent last && last.content().readableBytes() <= Intake.BODY_BYTES_MAX) {
                context.fireChannelRead(whole(held, last));
                return;
            }
            context.fireChannelRead(held);
        } else if (message instanceof HttpRequest request
                && !(message instanceof FullHttpRequest)
                && request.decoderResult().isSuccess()
                && HttpUtil.isContentLengthSet(request)
                && !HttpUtil.is100ContinueExpected(request)) {
            head = request;
            return;
        }
        context.fireChannelRead(message);
    }

    private static FullHttpRequest whole(HttpRequest head, LastHttpContent body) {
        var whole = new DefaultFullHttpRequest(
                head.protocolVersion(),
                head.method(),
                head.uri(),
                body.content(),
                head.headers(),
                EmptyHttpHeaders.INSTANCE);
        whole.setDecoderResult(body.decoderResult());
        return whole;
    }
}
