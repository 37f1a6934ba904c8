package me.musclemap.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what breaks HTTP before it gets to a route, in the product's shape and without a word of ours about why. A body that
 * its sender did not finish is the sender's fault, and not the server's as Jetty has it.
 */
final class ProtocolErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = status(response.getStatus(), request.getAttribute(ERROR_EXCEPTION));
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        String code = status == 503 ? "SERVICE_UNAVAILABLE" : status == 500 ? "INTERNAL_ERROR" : "BAD_REQUEST";
        String body =
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"Not accepted\",\"statusCode\":" + status + "}}";
        response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
    }

    private static int status(int status, @org.jspecify.annotations.Nullable Object cause) {
        if (status != 500) {
            return status;
        }
        if (cause instanceof TimeoutException) {
            return 408;
        }
        return cause instanceof IOException || cause instanceof HttpException ? 400 : status;
    }
}
