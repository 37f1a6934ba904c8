package me.musclemap.capacity.condition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.uncertainty.Interval;
import org.jspecify.annotations.Nullable;

/** An answer as canonical JSON (sorted keys, no spaces), for which one hash stands, and as lines for a person. */
public final class ConditionDocument {
    private static final ObjectMapper CANONICAL =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final ConditionAnswer answer;

    public ConditionDocument(ConditionAnswer answer) {
        this.answer = answer;
    }

    /** The hash of {@link #canonicalBytes()}. */
    public String sha256() {
        return RunRecordReader.sha256(canonicalBytes());
    }

    /** The bytes that are hashed and written. */
    public byte[] canonicalBytes() {
        try {
            return (CANONICAL.writeValueAsString(json()) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and texts are always JSON", e);
        }
    }

    private Map<String, Object> json() {
        var root = new TreeMap<String, Object>();
        root.put("schemaVersion", 1);
        root.put("kind", "condition");
        root.put("runId", answer.run().id());
        root.put("runSha256", answer.run().sha256());
        root.put("stack", answer.run().stack().name());
        root.put("scope", answer.run().stack().scope());
        root.put("fittedWindows", answer.windows());
        root.put("draws", answer.draws());
        root.put("drivenPerSecond", answer.drivenPerSecond());
        root.put("extrapolated", answer.extrapolated());
        root.put("reasons", answer.reasons());
        root.put("carried", answer.carried());
        root.put("condition", condition());
        root.put(
                "maximum",
                new TreeMap<>(Map.of(
                        "policy", most(answer.policy()),
                        "slo", most(answer.slo()),
                        "collapse", most(answer.collapse()))));
        root.put(
                "limits", answer.limits().stream().map(ConditionDocument::limit).toList());
        root.put(
                "cpu",
                answer.cpu().stream()
                        .map(s -> object("station", s.station(), "cores", interval(s.cores())))
                        .toList());
        put(root, "utilisation", answer.utilisation());
        root.put(
                "response",
                answer.response().stream().map(ConditionDocument::response).toList());
        root.put(
                "simulation",
                answer.simulation().map(ConditionDocument::simulated).orElse(null));
        root.put(
                "caches", answer.caches().stream().map(ConditionDocument::cache).toList());
        root.put("pool", answer.pool().map(ConditionDocument::pool).orElse(null));
        return root;
    }

    private Map<String, Object> condition() {
        NamedCondition c = answer.condition();
        var json = object(
                "name", c.name(),
                "title", c.title(),
                "mix", new TreeMap<>(answer.mix()),
                "requestsPerSecond", c.requestsPerSecond(),
                "requestsPerSecondPerUser", c.perUser(),
                "users", c.requestsPerSecond() / c.perUser(),
                "telemetryPerRequest", c.telemetryPerRequest(),
                "activeIds", c.activeUsers(),
                "cores", c.cores(),
                "databaseRoundTripSeconds", c.roundTripSeconds());
        json.put("poolSize", c.poolSize().isPresent() ? c.poolSize().getAsInt() : null);
        json.put(
                "dataset",
                c.dataset()
                        .map(d -> object("users", d.users(), "workouts", d.workouts()))
                        .orElse(null));
        var caches = new TreeMap<String, Object>();
        c.caches().forEach((name, change) -> {
            var one = new TreeMap<String, Object>();
            put(one, "ttlSeconds", change.ttlSeconds());
            put(one, "keys", change.keys());
            put(one, "zipf", change.zipf());
            caches.put(name, one);
        });
        json.put("cache", caches);
        return json;
    }

    private static Map<String, Object> object(Object... keysAndValues) {
        var object = new TreeMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return object;
    }

    private static void put(Map<String, Object> object, String key, OptionalDouble value) {
        object.put(key, number(value));
    }

    private static void put(Map<String, Object> object, String key, Optional<Interval> value) {
        object.put(key, value.map(ConditionDocument::interval).orElse(null));
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() && value.getAsDouble() < Ceiling.RATE_MAX ? value.getAsDouble() : null;
    }

    /** An end that no rate reaches is null. */
    private static Map<String, Object> interval(Interval interval) {
        var json = new LinkedHashMap<String, Object>();
        json.put("confidence", interval.confidence());
        json.put("high", number(OptionalDouble.of(interval.high())));
        json.put("low", number(OptionalDouble.of(interval.low())));
        json.put("mid", number(OptionalDouble.of(interval.mid())));
        return json;
    }

    private static Map<String, Object> most(ConditionAnswer.Most most) {
        Map<String, Object> json =
                object("rule", most.rule(), "extrapolated", most.extrapolated(), "binding", most.binding());
        put(json, "requestsPerSecond", most.perSecond());
        return json;
    }

    private static Map<String, Object> limit(ConditionAnswer.Limit limit) {
        Map<String, Object> json = object("name", limit.name(), "limit", limit.limit());
        put(json, "requestsPerSecond", limit.perSecond());
        put(json, "usedAtRate", limit.usedAtRate());
        return json;
    }

    private static Map<String, Object> response(ConditionAnswer.Response response) {
        Map<String, Object> json = object("quantity", response.quantity());
        put(json, "formula", response.formulaSeconds());
        put(json, "simulated", response.simulatedSeconds());
        put(json, "simulatedHalfWidth", response.halfWidth());
        put(json, "disagreement", response.disagreement());
        return json;
    }

    private static Map<String, Object> simulated(ConditionAnswer.Simulated simulated) {
        return object(
                "serviceTimes", simulated.recordedTimes() ? "latencyLog" : "assumed",
                "pausesPerSecond", simulated.pausesPerSecond(),
                "pauseSeconds", simulated.pauseSeconds(),
                "meanPoolWaitSeconds", simulated.poolWaitSeconds());
    }

    private static Map<String, Object> cache(ConditionAnswer.CacheUse cache) {
        return object(
                "keyClass", cache.keyClass(),
                "ttlSeconds", Double.isFinite(cache.ttlSeconds()) ? cache.ttlSeconds() : "infinite",
                "keys", cache.keys(),
                "lookupsPerSecond", cache.lookupsPerSecond(),
                "hitRatio", interval(cache.hitRatio()),
                "measuredHitRatio", cache.measuredHitRatio(),
                "measuredLookups", cache.lookupsCounted());
    }

    private static Map<String, Object> pool(ConditionAnswer.Pool pool) {
        return object(
                "size", pool.size(),
                "inUse", interval(pool.inUse()),
                "holdSeconds", pool.holdSeconds(),
                "holdMeasured", pool.holdMeasured(),
                "statementsPerRequest", pool.statementsPerRequest());
    }

    /** The answer in words and columns. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        NamedCondition c = answer.condition();
        lines.add(format(
                "%s: %s requests/s, %s users in session at %s requests/s each, on %s core(s) of %s (%s)",
                c.name(),
                figure(c.requestsPerSecond()),
                figure(c.requestsPerSecond() / c.perUser()),
                figure(c.perUser()),
                figure(c.cores()),
                answer.run().stack().name(),
                answer.run().stack().scope()));
        answer.reasons().forEach(reason -> lines.add("! " + reason));
        lines.add("");
        lines.add(format("%-34s %26s %16s  %s", "highest rate (requests/s)", "90 %", "users in session", "binds"));
        for (ConditionAnswer.Most most : List.of(answer.policy(), answer.slo(), answer.collapse())) {
            lines.add(format(
                    "%-34s %26s %16s  %s%s",
                    shortRule(most.rule()),
                    most.perSecond().map(ConditionDocument::range).orElse("more than 4x the measured"),
                    most.perSecond().map(i -> figure(i.mid() / c.perUser())).orElse("-"),
                    most.binding(),
                    most.extrapolated() ? ", extrapolated" : ""));
        }
        lines.add("");
        lines.add(format("%-34s %26s  %s", "limits, those that bind first", "reached at (requests/s)", "used"));
        answer.limits().stream()
                .limit(3)
                .forEach(limit -> lines.add(format(
                        "%-34s %26s  %s",
                        limit.limit(),
                        limit.perSecond().map(ConditionDocument::range).orElse("more than 4x the measured"),
                        limit.usedAtRate().stream()
                                .mapToObj(used -> used > 10 ? "more than 10 times" : percent(used))
                                .findFirst()
                                .orElse("-"))));
        atRate(lines);
        return lines;
    }

    private void atRate(List<String> lines) {
        if (!answer.cpu().isEmpty()) {
            lines.add("");
            lines.add(format("%-34s %26s", "CPU at this rate", "cores busy (90 %)"));
            answer.cpu().forEach(s -> lines.add(format("%-34s %26s", s.station(), range(s.cores()))));
            answer.utilisation()
                    .ifPresent(u -> lines.add(format(
                            "%-34s %26s",
                            "all, share of the cores",
                            percent(u.mid()) + " (" + percent(u.low()) + " to " + percent(u.high()) + ")")));
        }
        if (!answer.response().isEmpty()) {
            lines.add("");
            lines.add(format("%-34s %26s  %s", "response (ms)", "formula (90 %)", "simulation (95 %)"));
            answer.response()
                    .forEach(r -> lines.add(format(
                            "%-34s %26s  %s",
                            r.quantity().replace("Seconds", ""),
                            r.formulaSeconds()
                                    .map(ConditionDocument::milliseconds)
                                    .orElse("-"),
                            r.simulatedSeconds().isPresent()
                                    ? figure(r.simulatedSeconds().getAsDouble() * 1000) + " +- "
                                            + figure(r.halfWidth().orElse(0) * 1000)
                                    : "-")));
            answer.simulation()
                    .ifPresent(s -> lines.add(format(
                            "simulated with service times %s%s",
                            s.recordedTimes() ? "from the run's latency log" : "assumed lognormal",
                            s.pausesPerSecond() > 0
                                    ? format(
                                            " and %s collector pauses/s of %s ms",
                                            figure(s.pausesPerSecond()), figure(s.pauseSeconds() * 1000))
                                    : "")));
        }
        if (!answer.caches().isEmpty()) {
            lines.add("");
            lines.add(format(
                    "%-22s %8s %10s %10s  %-20s %s",
                    "cache key class", "ttl (s)", "keys", "lookups/s", "hit ratio", "in the run"));
            answer.caches()
                    .forEach(k -> lines.add(format(
                            "%-22s %8s %10s %10s  %-20s %s",
                            k.keyClass(),
                            figure(k.ttlSeconds()),
                            figure(k.keys()),
                            figure(k.lookupsPerSecond()),
                            format(
                                    "%.3f (%.3f-%.3f)",
                                    k.hitRatio().mid(),
                                    k.hitRatio().low(),
                                    k.hitRatio().high()),
                            format("%.3f of %.0f", k.measuredHitRatio(), k.lookupsCounted()))));
        }
        answer.pool().ifPresent(p -> {
            lines.add("");
            lines.add(format(
                    "%s of %d connections in use, each request holds one for %s ms%s",
                    range(p.inUse()),
                    p.size(),
                    figure(p.holdSeconds() * 1000),
                    p.holdMeasured() ? "" : " (assumed: CPU of the database only)"));
        });
    }

    private static String shortRule(String rule) {
        return rule.startsWith("cores at most") ? "policy" : rule;
    }

    private static String format(String words, Object... values) {
        return String.format(Locale.ROOT, words, values);
    }

    private static String percent(double share) {
        return format("%.1f %%", share * 100);
    }

    private static String range(Interval i) {
        return figure(i.mid()) + " (" + figure(i.low()) + "-" + figure(i.high()) + ")";
    }

    private static String milliseconds(Interval i) {
        return range(new Interval(i.low() * 1000, i.mid() * 1000, i.high() * 1000, i.confidence()));
    }

    /** Three digits that count. */
    private static String figure(double value) {
        if (Double.isInfinite(value) || value >= Ceiling.RATE_MAX) {
            return "no bound";
        }
        double size = Math.abs(value);
        return format(
                size >= 100 || value == Math.rint(value)
                        ? "%,.0f"
                        : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : "%.4f",
                value);
    }
}
