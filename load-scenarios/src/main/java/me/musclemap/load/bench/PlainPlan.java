package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What plain Gatling plays. Immutable.
 *
 * @param writer Gatling's data writer: file or console
 * @param steps users per second, each of whom sends one request; empty: {@code connections} send as fast as they can
 * @param requests of which each is drawn by its weight
 * @param authorization the header that every request carries; empty: none
 * @param timed whether the moment of sending is noted, for {@link Lateness}
 */
record PlainPlan(
        String url,
        String writer,
        List<Step> steps,
        int connections,
        List<Sent> requests,
        Optional<String> authorization,
        boolean timed,
        String directory) {
    /** A rate for a while. */
    record Step(int perSecond, int seconds) {
        long users() {
            return (long) perSecond * seconds;
        }
    }

    /**
     * A request.
     *
     * @param body empty: it is a GET
     */
    record Sent(String name, String path, Optional<String> body, double weight) {}

    PlainPlan {
        steps = List.copyOf(steps);
        requests = List.copyOf(requests);
        if (requests.isEmpty()) {
            throw new IllegalArgumentException("nothing to send");
        }
    }

    ObjectNode json() {
        var json = Program.JSON.createObjectNode();
        json.put("url", url)
                .put("writer", writer)
                .put("connections", connections)
                .put("timed", timed);
        json.put("directory", directory).put("authorization", authorization.orElse(null));
        for (var step : steps) {
            json.withArray("steps")
                    .addObject()
                    .put("perSecond", step.perSecond())
                    .put("seconds", step.seconds());
        }
        for (var request : requests) {
            json.withArray("requests")
                    .addObject()
                    .put("name", request.name())
                    .put("path", request.path())
                    .put("body", request.body().orElse(null))
                    .put("weight", request.weight());
        }
        return json;
    }

    static PlainPlan of(JsonNode json) {
        var steps = new ArrayList<Step>();
        json.path("steps")
                .forEach(step -> steps.add(new Step(
                        step.path("perSecond").asInt(), step.path("seconds").asInt())));
        var requests = new ArrayList<Sent>();
        json.path("requests")
                .forEach(request -> requests.add(new Sent(
                        request.path("name").asText(),
                        request.path("path").asText(),
                        text(request.path("body")),
                        request.path("weight").asDouble())));
        return new PlainPlan(
                json.path("url").asText(),
                json.path("writer").asText(),
                steps,
                json.path("connections").asInt(),
                requests,
                text(json.path("authorization")),
                json.path("timed").asBoolean(),
                json.path("directory").asText());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }
}
