package me.musclemap.capacity.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.claims.Claim;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.fit.ForeignLoad;
import me.musclemap.capacity.fit.LoadForm;
import me.musclemap.capacity.fit.PeriodicDemand;
import me.musclemap.capacity.forecast.ForecastDocument;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.predict.Figure;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.thresholds.Threshold;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;
import me.musclemap.capacity.validate.HeldOutComparison;

/** Writes an answer as {@code capacity.json}, by the contract's schema. */
public final class CapacityDocument {
    /** Of the model, not of the contract. */
    public static final String MODEL_VERSION = "0.1.0";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper WRITER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    /** Utilisation at which a cost that depends on it is printed. */
    private static final double AT_UTILISATION = 0.7;

    private final CapacityAnswer answer;
    private final Optional<ObjectNode> whatIf;
    private final RunRecord run;

    public CapacityDocument(CapacityAnswer answer) {
        this(answer, Optional.empty());
    }

    /** @param whatIf what moves the answer, what gains users and what storms do, by the contract's schema */
    public CapacityDocument(CapacityAnswer answer, Optional<ObjectNode> whatIf) {
        this.answer = answer;
        this.whatIf = whatIf;
        this.run = answer.fitted().run();
    }

    /** The title and the sentences. */
    public Verdict verdict() {
        return Verdict.of(answer);
    }

    /** The file's bytes. */
    public byte[] bytes() {
        try {
            return (WRITER.writeValueAsString(document()) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
        }
    }

    private ObjectNode document() {
        ObjectNode root = written();
        var without = new ArrayList<String>();
        withoutInfinities(root, "", without);
        if (!without.isEmpty()) {
            ((ArrayNode) root.get("quality").get("reasons"))
                    .add("no finite number came out for " + String.join(", ", without) + ", where null stands");
        }
        return root;
    }

    /** JSON has neither infinity nor NaN: null stands in their place, and the path is told. */
    static void withoutInfinities(JsonNode node, String path, List<String> replaced) {
        if (node instanceof ObjectNode object) {
            for (var member : List.copyOf(object.properties())) {
                String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
                if (isInfinite(member.getValue())) {
                    object.putNull(member.getKey());
                    replaced.add(at);
                }
                withoutInfinities(member.getValue(), at, replaced);
            }
        }
        for (int i = 0; node instanceof ArrayNode array && i < array.size(); i++) {
            String at = path + "[" + i + "]";
            JsonNode element = array.get(i);
            if (isInfinite(element)) {
                array.set(i, JSON.nullNode());
                replaced.add(at);
            }
            withoutInfinities(element, at, replaced);
        }
    }

    private static boolean isInfinite(JsonNode node) {
        return node.isNumber() && !Double.isFinite(node.doubleValue());
    }

    private ObjectNode written() {
        ObjectNode root = JSON.objectNode();
        root.put("schemaVersion", 1);
        root.put("runId", run.id());
        root.put("runSha256", run.sha256());
        root.putObject("model")
                .put("version", MODEL_VERSION)
                .put("seed", answer.seed())
                .put("draws", answer.draws());
        ObjectNode quality = root.putObject("quality");
        quality.put("label", answer.quality().label())
                .put("restarts", answer.quality().restarts());
        answer.quality().reasons().forEach(quality.putArray("reasons")::add);
        root.putObject("stack")
                .put("name", run.stack().name())
                .put("scope", run.stack().scope());
        root.set("workload", workload());
        Verdict verdict = verdict();
        ObjectNode words = root.putObject("verdict");
        words.put("title", verdict.title());
        verdict.sentences().forEach(words.putArray("sentences")::add);
        root.set("demands", demands());
        root.set("background", background());
        List<PeriodicDemand> periodic = PeriodicDemand.of(run);
        if (!periodic.isEmpty()) {
            ArrayNode works = root.putArray("periodic");
            periodic.forEach(work -> works.add(periodic(work)));
        }
        root.set("fit", fit());
        root.set("heldOut", answer.heldOut().map(CapacityDocument::heldOut).orElse(null));
        root.set("capacity", capacity());
        root.set("curve", curve());
        root.set("phases", phases());
        ArrayNode ratios = root.putArray("stackRatios");
        answer.stackRatios()
                .forEach(r -> ratios.addObject()
                        .put("class", r.requestClass())
                        .put("operation", r.operation())
                        .put("measuredCpuSeconds", r.measuredSeconds())
                        .put("productionCpuSeconds", r.productionSeconds())
                        .put("ratio", r.ratio())
                        .put("ofTheMix", r.ofTheMix()));
        root.set("headroom", headroom());
        root.set("forecast", answer.forecast().map(ForecastDocument::of).orElse(null));
        root.set("whatIf", whatIf.orElse(null));
        ArrayNode thresholds = root.putArray("thresholds");
        answer.thresholds().forEach(t -> thresholds.add(threshold(t)));
        ArrayNode claims = root.putArray("claims");
        answer.claims().forEach(c -> claims.add(claim(c)));
        return root;
    }

    private ObjectNode workload() {
        ObjectNode node = JSON.objectNode();
        node.put("name", run.workload().name());
        node.put("requestsPerSecondPerUser", run.workload().requestsPerSecondPerUser());
        node.put("telemetryPerSecondPerUser", run.workload().telemetryPerSecondPerUser());
        node.put("sessionSeconds", run.workload().sessionSeconds());
        ObjectNode mix = node.putObject("mix");
        run.classes().forEach(c -> mix.put(c.name(), run.workload().mix().getOrDefault(c.name(), 0.0)));
        return node;
    }

    private ArrayNode demands() {
        ArrayNode demands = JSON.arrayNode();
        DemandFit fit = answer.fitted().demand();
        for (int s = 0; s < run.cpu().stations().size(); s++) {
            for (int c = 0; c < run.classes().size(); c++) {
                int station = s;
                int requestClass = c;
                Interval cost = Interval.of(
                        fit.model().demandAt(s, c, AT_UTILISATION),
                        fit.draws().stream()
                                .mapToDouble(m -> m.demandAt(station, requestClass, AT_UTILISATION))
                                .toArray());
                ObjectNode node = demands.addObject();
                node.put("class", run.classes().get(c).name());
                node.put("station", run.cpu().stations().get(s));
                node.set("cpuSecondsPerRequest", interval(cost));
                node.put(
                        "identifiable",
                        fit.identifiable()[c]
                                && !ForeignLoad.isRest(run.cpu().stations().get(s)));
            }
        }
        return demands;
    }

    private ArrayNode background() {
        ArrayNode background = JSON.arrayNode();
        DemandFit fit = answer.fitted().demand();
        for (int s = 0; s < run.cpu().stations().size(); s++) {
            int station = s;
            ObjectNode node = background.addObject();
            node.put("station", run.cpu().stations().get(s));
            node.set(
                    "cores",
                    interval(Interval.of(
                            fit.model().background()[s],
                            fit.draws().stream()
                                    .mapToDouble(m -> m.background()[station])
                                    .toArray())));
            if (fit.idleCores().length == 0) {
                node.putNull("idleMeasuredCores");
            } else {
                node.put("idleMeasuredCores", fit.idleCores()[s]);
                node.put("meetsIdle", fit.meetsIdle()[s]);
            }
        }
        return background;
    }

    private ObjectNode periodic(PeriodicDemand work) {
        ObjectNode node = JSON.objectNode();
        node.put("name", work.name());
        node.put("everySeconds", work.everySeconds());
        node.set("cpuSeconds", interval(work.totalCpuSeconds(answer.draws(), answer.seed())));
        node.put("durationSeconds", work.durationSeconds());
        node.put("times", work.times());
        node.put("users", work.users());
        ArrayNode stations = node.putArray("stations");
        for (int s = 0; s < run.cpu().stations().size(); s++) {
            ObjectNode station = stations.addObject();
            station.put("station", run.cpu().stations().get(s));
            station.set("cpuSeconds", interval(work.cpuSecondsAt(s, answer.draws(), answer.seed())));
            station.put("cores", work.cores()[s]);
        }
        node.putObject("growth")
                .put("exponent", work.exponent())
                .put("measured", work.growthMeasured())
                .put("note", PeriodicLoad.growth(work));
        return node;
    }

    private ObjectNode fit() {
        DemandFit fit = answer.fitted().demand();
        ObjectNode node = JSON.objectNode();
        node.put("windows", fit.windows());
        ArrayNode excluded = node.putArray("excluded");
        fit.selection()
                .excluded()
                .forEach(e -> excluded.addObject().put("window", e.window()).put("reason", e.reason()));
        number(node, "conditionNumber", fit.conditionNumber());
        node.put(
                "method",
                "least squares per station with costs not below zero, rows weighted by the inverse of the rate's root; "
                        + Planner.words(fit.model().form(), fit.idleCores().length > 0)
                        + "; intervals from what restarts differ by and residuals in blocks of windows, redrawn and widened for the small sample");
        node.put("loadDependent", fit.model().form() != LoadForm.CONSTANT);
        node.put("compilationRatio", fit.jitRatio());
        ArrayNode restarts = node.putArray("restarts");
        fit.restartEffects().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> restarts.addObject().put("restart", e.getKey()).put("dearerBy", e.getValue()));
        node.put("restartSpread", fit.restartSpread());
        node.set("secondCore", secondCore(answer.secondCore()));
        ArrayNode stations = node.putArray("stations");
        for (int s = 0; s < run.cpu().stations().size(); s++) {
            ObjectNode station = stations.addObject();
            station.put("station", run.cpu().stations().get(s));
            station.put("residualCores", fit.stations().get(s).residualCores());
            number(
                    station,
                    "growthCpuSeconds",
                    fit.model().workouts() > 0 ? OptionalDouble.of(fit.model().growth()[s]) : OptionalDouble.empty());
            number(station, "lag1", fit.stations().get(s).lag1());
            number(station, "loadExponent", loadExponent(fit.model(), s));
        }
        return node;
    }

    private static ObjectNode secondCore(SecondCoreAssumed assumed) {
        ObjectNode node = JSON.objectNode();
        node.put("source", assumed.evidence().source().name().toLowerCase(Locale.ROOT));
        node.set(
                "ratio",
                assumed.evidence()
                        .ratio()
                        .<JsonNode>map(r -> interval(new Interval(
                                r.quantile(0.05), Math.max(1, r.ratio()), r.quantile(0.95), Interval.CONFIDENCE)))
                        .orElse(JSON.nullNode()));
        node.put("windows", assumed.evidence().windows());
        node.put("busyBesideWhileFitted", assumed.fittedShare());
        number(node, "stated", assumed.stated());
        node.put("words", assumed.words());
        return node;
    }

    /** Elasticity of busy time to the rate between a third and two thirds of the cores: 1 where the cost is constant. */
    private OptionalDouble loadExponent(DemandModel model, int station) {
        TrafficMix mix = TrafficMix.of(run);
        double cores = run.cpu().cores();
        double low = answer.fitted().rateAtUtilisation(model, mix, cores, 1.0 / 3);
        double high = answer.fitted().rateAtUtilisation(model, mix, cores, 2.0 / 3);
        double background = model.background()[station];
        double busyLow = model.at(mix.rates(low), cores).busyCores()[station] - background;
        double busyHigh = model.at(mix.rates(high), cores).busyCores()[station] - background;
        if (!(busyLow > 0) || !(low > 0) || !(high > low)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Math.log(busyHigh / busyLow) / Math.log(high / low));
    }

    private static ObjectNode heldOut(HeldOutComparison heldOut) {
        ObjectNode node = JSON.objectNode();
        node.put("sealedSha256", heldOut.sealedSha256());
        ArrayNode windows = node.putArray("windows");
        for (HeldOutComparison.Row row : heldOut.windows()) {
            ObjectNode window = windows.addObject();
            window.put("window", row.window());
            window.put("offeredPerSecond", row.offeredPerSecond());
            window.put("mixName", row.mixName());
            place(window, row.place());
            ArrayNode figures = window.putArray("figures");
            row.figures().forEach(c -> figures.add(compared(c.figure(), c.measured())));
        }
        ArrayNode errors = node.putArray("errors");
        for (HeldOutComparison.ErrorRow error : heldOut.errors()) {
            ObjectNode e = errors.addObject();
            e.put("quantity", error.quantity());
            e.put("unit", error.points() ? "points" : "ratio");
            e.put("count", error.count());
            e.put("inside", error.inside());
            place(e, error.place());
            e.set("model", errorFigures(error.model()));
            e.set("straightLine", errorFigures(error.straightLine()));
            e.set("usl", errorFigures(error.usl()));
        }
        node.putObject("coverage")
                .put("confidence", Interval.CONFIDENCE)
                .put("inside", heldOut.inside())
                .put("of", heldOut.of());
        return node;
    }

    private static void place(ObjectNode node, HeldOutComparison.Place place) {
        node.putObject("dataset").put("users", place.users()).put("workouts", place.workouts());
        node.put("cores", place.cores());
        node.put("withGenerator", place.generator());
        node.put("own", place.own());
    }

    private static ObjectNode compared(Figure figure, double measured) {
        ObjectNode node = JSON.objectNode();
        node.put("quantity", figure.quantity());
        text(node, "station", figure.station());
        node.set("predicted", interval(figure.predicted()));
        node.put("measured", measured);
        number(node, "straightLine", figure.straightLine());
        number(node, "usl", figure.usl());
        return node;
    }

    private static JsonNode errorFigures(Optional<HeldOutComparison.Figures> figures) {
        return figures.<JsonNode>map(
                        f -> JSON.objectNode().put("median", f.median()).put("p90", f.p90()))
                .orElse(JSON.nullNode());
    }

    private ObjectNode capacity() {
        ObjectNode node = JSON.objectNode();
        node.set("policy", answer.policy().map(CapacityDocument::limit).orElse(null));
        node.set("slo", answer.slo().map(CapacityDocument::limit).orElse(null));
        node.put("objectiveSeconds", FittedRun.SLO_P99_SECONDS);
        number(node, "collapsePerSecond", answer.collapsePerSecond());
        ArrayNode users = node.putArray("users");
        for (CapacityAnswer.Users kind : answer.users()) {
            ObjectNode u = users.addObject();
            u.put("kind", kind.kind());
            u.set("users", quantiles(kind.users()));
            u.put("assumes", kind.assumes());
        }
        node.set(
                "sessionsPerMinute",
                answer.sessionsPerMinute().map(CapacityDocument::quantiles).orElse(null));
        answer.largestConsumer()
                .ifPresentOrElse(
                        c -> node.putObject("largestConsumer")
                                .put("station", c.station())
                                .put("share", c.share()),
                        () -> node.putNull("largestConsumer"));
        return node;
    }

    private static ObjectNode limit(CapacityAnswer.Limit limit) {
        ObjectNode node = JSON.objectNode();
        node.put("rule", limit.rule());
        node.set("requestsPerSecond", quantiles(limit.requestsPerSecond()));
        node.set("binding", constraint(limit.binding()));
        node.put("extrapolated", limit.extrapolated());
        return node;
    }

    private ArrayNode curve() {
        ArrayNode curve = JSON.arrayNode();
        for (CapacityAnswer.CurvePoint point : answer.curve()) {
            ObjectNode node = curve.addObject();
            node.put("requestsPerSecond", point.requestsPerSecond());
            node.set("meanSeconds", interval(point.mean()));
            node.set("p95Seconds", interval(point.p95()));
            node.set("p99Seconds", interval(point.p99()));
            node.set("utilisation", ratios(point.utilisation()));
            node.put("extrapolated", point.extrapolated());
            point.check()
                    .ifPresentOrElse(
                            check -> {
                                node.putObject("check")
                                        .put("formulaP95Seconds", check.formulaP95())
                                        .put("simulatedP95Seconds", check.simulatedP95())
                                        .put("formulaP99Seconds", check.formulaP99())
                                        .put("simulatedP99Seconds", check.simulatedP99());
                                node.put("disagreement", check.disagreement());
                            },
                            () -> node.putNull("check").putNull("disagreement"));
        }
        return curve;
    }

    private ArrayNode phases() {
        ArrayNode phases = JSON.arrayNode();
        for (PhaseAnswer phase : answer.phases()) {
            ObjectNode node = phases.addObject();
            node.put("id", phase.phase().id());
            node.put("name", phase.phase().name());
            node.put("place", phase.phase().place());
            node.put("targetUsers", phase.phase().targetUsers());
            ArrayNode claimed = node.putArray("claimedUsers");
            for (double users : phase.phase().claimedUsers()) {
                claimed.add(users);
            }
            ObjectNode cost = node.putObject("costDollarsPerMonth");
            ArrayNode claimedCost = cost.putArray("claimed");
            for (double dollars : phase.phase().claimedDollarsPerMonth()) {
                claimedCost.add(dollars);
            }
            cost.set("computed", interval(phase.dollarsPerMonth()));
            cost.put("why", phase.whyDollars());
            number(
                    cost,
                    "perThousandUsers",
                    phase.dollarsPerMonth().stream()
                            .mapToDouble(d -> d.mid() / phase.phase().targetUsers() * 1000)
                            .findFirst());
            node.put("oneMachineLost", phase.phase().oneMachineLost());
            ArrayNode stacks = node.putArray("stacks");
            phase.stacks().forEach(s -> stacks.add(onStack(s)));
        }
        return phases;
    }

    private static ObjectNode onStack(PhaseAnswer.OnStack stack) {
        ObjectNode node = JSON.objectNode();
        node.put("stack", stack.stack());
        node.put("scope", stack.scope());
        node.put("label", stack.label());
        node.put("requestsPerSecondPerUser", stack.perUserPerSecond());
        node.set(
                "requestsPerSecond",
                stack.requestsPerSecond().map(CapacityDocument::quantiles).orElse(null));
        node.set("users", stack.users().map(CapacityDocument::quantiles).orElse(null));
        text(node, "whyNull", stack.whyNull());
        node.set("binding", stack.binding().map(CapacityDocument::constraint).orElse(null));
        ArrayNode next = node.putArray("next");
        stack.next().forEach(c -> next.add(constraint(c)));
        number(node, "headroom", stack.headroom());
        number(node, "headroomNow", stack.headroomNow());
        number(node, "p99Seconds", finite(stack.p99Seconds()));
        ArrayNode utilisation = node.putArray("utilisation");
        stack.utilisation()
                .forEach((station, ratio) ->
                        utilisation.addObject().put("station", station).put("ratio", ratio));
        number(node, "coresForTarget", stack.coresForTarget());
        ArrayNode uses = node.putArray("uses");
        stack.uses().forEach(u -> {
            ObjectNode use = uses.addObject().put("name", u.name()).put("limit", u.limit());
            number(use, "atAnswer", finite(OptionalDouble.of(u.atAnswer())));
            number(use, "atTarget", finite(OptionalDouble.of(u.atTarget())));
        });
        node.set("disk", stack.disk().map(CapacityDocument::disk).orElse(null));
        ObjectNode caches = node.putObject("caches");
        caches.put("reachesOrigin", stack.caches().reachesOrigin());
        caches.put("reachesDatabase", stack.caches().reachesDatabase());
        ArrayNode classes = caches.putArray("classes");
        stack.caches()
                .classes()
                .forEach(c -> classes.addObject()
                        .put("class", c.requestClass())
                        .put("edge", c.edge())
                        .put("origin", c.origin()));
        ArrayNode losses = node.putArray("oneMachineLost");
        stack.losses()
                .forEach(l -> losses.addObject()
                        .put("tier", l.tier())
                        .put("shareLeft", l.shareLeft())
                        .put("what", l.what()));
        node.putObject("data")
                .put("users", stack.data().users())
                .put("workouts", stack.data().workouts())
                .put("note", stack.data().note());
        return node;
    }

    private static JsonNode disk(PhaseAnswer.Disk disk) {
        ObjectNode node = JSON.objectNode();
        node.put("bytesPerDay", disk.bytesPerDay());
        node.put("bytes", disk.bytes());
        number(node, "daysToFull", disk.daysToFull());
        return node;
    }

    /** JSON has no infinity: what has no end has no number. */
    private static OptionalDouble finite(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble()) ? value : OptionalDouble.empty();
    }

    private JsonNode headroom() {
        if (answer.headroom().isEmpty()) {
            return JSON.nullNode();
        }
        CapacityAnswer.HeadroomNow headroom = answer.headroom().get();
        ObjectNode node = JSON.objectNode();
        node.put("atRequestsPerSecond", headroom.atRequestsPerSecond());
        node.set("ratio", quantiles(headroom.ratio()));
        node.set("binding", constraint(headroom.binding()));
        return node;
    }

    private static ObjectNode threshold(Threshold threshold) {
        ObjectNode node = JSON.objectNode();
        node.put("observable", threshold.observable());
        text(node, "station", threshold.station());
        node.put("unit", threshold.unit());
        node.put("warning", threshold.warning());
        node.put("critical", threshold.critical());
        node.put("canFire", threshold.canFire());
        node.put("why", threshold.why());
        return node;
    }

    /** A claim as it stands in the document. */
    public static ObjectNode claim(Claim claim) {
        ObjectNode node = JSON.objectNode();
        node.put("id", claim.id());
        node.put("statement", claim.statement());
        node.put("place", claim.place());
        text(node, "formula", claim.formula());
        node.put("verdict", claim.verdict());
        node.set("measured", claim.measured().map(CapacityDocument::quantiles).orElse(null));
        text(node, "unit", claim.unit());
        node.put("why", claim.why());
        text(node, "wouldHoldIf", claim.wouldHoldIf());
        return node;
    }

    private static ObjectNode constraint(NamedConstraint constraint) {
        ObjectNode node = JSON.objectNode();
        node.put("name", constraint.name());
        node.put("limit", constraint.limit());
        text(node, "largestConsumer", constraint.largestConsumer());
        node.put("ratio", constraint.ratio());
        return node;
    }

    private static ObjectNode ratios(Map<String, Double> ratios) {
        ObjectNode node = JSON.objectNode();
        ratios.forEach(node::put);
        return node;
    }

    private static JsonNode interval(Optional<Interval> interval) {
        return interval.<JsonNode>map(CapacityDocument::interval).orElse(JSON.nullNode());
    }

    private static ObjectNode interval(Interval interval) {
        return JSON.objectNode()
                .put("low", interval.low())
                .put("mid", interval.mid())
                .put("high", interval.high())
                .put("confidence", interval.confidence());
    }

    private static ObjectNode quantiles(Quantiles quantiles) {
        return JSON.objectNode()
                .put("p10", quantiles.p10())
                .put("p50", quantiles.p50())
                .put("p90", quantiles.p90());
    }

    private static void number(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    private static void text(ObjectNode node, String key, Optional<String> value) {
        if (value.isPresent()) {
            node.put(key, value.get());
        } else {
            node.putNull(key);
        }
    }
}
