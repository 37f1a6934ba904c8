package me.musclemap.capacity.whatif;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;

/** Answers to what-ifs as JSON; names carry units, what has no end is null. */
public final class WhatIfDocument {
    private WhatIfDocument() {}

    /** Which question was asked. */
    public static ObjectNode of(Question question) {
        ObjectNode root = object();
        root.put("phase", question.phase().id());
        root.put("stack", question.stack().name());
        root.put("scope", question.stack().scope());
        root.put("estimated", question.stack().estimated());
        root.put("requestsPerSecondPerUser", question.perUser());
        root.put("beyondRange", question.isBeyondRange());
        return root;
    }

    /** The section {@code whatIf} of {@code capacity.json}: a tornado, the levers and every storm. */
    public static ObjectNode section(Question question) {
        ObjectNode root = of(question);
        root.set("tornado", of(Tornado.of(question)));
        root.set("levers", of(Levers.of(question)));
        ArrayNode storms = root.putArray("storms");
        double users = StormStudy.USUAL_SHARE * question.bestUsers();
        question.phases()
                .storms()
                .forEach((name, storm) -> storms.add(of(StormStudy.of(question, name, storm, users))));
        return root;
    }

    /** Two plans side by side. */
    public static ObjectNode of(Difference difference) {
        ObjectNode root = object();
        ArrayNode rows = root.putArray("rows");
        for (Difference.Row row : difference.rows()) {
            ObjectNode node = rows.addObject()
                    .put("phase", row.phase())
                    .put("stack", row.stack())
                    .put("label", row.label());
            node.set("before", side(row.before()));
            node.set("after", side(row.after()));
            node.set("gainedUsers", quantiles(row.gained()));
            number(node, "ratio", row.ratio());
        }
        ArrayNode costs = root.putArray("costDollarsPerMonth");
        difference.costs().forEach(c -> {
            ObjectNode node = costs.addObject().put("phase", c.phase());
            node.set("before", interval(c.before()));
            node.set("after", interval(c.after()));
        });
        return root;
    }

    private static ObjectNode side(Difference.Side side) {
        ObjectNode node = object();
        node.set("users", quantiles(side.users()));
        node.set("requestsPerSecond", quantiles(side.requestsPerSecond()));
        node.put("binding", side.binding());
        number(node, "coresForTarget", side.coresForTarget());
        number(node, "p99Seconds", side.p99Seconds());
        return node;
    }

    /** A tornado. */
    public static ObjectNode of(Tornado tornado) {
        ObjectNode root = object();
        number(root, "users", tornado.bestUsers());
        ArrayNode rows = root.putArray("rows");
        for (Tornado.Row row : tornado.rows()) {
            ObjectNode node = rows.addObject()
                    .put("input", row.input())
                    .put("stated", row.stated())
                    .put("low", row.low())
                    .put("high", row.high());
            number(node, "usersAtLow", row.usersAtLow());
            number(node, "usersAtHigh", row.usersAtHigh());
        }
        tornado.withoutEffect().forEach(root.putArray("withoutEffect")::add);
        return root;
    }

    /** Levers. */
    public static ObjectNode of(Levers levers) {
        ObjectNode root = object();
        root.set("users", quantiles(Optional.of(levers.before())));
        root.put("binding", levers.binding());
        ArrayNode rows = root.putArray("rows");
        for (Levers.Row row : levers.rows()) {
            ObjectNode node = rows.addObject().put("name", row.name()).put("effort", row.effort());
            node.set("gainedUsers", quantiles(Optional.of(row.gained())));
            number(node, "gainedRatio", row.gainedRatio());
            node.put("binding", row.binding());
        }
        return root;
    }

    /** A storm. */
    public static ObjectNode of(StormStudy storm) {
        ObjectNode root = object().put("name", storm.name()).put("what", storm.what());
        number(root, "users", storm.users());
        number(root, "requestsPerSecond", storm.headlinePerSecond());
        ArrayNode resources = root.putArray("resources");
        for (StormStudy.Resource r : storm.resources()) {
            ObjectNode node = resources.addObject().put("name", r.name());
            node.set("highestUse", quantiles(Optional.of(r.highest())));
            node.set("waitSeconds", quantiles(Optional.of(r.waitSeconds())));
            node.set("lastsSeconds", quantiles(Optional.of(r.lastsSeconds())));
            number(node, "overloadedShare", r.overloaded());
            ObjectNode stations = node.putObject("byStation");
            r.byStation().forEach(stations::put);
        }
        storm.givesOut().ifPresentOrElse(g -> root.put("givesOut", g), () -> root.putNull("givesOut"));
        root.set("poolFullAfterSeconds", quantiles(storm.poolFull()));
        number(root, "poolFullShare", storm.poolFullShare());
        return root;
    }

    /** The cheapest configurations. */
    public static ObjectNode of(Cheapest cheapest) {
        ObjectNode root = object();
        number(root, "users", cheapest.users());
        number(root, "confidence", cheapest.confidence());
        number(root, "requestsPerSecond", cheapest.headlinePerSecond());
        root.put("tried", cheapest.tried());
        ArrayNode found = root.putArray("found");
        for (Cheapest.Found f : cheapest.found()) {
            ObjectNode node = found.addObject().put("configuration", f.words());
            number(node, "dollarsPerMonth", f.dollarsPerMonth());
            number(node, "machineDollarsPerMonth", f.machineDollars());
            number(node, "probability", f.probability());
            node.put("nearestLimit", f.binding());
            number(node, "nearestLimitUsed", f.bindingUsed());
            node.put("beyondRange", f.beyondRange());
        }
        return root;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static JsonNode quantiles(Optional<Quantiles> quantiles) {
        if (quantiles.isEmpty()) {
            return JsonNodeFactory.instance.nullNode();
        }
        ObjectNode node = object();
        number(node, "p10", quantiles.get().p10());
        number(node, "p50", quantiles.get().p50());
        number(node, "p90", quantiles.get().p90());
        return node;
    }

    private static ObjectNode interval(Interval interval) {
        ObjectNode node = object();
        number(node, "low", interval.low());
        number(node, "mid", interval.mid());
        number(node, "high", interval.high());
        return node.put("confidence", interval.confidence());
    }

    private static void number(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        } else {
            node.putNull(key);
        }
    }
}
