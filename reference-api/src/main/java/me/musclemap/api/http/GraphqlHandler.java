package me.musclemap.api.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import me.musclemap.api.accounts.RefreshTokens;
import me.musclemap.api.cache.RedisRound;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.graphql.GraphqlEndpoint;
import me.musclemap.api.limits.Caller;
import me.musclemap.api.limits.InFlight;
import me.musclemap.api.limits.RateLimits;
import me.musclemap.telemetry.http.HttpExchange;
import me.musclemap.telemetry.http.HttpTelemetry;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * POST /api/graphql, which is nearly all of the traffic, answered below the servlets: their request, response and routing
 * would cost about as much as a small answer. Every other request passes through. Safe for use by many threads.
 */
final class GraphqlHandler extends Handler.Wrapper {
    static final String PATH = "/api/graphql";

    private static final Logger LOG = LoggerFactory.getLogger(GraphqlHandler.class);
    private static final int BODY_BYTES_MAX = 10 * 1024 * 1024;
    private static final int COUNTED_FIRST_BYTES = 64 * 1024;

    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    private static final HttpField GZIP = new PreEncodedHttpField(HttpHeader.CONTENT_ENCODING, "gzip");
    private static final HttpField VARY_ENCODING = new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding");
    private static final HttpField COST_MAX =
            new PreEncodedHttpField("x-query-complexity-max", GraphqlEndpoint.COST_MAX_TEXT);

    private final GraphqlEndpoint graphql;
    private final Callers callers;
    private final Protection protection;
    private final InFlight inFlight;
    private final HttpTelemetry telemetry;
    private final Optional<HttpField> costProfile;

    /** @param costProfile the label of what operations are made to cost, when they are */
    GraphqlHandler(
            GraphqlEndpoint graphql,
            Callers callers,
            Protection protection,
            InFlight inFlight,
            HttpTelemetry telemetry,
            Optional<String> costProfile) {
        this.graphql = graphql;
        this.callers = callers;
        this.protection = protection;
        this.inFlight = inFlight;
        this.telemetry = telemetry;
        this.costProfile = costProfile.map(label -> new PreEncodedHttpField("X-Cost-Profile", label));
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!"POST".equals(request.getMethod()) || !isOurs(Request.getPathInContext(request))) {
            return super.handle(request, response, callback);
        }
        HttpFields asked = request.getHeaders();
        HttpFields.Mutable headers = response.getHeaders();
        HttpExchange exchange = telemetry.start("POST", asked::get);
        headers.put("x-trace-id", exchange.traceId());
        headers.put("Server-Timing", Origins.serverTiming(exchange.traceparent()));
        protection.tell(asked.get(HttpHeader.ORIGIN), isSecure(request), headers::put, headers::add);
        costProfile.ifPresent(headers::put);
        headers.put(JSON);
        Throwable failure = null;
        byte[] body;
        try {
            inFlight.enter();
            try {
                body = answer(request, response);
            } finally {
                inFlight.leave();
            }
        } catch (ApiError error) {
            Errors.retryAfter(error).ifPresent(seconds -> headers.put(HttpHeader.RETRY_AFTER, seconds));
            body = refused(response, error.code().status(), Errors.code(error), String.valueOf(error.getMessage()));
        } catch (HttpException.RuntimeException refusal) {
            body = refused(response, refusal.getCode(), "BAD_REQUEST", "Not accepted");
        } catch (IOException e) {
            body = refused(response, 400, "BAD_REQUEST", "The body did not arrive");
        } catch (RuntimeException e) {
            failure = e;
            LOG.error("request failed route={}", PATH, e);
            body = refused(response, 500, "INTERNAL_ERROR", "Internal server error");
        }
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        exchange.stop(PATH, response.getStatus(), failure);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static boolean isOurs(String path) {
        return path.equals(PATH) || path.equals(PATH + "/");
    }

    private static boolean isSecure(Request request) {
        return request.isSecure() || "https".equals(request.getHeaders().get(HttpHeader.X_FORWARDED_PROTO));
    }

    private static byte[] refused(Response response, int status, String code, String message) {
        response.setStatus(status);
        return Errors.body(status, code, message);
    }

    private byte[] answer(Request request, Response response) throws IOException {
        HttpFields asked = request.getHeaders();
        Caller caller = callers.of(
                asked.get(HttpHeader.AUTHORIZATION),
                Request.getRemoteAddr(request),
                asked.get(HttpHeader.X_FORWARDED_FOR));
        // A long body is read and parsed only for who may ask at all; a short one costs less than counting twice.
        int counted = request.getLength() > COUNTED_FIRST_BYTES ? 1 : 0;
        if (counted > 0) {
            admit(response, caller, counted, 0, callers.round());
        }
        GraphqlEndpoint.Answer answer = graphql.answer(
                body(request),
                caller,
                (operations, mutations, round) -> admit(response, caller, operations - counted, mutations, round));
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        answer.refreshToken().ifPresent(token -> Response.addCookie(response, refreshCookie(token, isSecure(request))));
        if (answer.retryAfterSeconds() > 0) {
            headers.put(HttpHeader.RETRY_AFTER, answer.retryAfterSeconds());
        }
        if (answer.cost() > 0) {
            headers.put("x-query-complexity", Long.toString(answer.cost()));
            headers.put(COST_MAX);
        }
        if (answer.body().isWorthCompressing()) {
            headers.add(VARY_ENCODING);
            if (Sending.takesGzip(asked.get(HttpHeader.ACCEPT_ENCODING))) {
                headers.put(GZIP);
                return answer.body().gzip();
            }
        }
        return answer.body().bytes();
    }

    private void admit(Response response, Caller caller, int requests, int mutations, RedisRound round) {
        RateLimits.Standing standing = callers.admit(caller, requests, mutations, round);
        if (standing.isLimited()) {
            HttpFields.Mutable headers = response.getHeaders();
            headers.put("x-ratelimit-limit", Long.toString(standing.limit()));
            headers.put("x-ratelimit-remaining", Long.toString(standing.remaining()));
            headers.put("x-ratelimit-reset", Long.toString(standing.resetSeconds()));
        }
        if (!standing.allowed()) {
            throw ApiError.tooMany(standing.resetSeconds());
        }
    }

    private static byte[] body(Request request) throws IOException {
        long length = request.getLength();
        if (length > BODY_BYTES_MAX) {
            throw new HttpException.RuntimeException(413);
        }
        try (var in = Content.Source.asInputStream(request)) {
            byte[] body = in.readNBytes(length >= 0 ? (int) length : BODY_BYTES_MAX + 1);
            if (body.length > BODY_BYTES_MAX) {
                throw new HttpException.RuntimeException(413);
            }
            return body;
        }
    }

    private static HttpCookie refreshCookie(String token, boolean secure) {
        return HttpCookie.build(ApiServer.REFRESH_COOKIE, token)
                .path(ApiServer.REFRESH_PATH)
                .maxAge(RefreshTokens.LIFE.toSeconds())
                .secure(secure)
                .httpOnly(true)
                .sameSite(HttpCookie.SameSite.STRICT)
                .build();
    }
}
