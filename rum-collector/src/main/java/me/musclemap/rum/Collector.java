package me.musclemap.rum;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.musclemap.rum.browser.BrowserFiles;
import me.musclemap.rum.compare.CompareQuery;
import me.musclemap.rum.http.HttpServer;
import me.musclemap.rum.http.Pages;
import me.musclemap.rum.http.Query;
import me.musclemap.rum.http.Reply;
import me.musclemap.rum.http.ServerConfig;
import me.musclemap.rum.intake.Intake;
import me.musclemap.rum.intake.Ledger;
import me.musclemap.rum.intake.Outcome;
import me.musclemap.rum.live.LiveEvents;
import me.musclemap.rum.query.AnswerJson;
import me.musclemap.rum.query.CulpritsQuery;
import me.musclemap.rum.query.VitalsQuery;
import me.musclemap.telemetry.Scrape;
import me.musclemap.telemetry.Telemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running collector: an HTTP server over intake and answers. */
public final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    private final Telemetry telemetry;
    private final Clock clock;
    private final Ledger ledger;
    private final Store store;
    private final HttpServer server;
    private final LiveEvents events;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "live");
        thread.setDaemon(true);
        return thread;
    });

    private Collector(Telemetry telemetry, Clock clock, CollectorConfig config) throws IOException {
        this.telemetry = telemetry;
        this.clock = clock;
        ledger = new Ledger(telemetry.meters());
        store = new Store(config, ledger, telemetry.meters(), clock);
        store.expose(telemetry.meters());
        events = new LiveEvents(store.recent(), ledger, store.budgets());
        var intake = new Intake(config.intake(), store.log(), store.acknowledged(), ledger, clock);
        var listening = new ServerConfig(
                config.port(),
                config.countryHeader(),
                config.addressHeader(),
                config.trustedProxies(),
                config.limits(),
                pages());
        try {
            server = HttpServer.start(listening, intake, telemetry.meters());
        } catch (IOException e) {
            store.close();
            throw e;
        }
        var unused = ticker.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Starts a collector on the loopback.
     *
     * @throws IOException if the directory or the port cannot be used
     */
    public static Collector start(Telemetry telemetry, Clock clock, CollectorConfig config) throws IOException {
        return new Collector(telemetry, clock, config);
    }

    /** A collector with a log of its own and nothing else. */
    static Collector start(Telemetry telemetry, Clock clock, Path data, int port) throws IOException {
        return start(telemetry, clock, CollectorConfig.of(data, port));
    }

    private Map<String, Pages> pages() {
        var pages = new HashMap<String, Pages>(BrowserFiles.load().pages());
        pages.put("/v1/query", this::query);
        pages.put("/v1/culprits", this::culprits);
        pages.put("/v1/slowest", this::slowest);
        pages.put("/v1/compare", this::compare);
        pages.put("/metrics", this::metrics);
        pages.put("/health", asked -> health());
        return pages;
    }

    private void tick() {
        if (server.listenerCount() > 0) {
            try {
                server.send(events.event(clock.millis()));
            } catch (RuntimeException e) {
                LOG.error("no live event", e);
            }
        }
    }

    private Reply query(Query asked) {
        VitalsQuery query = VitalsQuery.parse(asked.parameters(), clock.millis());
        return Reply.json(200, AnswerJson.of(query, query.answer(store.answers())));
    }

    private Reply culprits(Query asked) {
        return Reply.json(200, CulpritsQuery.answer(asked.parameters(), store.answers(), clock.millis()));
    }

    private Reply compare(Query asked) {
        return Reply.json(
                200, CompareQuery.parse(asked.parameters(), clock.millis()).answer(store.answers()));
    }

    private Reply slowest(Query asked) {
        VitalsQuery query = VitalsQuery.parse(asked.parameters(), clock.millis());
        return Reply.json(200, store.slowest().answer(query, clock.millis()));
    }

    private Reply metrics(Query asked) {
        Scrape page = telemetry.scrape(asked.accept());
        return new Reply(200, page.contentType(), page.body().getBytes(StandardCharsets.UTF_8), Map.of());
    }

    private Reply health() {
        ObjectNode health = JsonNodeFactory.instance.objectNode();
        health.put("status", store.databaseState().equals("away") ? "degraded" : "ok");
        health.put("database", store.databaseState());
        health.put("beaconsReceived", ledger.receivedCount());
        ObjectNode outcomes = health.putObject("beacons");
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome.label(), ledger.count(outcome));
        }
        outcomes.put("spooled", ledger.spooledCount());
        health.put("recordsReplayed", store.replayed());
        health.put("spoolBytes", store.log().totalBytes());
        health.put("tornBytes", store.log().tornBytes());
        return Reply.json(200, health);
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
        ticker.shutdownNow();
        server.close();
        store.close();
    }
}
