package me.musclemap.load.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads a workload file strictly: a key or name that it does not know is refused with the nearest known one. */
final class WorkloadReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    private final StrictNode root;
    private final Map<String, Operation> operations;
    private final Map<String, ThinkTime> thinkTimes = new LinkedHashMap<>();
    private final Map<String, Step> pages = new LinkedHashMap<>();
    private final Optional<WorkloadReader> like;

    /** @param like the workload whose think times, pages, journeys, classes, tokens and sockets this one may use */
    private WorkloadReader(StrictNode root, Map<String, Operation> operations, Optional<WorkloadReader> like) {
        this.root = root;
        this.operations = operations;
        this.like = like;
        thinkTimes.put("none", ThinkTime.NONE);
        like.ifPresent(base -> {
            thinkTimes.putAll(base.thinkTimes);
            pages.putAll(base.pages);
        });
        if (root.has("thinkTimes")) {
            root.child("thinkTimes").entries().forEach((key, node) -> thinkTimes.put(key, thinkTime(node)));
        }
        if (root.has("pages")) {
            root.child("pages").entries().forEach((key, node) -> pages.put(key, step(node)));
        }
    }

    static Workload read(Path file) {
        var root = StrictNode.read(file);
        root.only(
                "name",
                "title",
                "operations",
                "like",
                "sources",
                "classes",
                "tokens",
                "sockets",
                "regions",
                "thinkTimes",
                "pages",
                "journeys",
                "mixes");
        var operationsFile = file.resolveSibling(root.child("operations").text());
        var operations = operations(StrictNode.read(operationsFile));
        Optional<WorkloadReader> like = root.has("like") ? Optional.of(like(file, root, operations)) : Optional.empty();
        return new WorkloadReader(root, operations, like).workload();
    }

    private static WorkloadReader like(Path file, StrictNode root, Map<String, Operation> operations) {
        var name = root.child("like").text();
        var base = StrictNode.read(file.resolveSibling(name));
        if (base.has("like")) {
            throw root.child("like").wrong(name + " is like another one itself", "name that one");
        }
        return new WorkloadReader(base, operations, Optional.empty());
    }

    private Workload workload() {
        var name = name(root.child("name"));
        var journeys = new ArrayList<Journey>();
        root.child("journeys").entries().forEach((key, node) -> journeys.add(journey(key, node)));
        if (journeys.isEmpty()) {
            throw root.child("journeys").wrong("has no journey", "write at least one");
        }
        var tokens = own("tokens").map(this::tokens);
        var used = used(journeys, tokens);
        var classes = classes(used);
        var sources = new LinkedHashMap<String, String>();
        root.child("sources").entries().forEach((key, node) -> sources.put(key, node.text()));
        var sockets = own("sockets").map(WorkloadReader::sockets);
        return new Workload(
                name,
                root.child("title").text(),
                sources,
                classes,
                used,
                tokens,
                sockets,
                root.has("regions") ? regions(root.child("regions")) : List.of(),
                journeys,
                mixes(journeys, used));
    }

    /** What this file says, or else the file that it is like. */
    private Optional<StrictNode> own(String key) {
        if (root.has(key)) {
            return Optional.of(root.child(key));
        }
        return like.filter(base -> base.root.has(key)).map(base -> base.root.child(key));
    }

    private static String name(StrictNode node) {
        var name = node.text();
        if (!NAME.matcher(name).matches()) {
            throw node.wrong("'" + name + "' is no name", "use letters, digits and '-', starting with a letter");
        }
        return name;
    }

    private static Map<String, Operation> operations(StrictNode file) {
        file.only("operations");
        var operations = new TreeMap<String, Operation>();
        file.child("operations").entries().forEach((name, node) -> {
            if (!NAME.matcher(name).matches()) {
                throw node.wrong("'" + name + "' is no name", "use letters, digits and '-', starting with a letter");
            }
            operations.put(name, operation(name, node));
        });
        return operations;
    }

    private static Operation operation(String name, StrictNode node) {
        node.only(
                "kind",
                "token",
                "via",
                "keeps",
                "needs",
                "begins",
                "ends",
                "query",
                "variables",
                "sentAs",
                "method",
                "path",
                "body",
                "expects",
                "mayFail");
        var kind = Operation.Kind.valueOf(upper(node.child("kind").oneOf("graphql", "rest", "telemetry")));
        var token = Operation.Token.valueOf(upper(node.child("token").oneOf("required", "optional", "none")));
        var via = node.has("via")
                ? Operation.Via.valueOf(upper(node.child("via").oneOf("api", "rum")))
                : Operation.Via.API;
        var graphql = kind == Operation.Kind.GRAPHQL;
        var body = graphql ? graphqlBody(name, node) : node.textOr("body", "");
        var path = graphql ? "/api/graphql" : node.child("path").text();
        if (!path.startsWith("/")) {
            throw node.child("path").wrong("must start with '/', was " + path, "write the path at the target");
        }
        for (var key : graphql ? List.of("method", "path", "body") : List.of("query", "variables", "sentAs")) {
            if (node.has(key)) {
                throw node.child(key)
                        .wrong("does not go with kind " + node.child("kind").text(), "leave it out");
            }
        }
        placeholders(node, path);
        placeholders(node, body);
        var expects = new HashSet<Integer>();
        if (node.has("expects")) {
            node.child("expects").items().forEach(item -> expects.add(item.count()));
        }
        if (node.has("needs")) {
            node.child("needs").oneOf("workout");
        }
        var method = graphql ? "POST" : node.child("method").oneOf("GET", "POST");
        return new Operation(
                name,
                kind,
                token,
                via,
                effect(node),
                node.has("needs"),
                method,
                path,
                body,
                expects,
                node.flag("mayFail"));
    }

    private static String upper(String text) {
        return text.toUpperCase(java.util.Locale.ROOT);
    }

    private static Operation.Effect effect(StrictNode node) {
        if (node.has("keeps")) {
            return node.child("keeps").oneOf("token", "workout").equals("token")
                    ? Operation.Effect.KEEPS_TOKEN
                    : Operation.Effect.KEEPS_WORKOUT;
        }
        if (node.has("begins")) {
            node.child("begins").oneOf("account");
            return Operation.Effect.BEGINS_ACCOUNT;
        }
        if (node.has("ends")) {
            node.child("ends").oneOf("workout");
            return Operation.Effect.ENDS_WORKOUT;
        }
        return Operation.Effect.NONE;
    }

    private static String graphqlBody(String name, StrictNode node) {
        var query = JsonNodeFactory.instance.textNode(node.child("query").text());
        var variables = node.textOr("variables", "{}");
        return "{\"operationName\":\"" + node.textOr("sentAs", name) + "\",\"variables\":" + variables + ",\"query\":"
                + query + "}";
    }

    private static void placeholders(StrictNode node, String text) {
        var found = PLACEHOLDER.matcher(text);
        while (found.find()) {
            if (Placeholder.of(found.group(1)).isEmpty()) {
                throw node.wrong(
                        "unknown value ${" + found.group(1) + "}",
                        StrictNode.remedyFor(found.group(1), Placeholder.known()));
            }
        }
    }

    private static ThinkTime thinkTime(StrictNode node) {
        node.only("constant", "uniform", "exponential", "logNormal");
        if (node.names().size() != 1) {
            throw node.wrong("must have one distribution", "write for example {exponential: {meanSeconds: 30}}");
        }
        var kind = node.names().get(0);
        var values = node.child(kind);
        switch (kind) {
            case "constant":
                values.only("seconds");
                return new ThinkTime.Constant(values.child("seconds").notNegative());
            case "uniform":
                values.only("fromSeconds", "toSeconds");
                var from = values.child("fromSeconds").notNegative();
                var to = values.child("toSeconds").positive();
                if (to <= from) {
                    throw values.child("toSeconds").wrong("must be above fromSeconds", "write more than " + from);
                }
                return new ThinkTime.Uniform(from, to);
            case "exponential":
                values.only("meanSeconds");
                return new ThinkTime.Exponential(values.child("meanSeconds").positive());
            default:
                values.only("meanSeconds", "sigma");
                return new ThinkTime.LogNormal(
                        values.child("meanSeconds").positive(),
                        values.child("sigma").positive());
        }
    }

    private Step step(StrictNode node) {
        node.only("path", "requests", "telemetry", "polls", "socket", "think");
        var requests = node.child("requests").items().stream()
                .map(item -> operation(item, item.text()))
                .toList();
        requests.stream().filter(operation -> !operation.headline()).findFirst().ifPresent(operation -> {
            throw node.child("requests").wrong(operation.name() + " is a telemetry post", "list it under telemetry");
        });
        var telemetry = new TreeMap<Operation, Integer>(Comparator.comparing(Operation::name));
        if (node.has("telemetry")) {
            node.child("telemetry").entries().forEach((name, count) -> {
                var operation = operation(count, name);
                if (operation.headline()) {
                    throw count.wrong(name + " is no telemetry post", "list it under requests");
                }
                telemetry.put(operation, count.count());
            });
        }
        var polls = new TreeMap<Operation, Double>(Comparator.comparing(Operation::name));
        if (node.has("polls")) {
            node.child("polls")
                    .entries()
                    .forEach((name, period) -> polls.put(operation(period, name), period.positive()));
        }
        var think = think(node.child("think"));
        if (think.meanSeconds() == 0 && !polls.isEmpty()) {
            throw node.child("polls").wrong("polls need a pause to happen in", "give the step a think time");
        }
        return new Step(node.child("path").text(), requests, telemetry, polls, node.flag("socket"), think);
    }

    private ThinkTime think(StrictNode node) {
        if (!node.isText()) {
            return thinkTime(node);
        }
        var think = thinkTimes.get(node.text());
        if (think == null) {
            throw node.wrong(
                    "unknown think time '" + node.text() + "'", StrictNode.remedyFor(node.text(), thinkTimes.keySet()));
        }
        return think;
    }

    private Operation operation(StrictNode node, String name) {
        var operation = operations.get(name);
        if (operation == null) {
            throw node.wrong("unknown operation '" + name + "'", StrictNode.remedyFor(name, operations.keySet()));
        }
        return operation;
    }

    private Journey journey(String name, StrictNode node) {
        node.only("weight", "why", "steps", "like");
        if (!NAME.matcher(name).matches()) {
            throw node.wrong("'" + name + "' is no name", "use letters, digits and '-', starting with a letter");
        }
        if (node.has("like")) {
            return likeJourney(name, node);
        }
        var segments = new ArrayList<Journey.Segment>();
        var plain = new ArrayList<Step>();
        for (var item : node.child("steps").items()) {
            if (!item.has("repeat")) {
                plain.add(pageOrStep(item));
                continue;
            }
            item.only("repeat", "steps");
            if (!plain.isEmpty()) {
                segments.add(new Journey.Segment(plain, 1, 1));
                plain.clear();
            }
            segments.add(repeated(item));
        }
        if (!plain.isEmpty()) {
            segments.add(new Journey.Segment(plain, 1, 1));
        }
        var journey = new Journey(
                name, node.child("weight").notNegative(), node.child("why").text(), segments);
        if (!(journey.sessionSeconds() > 0)) {
            throw node.child("steps").wrong("a session without any pause", "give at least one step a think time");
        }
        return journey;
    }

    /** The steps of a journey of the other file, with a weight and a reason of its own. */
    private Journey likeJourney(String name, StrictNode node) {
        var named = node.child("like");
        if (node.has("steps")) {
            throw node.child("steps").wrong("does not go with 'like'", "leave one of them out");
        }
        var base = like.orElseThrow(
                () -> named.wrong("this workload is like no other", "write 'like: musclemap-day.yaml' at the top"));
        var journeys = base.root.child("journeys").entries();
        var same = journeys.get(named.text());
        if (same == null) {
            throw named.wrong(
                    "unknown journey '" + named.text() + "'", StrictNode.remedyFor(named.text(), journeys.keySet()));
        }
        var steps = base.journey(named.text(), same).segments();
        return new Journey(
                name, node.child("weight").notNegative(), node.child("why").text(), steps);
    }

    private Journey.Segment repeated(StrictNode item) {
        var repeat = item.child("repeat").only("from", "to");
        var from = repeat.child("from").count();
        var to = repeat.child("to").count();
        if (to < from || to == 0) {
            throw repeat.child("to")
                    .wrong("must be at least 1 and at least 'from'", "write " + Math.max(1, from) + " or more");
        }
        var steps = item.child("steps").items().stream().map(this::pageOrStep).toList();
        if (steps.isEmpty()) {
            throw item.child("steps").wrong("is empty", "write at least one step");
        }
        return new Journey.Segment(steps, from, to);
    }

    private Step pageOrStep(StrictNode node) {
        if (!node.has("page")) {
            return step(node);
        }
        node.only("page");
        var page = node.child("page");
        var step = pages.get(page.text());
        if (step == null) {
            throw page.wrong("unknown page '" + page.text() + "'", StrictNode.remedyFor(page.text(), pages.keySet()));
        }
        return step;
    }

    private Workload.Tokens tokens(StrictNode node) {
        node.only("lifeSeconds", "refreshBeforeSeconds", "refresh");
        var refresh = node.child("refresh");
        var tokens = new Workload.Tokens(
                node.child("lifeSeconds").positive(),
                node.child("refreshBeforeSeconds").notNegative(),
                operation(refresh, refresh.text()));
        if (tokens.refreshBeforeSeconds() >= tokens.lifeSeconds()) {
            throw node.child("refreshBeforeSeconds").wrong("must be below lifeSeconds", "write less");
        }
        return tokens;
    }

    private static Workload.Sockets sockets(StrictNode node) {
        node.only("path", "send", "pingSeconds", "operation");
        return new Workload.Sockets(
                node.child("path").text(),
                node.child("send").text(),
                node.child("pingSeconds").positive(),
                name(node.child("operation")));
    }

    /** Shares are normalised, as the weights of journeys are. */
    private static List<Region> regions(StrictNode node) {
        var shares = new LinkedHashMap<String, Double>();
        node.entries().forEach((name, region) -> {
            region.only("share", "roundTripMillis", "why");
            shares.put(name, region.child("share").notNegative());
        });
        checked(node, shares);
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        var regions = new ArrayList<Region>();
        node.entries()
                .forEach((name, region) -> regions.add(new Region(
                        name,
                        shares.getOrDefault(name, 0.0) / sum,
                        region.child("roundTripMillis").notNegative() / 1000,
                        region.child("why").text())));
        return regions;
    }

    private static Map<String, Operation> used(List<Journey> journeys, Optional<Workload.Tokens> tokens) {
        var used = new TreeMap<String, Operation>();
        for (var journey : journeys) {
            for (var segment : journey.segments()) {
                for (var step : segment.steps()) {
                    step.requests().forEach(operation -> used.put(operation.name(), operation));
                    step.telemetry().keySet().forEach(operation -> used.put(operation.name(), operation));
                    step.polls().keySet().forEach(operation -> used.put(operation.name(), operation));
                }
            }
        }
        tokens.map(Workload.Tokens::refresh).ifPresent(operation -> used.put(operation.name(), operation));
        return used;
    }

    /** Classes of the other file come first, with those of their operations that are used here; then this file's own. */
    private List<FitClass> classes(Map<String, Operation> used) {
        var classes = new LinkedHashMap<String, FitClass>();
        var seen = new HashMap<String, String>();
        like.ifPresent(base -> base.root.child("classes").entries().forEach((name, fitClass) -> {
            var operations = fitClass.child("operations").texts().stream()
                    .filter(used::containsKey)
                    .toList();
            operations.forEach(operation -> seen.put(operation, name));
            if (!operations.isEmpty()) {
                classes.put(name, new FitClass(name, operations, fitClass.flag("headline")));
            }
        }));
        var node = like.isPresent() && !root.has("classes") ? root : root.child("classes");
        if (root.has("classes")) {
            own(node, used, seen, classes);
        }
        Set<String> without = new LinkedHashSet<>(used.keySet());
        without.removeAll(seen.keySet());
        if (!without.isEmpty()) {
            throw node.wrong("without a class: " + String.join(", ", without), "add each to one class");
        }
        return List.copyOf(classes.values());
    }

    private static void own(
            StrictNode node, Map<String, Operation> used, Map<String, String> seen, Map<String, FitClass> classes) {
        node.entries().forEach((name, fitClass) -> {
            fitClass.only("headline", "operations");
            var headline = fitClass.flag("headline");
            for (var item : fitClass.child("operations").items()) {
                var operation = used.get(item.text());
                if (operation == null) {
                    throw item.wrong(
                            "no journey uses '" + item.text() + "'", StrictNode.remedyFor(item.text(), used.keySet()));
                }
                if (operation.headline() != headline) {
                    throw item.wrong(
                            operation.name() + " is of kind " + operation.kind() + ", the class says headline: "
                                    + headline,
                            "put it into another class");
                }
                var before = seen.put(item.text(), name);
                if (before != null) {
                    throw item.wrong("stands in " + before + " too", "keep it in one class");
                }
            }
            var operations = new ArrayList<String>();
            Optional.ofNullable(classes.get(name)).ifPresent(before -> operations.addAll(before.operations()));
            operations.addAll(fitClass.child("operations").texts());
            classes.put(name, new FitClass(name, operations, headline));
        });
    }

    private Map<String, Mix> mixes(List<Journey> journeys, Map<String, Operation> used) {
        var headline = new HashMap<String, Boolean>();
        used.forEach((name, operation) -> headline.put(name, operation.headline()));
        var own = new LinkedHashMap<String, Double>();
        journeys.forEach(journey -> own.put(journey.name(), journey.weight()));
        checked(root.child("journeys"), own);
        var mixes = new LinkedHashMap<String, Mix>();
        mixes.put(Workload.OWN_MIX, new Mix(Workload.OWN_MIX, false, journeys, own, headline));
        if (!root.has("mixes")) {
            return mixes;
        }
        root.child("mixes").entries().forEach((name, node) -> {
            node.only("for", "journeys");
            var weights = new LinkedHashMap<String, Double>();
            node.child("journeys").entries().forEach((journey, weight) -> {
                if (!own.containsKey(journey)) {
                    throw weight.wrong("unknown journey", StrictNode.remedyFor(journey, own.keySet()));
                }
                weights.put(journey, weight.notNegative());
            });
            checked(node.child("journeys"), weights);
            if (mixes.containsKey(name)) {
                throw node.wrong("is the name of the workload's own mix", "choose another name");
            }
            var heldOut = node.child("for").oneOf("fit", "held-out").equals("held-out");
            mixes.put(name, new Mix(name, heldOut, journeys, weights, headline));
        });
        return mixes;
    }

    private static void checked(StrictNode node, Map<String, Double> weights) {
        if (!(weights.values().stream().mapToDouble(Double::doubleValue).sum() > 0)) {
            throw node.wrong("every weight is 0", "give at least one journey a weight above 0");
        }
    }
}
