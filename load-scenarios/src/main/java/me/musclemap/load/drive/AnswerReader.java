package me.musclemap.load.drive;

import io.gatling.http.response.Response;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Optional;
import me.musclemap.load.workload.Operation;

/** Reads an answer on the carrier's event loop: whether it is a success, and what the session keeps of it. */
final class AnswerReader {
    private AnswerReader() {}

    static void read(Response response, Flight flight) {
        flight.endedNanos = System.nanoTime();
        flight.status = response.status().code();
        var operation = flight.plan().operation;
        if (flight.status / 100 != 2 && !operation.expects().contains(flight.status)) {
            flight.failure = "http " + flight.status;
            return;
        }
        if (flight.status / 100 != 2) {
            flight.refusal = "http " + flight.status;
            return;
        }
        var keeps = operation.effect() == Operation.Effect.KEEPS_TOKEN
                || operation.effect() == Operation.Effect.KEEPS_WORKOUT;
        if (!flight.plan().graphql && !keeps) {
            return;
        }
        var body = response.body().bytes();
        if (flight.plan().graphql && Answer.hasErrors(body)) {
            var why = "graphql " + Answer.text(body, "extensions", "code").orElse("errors");
            if (operation.mayFail()) {
                flight.refusal = why;
            } else {
                flight.failure = why;
            }
            return;
        }
        if (flight.plan().notesWrites) {
            flight.acknowledged = Answer.text(body, "setLogged", "id").orElse(null);
        }
        if (keeps) {
            keep(operation, response, flight, body);
        }
    }

    private static void keep(Operation operation, Response response, Flight flight, byte[] body) {
        Optional<String> kept;
        if (operation.effect() == Operation.Effect.KEEPS_TOKEN) {
            kept = Answer.text(body, "token", "token").or(() -> Answer.text(body, "accessToken", "accessToken"));
            var cookies = response.headers().getAll(HttpHeaderNames.SET_COOKIE);
            if (!cookies.isEmpty()) {
                flight.keptCookie = cookies.get(0).split(";", 2)[0];
            }
        } else {
            kept = Answer.text(body, "session", "id");
        }
        if (kept.isEmpty()) {
            flight.failure =
                    "answer without " + (operation.effect() == Operation.Effect.KEEPS_TOKEN ? "token" : "session");
        } else {
            flight.kept = kept.get();
        }
    }
}
