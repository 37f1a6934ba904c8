package me.musclemap.load.drive;

import io.gatling.commons.stats.Status;
import io.gatling.core.actor.ActorRef;
import io.gatling.core.controller.Controller;
import io.gatling.core.session.GroupBlock;
import io.gatling.core.stats.StatsEngine;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.List;

/**
 * Takes the place of Gatling's own statistics: of each response it keeps only why there was none. Times and statuses are taken where the
 * request leaves and the answer arrives, in nanoseconds; Gatling's clock counts milliseconds.
 */
final class FlightLog implements StatsEngine {
    /** Who is told about a request without an answer. */
    interface Listener {
        void unanswered(String requestName, String message);
    }

    private final Listener listener;

    FlightLog(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void start() {}

    @Override
    public void stop(ActorRef<Controller.Command> controller, Option<Exception> exception) {}

    @Override
    public void logUserStart(String scenario) {}

    @Override
    public void logUserEnd(String scenario) {}

    @Override
    public void logResponse(
            String scenario,
            List<String> groups,
            String requestName,
            long startTimestamp,
            long endTimestamp,
            Status status,
            Option<String> responseCode,
            Option<String> message) {
        if (responseCode.isEmpty() && message.isDefined()) {
            listener.unanswered(requestName, message.get());
        }
    }

    @Override
    public void logGroupEnd(String scenario, GroupBlock group, long exitTimestamp) {}

    @Override
    public void logRequestCrash(String scenario, List<String> groups, String requestName, String error) {
        listener.unanswered(requestName, Failures.GENERATOR + error);
    }

    @Override
    public @Nullable ChannelHandler statsChannelHandler(String scenario) {
        return null;
    }

    @Override
    public void logTcpConnectAttempt(InetSocketAddress remoteAddress) {}

    @Override
    public void logTcpConnect(String remoteAddress, long startTimestamp, long endTimestamp, Option<String> error) {}

    @Override
    public void logTlsHandshake(String remoteAddress, long startTimestamp, long endTimestamp, Option<String> error) {}
}
