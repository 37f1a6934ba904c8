package me.musclemap.load.drive;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forever;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.http.client.Request;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;

/**
 * What Gatling plays: carriers, virtual users that wait for a request, send it, and wait again; and socket users. Gatling makes the
 * instance itself, by name, so it finds its generator in {@link GatlingEngine}.
 */
public final class CarrierSimulation extends Simulation {
    private static final String USER_AGENT =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 headroom";

    /** By this word the collector of a site that has visitors tells our beacons from theirs. */
    private static final String AMONG_VISITORS = USER_AGENT + "-load";

    /** For Gatling alone. */
    public CarrierSimulation() {
        var engine = GatlingEngine.current();
        var populations = new ArrayList<PopulationBuilder>();
        var protocol = protocol(engine.settings());
        populations.add(carriers(engine)
                .injectOpen(atOnceUsers(engine.settings().maxInFlight()))
                .protocols(protocol));
        engine.sockets()
                .ifPresent(sockets -> populations.add(sockets.scenario()
                        .injectOpen(atOnceUsers(sockets.most()))
                        .protocols(protocol)));
        setUp(populations);
    }

    private static io.gatling.javaapi.core.ScenarioBuilder carriers(GatlingEngine engine) {
        var park = new Park("carrier", engine::arrived);
        var request = doIfOrElse((Session session) -> Flight.of(session).plan().post)
                .then(exec(http(session -> Integer.toString(Flight.of(session).number))
                        .post(session -> Flight.of(session).url)
                        .body(ByteArrayBody(session -> Flight.of(session).body))))
                .orElse(exec(http(session -> Integer.toString(Flight.of(session).number))
                        .get(session -> Flight.of(session).url)));
        return scenario("carriers").exec(forever().on(exec(park).exec(request)));
    }

    private static HttpProtocolBuilder protocol(GeneratorSettings settings) {
        var base = GeneratorSettings.base(settings.api());
        return http.baseUrl(base)
                .wsBaseUrl(base.replaceFirst("^http", "ws"))
                .shareConnections()
                .disableWarmUp()
                .disableFollowRedirect()
                .disableCaching()
                .disableAutoReferer()
                .disableAutoOrigin()
                .acceptHeader("application/json")
                .acceptEncodingHeader("gzip")
                .userAgentHeader(hasVisitors(settings) ? AMONG_VISITORS : USER_AGENT)
                .sign(CarrierSimulation::finished)
                .transformResponse((response, session) -> {
                    if (session.contains(Flight.ATTRIBUTE)) {
                        AnswerReader.read(response, Flight.of(session));
                    }
                    return response;
                });
    }

    /** Only a stack of our own lets us mint its tokens for the users of our data set; its beacons are the load that is measured. */
    private static boolean hasVisitors(GeneratorSettings settings) {
        return settings.signingKey().isEmpty() || settings.accounts().isPresent();
    }

    /** The last touch before a request leaves: the headers that differ from user to user, and the time. */
    private static Request finished(Request request, Session session) {
        if (!session.contains(Flight.ATTRIBUTE)) {
            return request;
        }
        var flight = Flight.of(session);
        var headers = request.getHeaders();
        headers.set("traceparent", flight.traceParent);
        if (!flight.address.isEmpty()) {
            headers.set("X-Forwarded-For", flight.address);
        }
        if (flight.plan().post) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        }
        if (flight.token != null) {
            headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + flight.token);
        }
        if (flight.cookie != null) {
            headers.set(HttpHeaderNames.COOKIE, flight.cookie);
        }
        flight.sentNanos = System.nanoTime();
        return request;
    }
}
