package me.musclemap.load.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A workload as JSON: everything that was read, with defaults filled in, and the rates that follow. */
final class ResolvedWorkload {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ResolvedWorkload() {}

    static ObjectNode of(Workload workload) {
        var root = JSON.objectNode().put("name", workload.name()).put("title", workload.title());
        var sources = root.putObject("sources");
        workload.sources().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(source -> sources.put(source.getKey(), source.getValue()));
        var classes = root.putArray("classes");
        for (var fitClass : workload.classes()) {
            var node = classes.addObject().put("name", fitClass.name()).put("headline", fitClass.headline());
            fitClass.operations().forEach(node.putArray("operations")::add);
        }
        workload.tokens()
                .ifPresent(tokens -> root.putObject("tokens")
                        .put("lifeSeconds", tokens.lifeSeconds())
                        .put("refreshBeforeSeconds", tokens.refreshBeforeSeconds())
                        .put("refresh", tokens.refresh().name()));
        workload.sockets()
                .ifPresent(sockets -> root.putObject("sockets")
                        .put("path", sockets.path())
                        .put("send", sockets.send())
                        .put("pingSeconds", sockets.pingSeconds())
                        .put("operation", sockets.operation()));
        if (!workload.regions().isEmpty()) {
            var regions = root.putObject("regions");
            workload.regions()
                    .forEach(region -> regions.putObject(region.name())
                            .put("share", region.share())
                            .put("roundTripSeconds", region.roundTripSeconds()));
        }
        var operations = root.putObject("operations");
        workload.operations()
                .values()
                .forEach(operation -> operation(operations.putObject(operation.name()), operation));
        var journeys = root.putArray("journeys");
        workload.journeys().forEach(journey -> journey(journeys.addObject(), journey));
        var mixes = root.putObject("mixes");
        workload.mixesByName().values().forEach(mix -> mix(mixes.putObject(mix.name()), mix, workload));
        return root;
    }

    private static void operation(ObjectNode node, Operation operation) {
        node.put("kind", operation.kind().name())
                .put("token", operation.token().name())
                .put("via", operation.via().name())
                .put("effect", operation.effect().name())
                .put("needsWorkout", operation.needsWorkout())
                .put("method", operation.method())
                .put("path", operation.path())
                .put("body", operation.body())
                .put("mayFail", operation.mayFail());
        operation.expects().stream().sorted().forEach(node.putArray("expects")::add);
    }

    private static void journey(ObjectNode node, Journey journey) {
        node.put("name", journey.name())
                .put("weight", journey.weight())
                .put("why", journey.why())
                .put("sessionSeconds", journey.sessionSeconds());
        var segments = node.putArray("segments");
        for (var segment : journey.segments()) {
            var part = segments.addObject().put("from", segment.from()).put("to", segment.to());
            segment.steps().forEach(step -> step(part.withArray("steps"), step));
        }
    }

    private static void step(ArrayNode steps, Step step) {
        var node = steps.addObject().put("path", step.path());
        step.requests().forEach(operation -> node.withArray("requests").add(operation.name()));
        step.telemetry().forEach((operation, n) -> node.withObject("/telemetry").put(operation.name(), n));
        step.polls().forEach((operation, s) -> node.withObject("/polls").put(operation.name(), s));
        node.put("socket", step.socket()).put("think", step.think().toString());
    }

    private static void mix(ObjectNode node, Mix mix, Workload workload) {
        node.put("heldOut", mix.heldOut())
                .put("sessionSeconds", mix.sessionSeconds())
                .put("requestsPerSecondPerUser", mix.requestsPerSecondPerUser())
                .put("telemetryPerSecondPerUser", mix.telemetryPerSecondPerUser())
                .put("socketShare", mix.socketShare());
        var journeys = node.putObject("sessionShares");
        workload.journeys().forEach(journey -> journeys.put(journey.name(), mix.sessionShare(journey)));
        var classes = node.putObject("classes");
        mix.classShares(workload.classes()).forEach(classes::put);
    }
}
