package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import me.musclemap.rum.intake.Answer;
import me.musclemap.rum.intake.Caller;
import me.musclemap.rum.intake.Intake;
import me.musclemap.rum.intake.Ledger;
import me.musclemap.rum.query.AnswerJson;
import me.musclemap.rum.query.VitalsQuery;
import me.musclemap.rum.sketch.Vitals;
import me.musclemap.rum.spool.KeptBeacon;
import me.musclemap.rum.spool.SegmentLog;
import me.musclemap.telemetry.Scrape;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.http.HttpExchange;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The running collector: an HTTP server over intake and answers. */
public final class Collector implements AutoCloseable {
    private static final long SEGMENT_BYTES = 16L << 20;
    private static final int THREADS_MAX = 64;

    private final Telemetry telemetry;
    private final Clock clock;
    private final Vitals vitals = new Vitals(Vitals.Limits.DEFAULT);
    private final Ledger ledger;
    private final SegmentLog spool;
    private final Intake intake;
    private final Javalin server;
    private long replayed;

    private Collector(Telemetry telemetry, Clock clock, Path data, long spoolBytesMax, int port) throws IOException {
        this.telemetry = telemetry;
        this.clock = clock;
        ledger = new Ledger(telemetry.meters());
        var syncTimer = telemetry.meters().timer("rum_spool_sync_seconds");
        spool = SegmentLog.open(
                data, SEGMENT_BYTES, spoolBytesMax, this::replay, nanos -> syncTimer.record(Duration.ofNanos(nanos)));
        intake = new Intake(spool, vitals, ledger, clock);
        expose();
        server = server(port);
        try {
            server.start();
        } catch (JavalinBindException e) {
            spool.close();
            throw new IOException("port " + port + " is taken: choose another, or 0 for any free one", e);
        }
    }

    /**
     * Starts a collector on the loopback.
     *
     * @param data directory of the segment log, made if absent
     * @param spoolBytesMax how much of it is kept
     * @param port 0 for any free one
     * @throws IOException if the directory or the port cannot be used
     */
    public static Collector start(Telemetry telemetry, Clock clock, Path data, long spoolBytesMax, int port)
            throws IOException {
        return new Collector(telemetry, clock, data, spoolBytesMax, port);
    }

    private void replay(byte[] record) {
        vitals.apply(KeptBeacon.decode(record));
        replayed++;
    }

    private void expose() {
        var meters = telemetry.meters();
        meters.gauge("rum_cells", vitals, Vitals::cells);
        meters.counted("rum_overflowed_total", vitals, Vitals::overflowedByRoutes, "cause", "routes");
        meters.counted("rum_overflowed_total", vitals, Vitals::overflowedByCells, "cause", "cells");
        meters.gauge("rum_spool_bytes", spool, SegmentLog::totalBytes);
        meters.gauge("rum_spool_torn_bytes", spool, SegmentLog::tornBytes);
        meters.counted("rum_spool_records_total", spool, SegmentLog::records);
    }

    private Javalin server(int port) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = port;
            config.jetty.threadPool = new QueuedThreadPool(THREADS_MAX, 4);
            config.http.maxRequestSize = Intake.BODY_BYTES_MAX + 1L;
            config.routes.post("/api/vitals", measured("/api/vitals", this::take));
            config.routes.options("/api/vitals", measured("/api/vitals", Collector::preflight));
            config.routes.get("/v1/query", measured("/v1/query", this::query));
            config.routes.get("/metrics", measured("/metrics", this::metrics));
            config.routes.get("/health", measured("/health", this::health));
            config.routes.error(
                    404,
                    context -> telemetry
                            .http()
                            .start(context.method().name(), context::header)
                            .stop(null, 404, null));
        });
    }

    private Handler measured(String route, Handler handler) {
        return context -> {
            HttpExchange exchange = telemetry.http().start(context.method().name(), context::header);
            Exception failure = null;
            try {
                handler.handle(context);
            } catch (Exception e) {
                failure = e;
                throw e;
            } finally {
                exchange.stop(route, failure == null ? context.statusCode() : 500, failure);
            }
        };
    }

    private void take(Context context) throws IOException {
        allow(context);
        byte[] body = body(context);
        Answer answer = body == null
                ? intake.tooLarge()
                : intake.take(
                        body,
                        new Caller(
                                header(context, "User-Agent"),
                                header(context, "Referer"),
                                header(context, "Sec-GPC").equals("1")
                                        || header(context, "DNT").equals("1")));
        context.status(answer.status());
        if (answer.status() == 503) {
            context.header("Retry-After", "30");
        }
        if (!answer.problem().isEmpty()) {
            json(context, JsonNodeFactory.instance.objectNode().put("error", answer.problem()));
        }
    }

    /** The body, or null if it is too long; a chunked one is read no further than that. */
    private static byte @Nullable [] body(Context context) throws IOException {
        byte[] body = context.req().getInputStream().readNBytes(Intake.BODY_BYTES_MAX + 1);
        return body.length > Intake.BODY_BYTES_MAX ? null : body;
    }

    /** A page of another origin may post: the answer holds nothing, so it tells nothing. */
    private static void allow(Context context) {
        String origin = header(context, "Origin");
        if (!origin.isEmpty()) {
            context.header("Access-Control-Allow-Origin", origin);
            // sendBeacon sends cookies along; the browser then wants this, although none is looked at.
            context.header("Access-Control-Allow-Credentials", "true");
            context.header("Vary", "Origin");
        }
    }

    private static void preflight(Context context) {
        allow(context);
        context.header("Access-Control-Allow-Methods", "POST, OPTIONS");
        context.header("Access-Control-Allow-Headers", "content-type");
        context.header("Access-Control-Max-Age", "7200");
        context.status(204);
    }

    private void query(Context context) {
        var parameters = new HashMap<String, String>();
        context.queryParamMap().forEach((name, values) -> parameters.put(name, String.join(",", values)));
        try {
            VitalsQuery query = VitalsQuery.parse(parameters, clock.millis());
            json(context, AnswerJson.of(query, query.answer(vitals)));
        } catch (IllegalArgumentException e) {
            context.status(400);
            json(context, JsonNodeFactory.instance.objectNode().put("error", e.getMessage()));
        }
    }

    private void metrics(Context context) {
        Scrape page = telemetry.scrape(context.header("Accept"));
        context.contentType(page.contentType()).result(page.body());
    }

    private void health(Context context) {
        ObjectNode health = JsonNodeFactory.instance.objectNode();
        health.put("status", "ok");
        health.put("beaconsReceived", ledger.receivedCount());
        health.put("recordsReplayed", replayed);
        health.put("spoolBytes", spool.totalBytes());
        health.put("tornBytes", spool.tornBytes());
        json(context, health);
    }

    private static void json(Context context, ObjectNode node) {
        context.contentType("application/json").result(node.toString());
    }

    private static String header(Context context, String name) {
        String value = context.header(name);
        return value == null ? "" : value;
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The account of every beacon. */
    public Ledger ledger() {
        return ledger;
    }

    /** Stops taking beacons, then writes what waits. */
    @Override
    public void close() throws IOException {
        server.stop();
        spool.close();
    }
}
