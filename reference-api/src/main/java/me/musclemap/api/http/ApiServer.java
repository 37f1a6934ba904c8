package me.musclemap.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.api.accounts.AccessTokens;
import me.musclemap.api.accounts.Accounts;
import me.musclemap.api.accounts.RefreshTokens;
import me.musclemap.api.accounts.Viewer;
import me.musclemap.api.cache.Body;
import me.musclemap.api.community.Presence;
import me.musclemap.api.cost.Costs;
import me.musclemap.api.errors.ApiError;
import me.musclemap.api.exercises.Exercises;
import me.musclemap.api.graphql.GraphqlEndpoint;
import me.musclemap.api.leaderboards.Leaderboards;
import me.musclemap.api.leaderboards.Metric;
import me.musclemap.api.leaderboards.Window;
import me.musclemap.api.limits.Caller;
import me.musclemap.api.limits.InFlight;
import me.musclemap.api.limits.RateLimits;
import me.musclemap.api.limits.SecurityEvents;
import me.musclemap.api.workouts.SessionSync;
import me.musclemap.telemetry.Scrape;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.http.HttpExchange;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: routes, and what happens around every request. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final String EXCHANGE = "exchange";
    private static final String ENTERED = "entered";
    private static final String FAILURE = "failure";
    static final String REFRESH_COOKIE = "refresh_token";
    static final String REFRESH_PATH = "/api/auth";
    private static final String JSON_TYPE = "application/json";
    private static final long BODY_BYTES_MAX = 10 * 1024 * 1024;
    private static final String CALLER = "caller";
    private static final int CLIENT_LOG_BYTES_MAX = 256 * 1024;
    private static final int HEADER_BYTES_MAX = 16 * 1024;

    /** A body up to this is waited for before a thread or a place is taken, however slowly it comes. */
    private static final int BODY_BYTES_WAITED_FOR = 64 * 1024;

    /** What a piece of a body holds beside its bytes. */
    private static final int CHUNK_BYTES = 256;

    private static final long IDLE_MILLIS_MAX = 30_000;

    private static final long DRAIN_MILLIS_MAX = 5_000;

    /** Connections that the kernel holds for us while we accept others: a reconnect storm comes all at once. */
    private static final int ACCEPT_QUEUE = 4_096;

    /** More threads than requests are let in, so that there is always one to refuse the next. */
    private static final int SPARE_THREADS = 32;

    private final Parts parts;
    private final Settings settings;
    private final Health health;
    private final Vitals vitals;
    private final InFlight inFlight;
    private final Origins origins;
    private final Callers callers;
    private final Protection protection;
    private final Javalin server;

    /** What the routes lead to. */
    public record Parts(
            GraphqlEndpoint graphql,
            Accounts accounts,
            AccessTokens tokens,
            Exercises exercises,
            SessionSync sessions,
            Leaderboards leaderboards,
            Presence presence,
            RateLimits limits,
            SecurityEvents events,
            me.musclemap.api.store.Database database,
            me.musclemap.api.cache.RedisStore redis,
            Telemetry telemetry,
            ObjectMapper json) {}

    /**
     * How the server listens.
     *
     * @param listen an address of this machine
     * @param port 0 for a free one
     * @param inFlightMax requests that are worked on at once; more get 503
     * @param collector where web-vitals go
     * @param reusePort whether other instances may listen on the same port; the kernel shares connections out among them
     * @param around sees each request first
     * @param costs what each route is made to cost
     * @param origins whose pages may read answers
     * @param connectionsMax that are open at once; more wait to be accepted
     * @param certificate for TLS 1.3; none for plain HTTP
     */
    public record Settings(
            String listen,
            int port,
            int inFlightMax,
            Optional<URI> collector,
            boolean virtualThreads,
            boolean reusePort,
            Handler.Wrapper around,
            Costs costs,
            List<String> origins,
            int connectionsMax,
            Optional<Certificate> certificate) {
        public Settings {
            origins = List.copyOf(origins);
        }
    }

    /** Starts listening. */
    public ApiServer(Settings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
        this.health =
                new Health(parts.database(), parts.redis(), settings.costs().label());
        this.vitals = new Vitals(settings.collector());
        this.inFlight = new InFlight(settings.inFlightMax());
        this.origins = new Origins(settings.origins(), parts.events());
        this.callers = new Callers(parts.tokens(), parts.limits(), parts.redis());
        this.protection = new Protection(origins);
        this.server = Javalin.create(this::configure).start();
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.http.maxRequestSize = BODY_BYTES_MAX;
        config.http.compressionStrategy =
                CompressionStrategy.NONE; // kept answers are compressed once and not for each caller: see Sending
        config.http.defaultContentType = JSON_TYPE;
        if (settings.virtualThreads()) {
            config.concurrency.useVirtualThreads = true;
        } else {
            var threads = new QueuedThreadPool(settings.inFlightMax() + SPARE_THREADS, 8);
            threads.setName("http");
            config.jetty.threadPool = threads;
        }
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(HEADER_BYTES_MAX);
            // A connection of the proxy's carries everybody's tokens: to remember one for the next request is of no
            // use.
            http.setHeaderCacheSize(0);
        });
        config.jetty.addConnector(this::connector);
        config.jetty.modifyServer(jetty -> {
            jetty.setStopTimeout(DRAIN_MILLIS_MAX);
            jetty.setErrorHandler(new ProtocolErrors());
            jetty.addBean(new NetworkConnectionLimit(settings.connectionsMax(), jetty));
            var whole = new EagerContentHandler(
                    new EagerContentHandler.RetainedContentLoaderFactory(BODY_BYTES_WAITED_FOR, CHUNK_BYTES, false));
            whole.setHandler(graphql());
            settings.around().setHandler(whole);
            // Waits at the end for the requests that are still worked on; new ones get 503.
            jetty.setHandler(new GracefulHandler(settings.around()));
        });
        around(config.routes);
        routes(config.routes);
    }

    private GraphqlHandler graphql() {
        Costs costs = settings.costs();
        return new GraphqlHandler(
                parts.graphql(),
                callers,
                protection,
                inFlight,
                parts.telemetry().http(),
                costs.isCharged() ? Optional.of(costs.label()) : Optional.empty());
    }

    private ServerConnector connector(Server jetty, HttpConfiguration http) {
        var connector = settings.certificate()
                .map(certificate -> secure(jetty, http, certificate))
                .orElseGet(() -> new ServerConnector(jetty, 1, -1, new HttpConnectionFactory(http)));
        connector.setIdleTimeout(IDLE_MILLIS_MAX);
        connector.setHost(settings.listen());
        connector.setPort(settings.port());
        connector.setReusePort(settings.reusePort());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        return connector;
    }

    private static ServerConnector secure(Server jetty, HttpConfiguration http, Certificate certificate) {
        var secure = new HttpConfiguration(http);
        secure.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(
                jetty,
                1,
                -1,
                new SslConnectionFactory(certificate.factory(), "http/1.1"),
                new HttpConnectionFactory(secure));
    }

    private void around(RoutesConfig routes) {
        routes.before(context -> {
            HttpExchange exchange =
                    parts.telemetry().http().start(context.method().name(), context::header);
            context.attribute(EXCHANGE, exchange);
            context.header("x-trace-id", exchange.traceId());
            context.header("Server-Timing", Origins.serverTiming(exchange.traceparent()));
            protection.tell(
                    context.header("Origin"),
                    isSecure(context),
                    field -> context.header(field.getName(), field.getValue()),
                    field -> context.res().addHeader(field.getName(), field.getValue()));
            String path = context.path();
            if (!isProbe(path)) {
                inFlight.enter();
                context.attribute(ENTERED, true);
            }
            if (context.method().equals(HandlerType.OPTIONS)) {
                return;
            }
            if (path.startsWith("/api/auth/")) {
                origins.require(context);
            }
            if (!isFree(path)) {
                admit(context);
            }
        });
        routes.options("/api/*", origins::preflight);
        routes.after(context -> {
            if (settings.costs().isCharged()) {
                chargeRoute(context);
            }
            if (context.attribute(ENTERED) != null) {
                inFlight.leave();
            }
            HttpExchange exchange = context.attribute(EXCHANGE);
            if (exchange != null) {
                Throwable failure = context.attribute(FAILURE);
                exchange.stop(route(context), context.statusCode(), failure);
            }
        });
        routes.exception(ApiError.class, (error, context) -> Errors.answer(context, error));
        routes.exception(
                HttpResponseException.class,
                (refusal, context) -> Errors.answer(
                        context,
                        refusal.getStatus(),
                        refusal.getStatus() == 404 ? "NOT_FOUND" : "BAD_REQUEST",
                        "Not accepted"));
        // The only thing that we read from a stream is the body, and it did not come as it should.
        routes.exception(
                IOException.class,
                (failure, context) -> Errors.answer(context, 400, "BAD_REQUEST", "The body did not arrive"));
        routes.exception(Exception.class, (failure, context) -> {
            context.attribute(FAILURE, failure);
            LOG.error("request failed route={}", route(context), failure);
            Errors.answer(context, 500, "INTERNAL_ERROR", "Internal server error");
        });
        routes.error(404, context -> {
            if (route(context) == null) {
                Errors.answer(context, 404, "NOT_FOUND", "No such route");
            }
        });
    }

    /** GraphQL is charged elsewhere, by its operations. */
    private void chargeRoute(Context context) {
        context.header("X-Cost-Profile", settings.costs().label());
        String route = route(context);
        if (route != null && !route.equals("/metrics")) {
            settings.costs().charge(context.method() + " " + route, Costs.ANY_ROUTE, () -> route);
        }
    }

    private static boolean isProbe(String path) {
        return path.equals("/health") || path.equals("/ready") || path.equals("/metrics");
    }

    /** What is not limited. */
    private static boolean isFree(String path) {
        return isProbe(path) || path.equals("/api/vitals") || path.equals("/api/trace/frontend-log");
    }

    /** What changes something that is kept; what browsers say of themselves is not. */
    private static boolean isWrite(Context context) {
        return context.method().equals(HandlerType.POST) && !context.path().equals("/api/client-error");
    }

    private static boolean isSecure(Context context) {
        return "https".equals(context.header("X-Forwarded-Proto"))
                || context.scheme().equals("https");
    }

    private Caller caller(Context context) {
        Caller known = context.attribute(CALLER);
        if (known != null) {
            return known;
        }
        Caller caller = callers.of(
                context.header("Authorization"), context.req().getRemoteAddr(), context.header("X-Forwarded-For"));
        context.attribute(CALLER, caller);
        return caller;
    }

    private void admit(Context context) {
        RateLimits.Standing standing = callers.admit(caller(context), 1, isWrite(context) ? 1 : 0, callers.round());
        if (standing.isLimited()) {
            context.header("x-ratelimit-limit", Long.toString(standing.limit()));
            context.header("x-ratelimit-remaining", Long.toString(standing.remaining()));
            context.header("x-ratelimit-reset", Long.toString(standing.resetSeconds()));
        }
        if (!standing.allowed()) {
            throw ApiError.tooMany(standing.resetSeconds());
        }
    }

    private static @Nullable String route(Context context) {
        Endpoint endpoint = context.endpoints().lastHttpEndpoint();
        return endpoint == null || endpoint.path.equals("*") ? null : endpoint.path;
    }

    private void routes(RoutesConfig routes) {
        routes.post("/api/auth/refresh", this::refresh);
        routes.post("/api/auth/logout", this::logout);
        routes.post("/api/auth/logout-all", context -> {
            parts.accounts().logoutEverywhere(viewer(context).required());
            context.removeCookie(REFRESH_COOKIE, REFRESH_PATH);
            context.status(204);
        });
        routes.get(
                "/api/leaderboards/simple",
                context ->
                        json(context, parts.leaderboards().simple(metric(context), window(context), limit(context))));
        routes.get(
                "/api/leaderboards/user-rank",
                context -> json(
                        context,
                        parts.leaderboards().rankOf(viewer(context).required(), metric(context), window(context))));
        routes.get("/api/muscles", context -> {
            Sending.edge(context, 900, 3_600, parts.exercises().musclesBody());
        });
        routes.get("/api/exercises", context -> {
            Sending.edge(context, 600, 1_800, parts.exercises().catalogueBody());
        });
        routes.get(
                "/api/community/presence",
                context -> json(context, Map.of("data", parts.presence().community())));
        routes.post("/api/community/presence", context -> {
            String user = viewer(context).required();
            parts.presence().seen(user, body(context).path("geoBucket").asText("unknown"));
            json(context, Map.of("data", Map.of("acknowledged", true)));
        });
        routes.get("/api/sessions/active", context -> {
            var session = parts.sessions().active(viewer(context).required());
            if (session == null) {
                context.status(404);
                json(context, Map.of("error", "NOT_FOUND", "message", "No workout is in progress"));
            } else {
                json(context, Map.of("data", session));
            }
        });
        routes.get(
                "/api/sessions/status",
                context -> json(
                        context,
                        Map.of("data", parts.sessions().status(viewer(context).required()))));
        routes.post("/api/sessions", context -> {
            var session = parts.sessions().save(viewer(context).required(), body(context));
            json(context, Map.of("data", session, "message", "Session saved"));
        });
        routes.post("/api/vitals", context -> {
            leaveThread(context);
            context.future(() -> vitals.forward(context));
        });
        routes.post("/api/client-error", context -> {
            clientLog(context);
            json(context, Map.of("received", true));
        });
        routes.post("/api/trace/frontend-log", context -> {
            clientLog(context);
            context.status(204);
        });
        routes.get("/health", context -> json(context, health.report()));
        routes.get("/ready", context -> {
            boolean ready = health.ready();
            context.status(ready ? 200 : 503);
            json(
                    context,
                    ready
                            ? Map.of("status", "ready")
                            : Map.of("status", "not ready", "reason", "database unavailable"));
        });
        routes.get("/metrics", context -> {
            Scrape scrape = parts.telemetry().scrape(context.header("Accept"));
            context.contentType(scrape.contentType());
            Sending.body(context, new Body(scrape.body().getBytes(StandardCharsets.UTF_8)));
        });
    }

    private void refresh(Context context) {
        String cookie = context.cookie(REFRESH_COOKIE);
        String given = cookie == null ? body(context).path("refreshToken").asText("") : cookie;
        if (given.isEmpty() || given.length() > 200) {
            throw new ApiError(ApiError.Code.UNAUTHENTICATED, "A refresh token is required");
        }
        Accounts.Session session = parts.accounts().renew(given);
        setRefreshCookie(context, session.refreshToken());
        long seconds = AccessTokens.LIFE.toSeconds();
        // Only who sent it in the body gets the next one there: a browser's script must not see it.
        json(
                context,
                Map.of(
                        "data",
                        cookie == null
                                ? Map.of(
                                        "token",
                                        session.accessToken(),
                                        "expiresIn",
                                        seconds,
                                        "refreshToken",
                                        session.refreshToken())
                                : Map.of("token", session.accessToken(), "expiresIn", seconds)));
    }

    private void logout(Context context) {
        String cookie = context.cookie(REFRESH_COOKIE);
        String given = cookie == null ? body(context).path("refreshToken").asText("") : cookie;
        if (!given.isEmpty() && given.length() <= 200) {
            parts.accounts().logout(given);
        }
        context.removeCookie(REFRESH_COOKIE, REFRESH_PATH);
        context.status(204);
    }

    private static void setRefreshCookie(Context context, String token) {
        context.cookie(new Cookie(
                REFRESH_COOKIE,
                token,
                REFRESH_PATH,
                (int) RefreshTokens.LIFE.toSeconds(),
                isSecure(context),
                true,
                null,
                SameSite.STRICT));
    }

    private Viewer viewer(Context context) {
        return caller(context).viewer();
    }

    /** What browsers say of themselves: taken, and kept only where somebody looks for it. */
    private static void clientLog(Context context) {
        if (context.contentLength() > CLIENT_LOG_BYTES_MAX) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "The report is too long");
        }
        byte[] report = context.bodyAsBytes();
        if (LOG.isDebugEnabled()) {
            LOG.debug("client report path={} bytes={}", context.path(), report.length);
        }
    }

    private JsonNode body(Context context) {
        try {
            byte[] body = context.bodyAsBytes();
            return body.length == 0
                    ? parts.json().createObjectNode()
                    : parts.json().readTree(body);
        } catch (IOException e) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "The body is not JSON");
        }
    }

    private void json(Context context, Object value) {
        try {
            context.contentType(JSON_TYPE);
            Sending.body(context, new Body(parts.json().writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is not JSON", e);
        }
    }

    private static void leaveThread(Context context) {
        HttpExchange exchange = context.attribute(EXCHANGE);
        if (exchange != null) {
            exchange.leaveThread();
        }
    }

    private static Metric metric(Context context) {
        String label = Optional.ofNullable(context.queryParam("metric")).orElse("workout_count");
        return Metric.of(label).orElseThrow(() -> new ApiError(ApiError.Code.BAD_USER_INPUT, "metric is not known"));
    }

    private static Window window(Context context) {
        String label = Optional.ofNullable(context.queryParam("window")).orElse("weekly");
        return Window.of(label).orElseThrow(() -> new ApiError(ApiError.Code.BAD_USER_INPUT, "window is not known"));
    }

    private static int limit(Context context) {
        String text = Optional.ofNullable(context.queryParam("limit")).orElse("50");
        if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > 100) {
            throw new ApiError(ApiError.Code.BAD_USER_INPUT, "limit must be from 1 to 100");
        }
        return Integer.parseInt(text);
    }
}
