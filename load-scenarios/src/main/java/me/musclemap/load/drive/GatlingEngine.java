package me.musclemap.load.drive;

import io.gatling.app.Runner;
import io.gatling.commons.util.DefaultClock;
import io.gatling.core.action.Action;
import io.gatling.core.actor.ActorSystem;
import io.gatling.core.cli.GatlingArgs;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.scenario.SimulationParams;
import io.gatling.core.session.Session;
import io.gatling.core.stats.StatsEngine;
import io.gatling.core.stats.writer.RunMessage;
import io.gatling.netty.util.Transports;
import io.netty.channel.EventLoopGroup;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gatling, started from here and not from its own main: no analytics, no check for new versions, no warm-up request to gatling.io, no
 * data writers. It makes no request of its own.
 */
final class GatlingEngine {
    /** Gatling makes the simulation by its class name, so there is one place where it can find its generator. */
    private static final AtomicReference<@Nullable GatlingEngine> CURRENT = new AtomicReference<>();

    private static final int REQUEST_TIMEOUT_MILLIS = 10_000;

    private final GeneratorSettings settings;
    private final Optional<SocketUsers> sockets;
    private final Consumer<Flight> landed;
    private final Consumer<Throwable> crashed;
    private final AtomicReferenceArray<Flight> flights;
    private final java.util.concurrent.atomic.AtomicInteger made = new java.util.concurrent.atomic.AtomicInteger();

    /**
     * @param landed is told each time a carrier is ready for a request: at first, and after each
     * @param crashed is told when Gatling ended, which it never should
     */
    GatlingEngine(
            GeneratorSettings settings,
            Optional<SocketUsers> sockets,
            Consumer<Flight> landed,
            Consumer<Throwable> crashed) {
        this.settings = settings;
        this.sockets = sockets;
        this.landed = landed;
        this.crashed = crashed;
        this.flights = new AtomicReferenceArray<>(settings.maxInFlight());
    }

    static GatlingEngine current() {
        var engine = CURRENT.get();
        if (engine == null) {
            throw new IllegalStateException("no generator was started");
        }
        return engine;
    }

    GeneratorSettings settings() {
        return settings;
    }

    Optional<SocketUsers> sockets() {
        return sockets;
    }

    void start() {
        if (!CURRENT.compareAndSet(null, this)) {
            throw new IllegalStateException("Gatling keeps global state: one generator a JVM");
        }
        configure();
        var thread = new Thread(this::run, "gatling");
        thread.setDaemon(true);
        thread.start();
    }

    /** Gatling reads its configuration from system properties over its own defaults. */
    private static void configure() {
        System.setProperty("gatling.data.writers.0", "console");
        System.setProperty("gatling.data.enableAnalytics", "false");
        System.setProperty("gatling.http.warmUpUrl", "");
        System.setProperty("gatling.http.requestTimeout", Integer.toString(REQUEST_TIMEOUT_MILLIS));
        System.setProperty("gatling.socket.connectTimeout", Integer.toString(REQUEST_TIMEOUT_MILLIS));
    }

    private void run() {
        try {
            var configuration = GatlingConfiguration.load();
            var loops = Transports.newEventLoopGroup(true, false, 0, "gatling");
            new QuietRunner(new ActorSystem(), loops, arguments(), configuration, new FlightLog(this::unanswered))
                    .run();
            crashed.accept(new GeneratorException("Gatling ended before it was told to"));
        } catch (Throwable e) { // whatever ends Gatling ends the run
            crashed.accept(e);
        }
    }

    private static GatlingArgs arguments() {
        return new GatlingArgs(
                scala.Option.apply(CarrierSimulation.class.getName()),
                scala.Option.empty(),
                true,
                scala.Option.empty(),
                scala.Option.empty(),
                scala.Option.empty(),
                scala.Option.empty());
    }

    /** A carrier came to the place where it waits. */
    void arrived(Session session, Action next) {
        var attribute = session.attributes().get(Flight.ATTRIBUTE);
        if (attribute.isDefined()) {
            landed.accept((Flight) attribute.get());
            return;
        }
        var number = made.getAndIncrement();
        var flight = new Flight(number, session, next);
        flights.set(number, flight);
        landed.accept(flight);
    }

    private void unanswered(String requestName, String message) {
        if (Character.isDigit(requestName.charAt(0))) {
            var flight = flights.get(Integer.parseInt(requestName));
            if (flight.status == 0) {
                flight.endedNanos = System.nanoTime();
                flight.failure = Failures.transport(message);
            }
        } else {
            sockets.ifPresent(users -> users.unanswered(message));
        }
    }

    /** Gatling's runner with our statistics in place of its own, and without its look for a newer version. */
    private static final class QuietRunner extends Runner {
        private final StatsEngine statistics;

        QuietRunner(
                ActorSystem system,
                EventLoopGroup loops,
                GatlingArgs arguments,
                GatlingConfiguration configuration,
                StatsEngine statistics) {
            super(system, loops, new DefaultClock(), arguments, configuration);
            this.statistics = statistics;
        }

        @Override
        public StatsEngine newStatsEngine(SimulationParams params, RunMessage message) {
            return statistics;
        }

        @Override
        public void displayVersionWarning() {}
    }
}
