package me.musclemap.load.bench;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.forever;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.time.Duration;

/** Gatling as its manual has it, beside which ours is measured. Gatling makes the instance itself, by name. */
public final class PlainSimulation extends Simulation {
    private static final String DRAWN = "request";

    /** For Gatling alone. */
    public PlainSimulation() {
        var plan = PlainMain.plan();
        var protocol = protocol(plan);
        if (plan.steps().isEmpty()) {
            setUp(scenario("closed").exec(forever().on(request(plan))).injectOpen(atOnceUsers(plan.connections())))
                    .protocols(protocol);
            return;
        }
        var injected = plan.steps().stream()
                .<OpenInjectionStep>map(
                        step -> constantUsersPerSec(step.perSecond()).during(Duration.ofSeconds(step.seconds())))
                .toArray(OpenInjectionStep[]::new);
        // One request a user: without a shared pool each would open a connection of its own.
        setUp(scenario("open").exec(request(plan)).injectOpen(injected)).protocols(protocol.shareConnections());
    }

    private static ChainBuilder request(PlainPlan plan) {
        if (plan.requests().size() > 1) {
            return exec(session -> session.set(DRAWN, PlainMain.draw()))
                    .doIfOrElse((Session session) -> drawn(session).body().isPresent())
                    .then(exec(http(session -> drawn(session).name())
                            .post(session -> drawn(session).path())
                            .body(StringBody(session -> drawn(session).body().orElse("")))))
                    .orElse(exec(http(session -> drawn(session).name())
                            .get(session -> drawn(session).path())));
        }
        var only = plan.requests().get(0);
        return only.body().isPresent()
                ? exec(http(only.name())
                        .post(only.path())
                        .body(StringBody(only.body().get())))
                : exec(http(only.name()).get(only.path()));
    }

    private static PlainPlan.Sent drawn(Session session) {
        PlainPlan.Sent drawn = session.get(DRAWN);
        if (drawn == null) {
            throw new IllegalStateException("no request was drawn");
        }
        return drawn;
    }

    private static HttpProtocolBuilder protocol(PlainPlan plan) {
        var protocol = http.baseUrl(plan.url())
                .disableWarmUp()
                .disableFollowRedirect()
                .disableCaching()
                .disableAutoReferer()
                .disableAutoOrigin()
                .acceptHeader("application/json")
                .acceptEncodingHeader("gzip")
                .contentTypeHeader("application/json")
                .userAgentHeader("headroom bench");
        if (plan.authorization().isPresent()) {
            protocol = protocol.authorizationHeader(plan.authorization().get());
        }
        if (plan.timed()) {
            protocol = protocol.sign((request, session) -> {
                PlainMain.sent();
                return request;
            });
        }
        return protocol;
    }
}
