package me.musclemap.rum.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.privacy.Releases;
import me.musclemap.rum.query.VitalsQuery;
import me.musclemap.rum.sketch.CellSource;

/**
 * Two releases and the vitals to compare them by.
 *
 * @param asked the time and the page views, of the first vital
 */
public record CompareQuery(String base, String candidate, List<Vital> vitals, VitalsQuery asked) {
    private static final Duration BACK = Duration.ofDays(7);
    private static final Set<String> KNOWN = Set.of(
            "base", "candidate", "metric", "route", "source", "navigation", "device", "connection", "from", "to");

    /** Copies the list. */
    public CompareQuery {
        vitals = List.copyOf(vitals);
    }

    /**
     * Reads the parameters: {@code base} and {@code candidate}, and those of {@link VitalsQuery} that releases are compared
     * by; {@code metric} may name several. The last seven days unless asked otherwise.
     *
     * @throws IllegalArgumentException if a parameter is unknown or malformed; the message says what to write
     */
    public static CompareQuery parse(Map<String, String> parameters, long nowMillis) {
        for (String name : parameters.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown parameter " + name + ": use " + String.join(", ", new TreeSet<>(KNOWN)));
            }
        }
        String base = release(parameters, "base");
        String candidate = release(parameters, "candidate");
        if (base.equals(candidate)) {
            throw new IllegalArgumentException("base and candidate are both " + base + ": use two releases");
        }
        var vitals = new ArrayList<Vital>();
        var rest = new HashMap<>(parameters);
        rest.remove("base");
        rest.remove("candidate");
        rest.putIfAbsent("from", Instant.ofEpochMilli(nowMillis).minus(BACK).toString());
        VitalsQuery asked = null;
        for (String name : parameters.getOrDefault("metric", "LCP,INP,CLS").split(",", -1)) {
            rest.put("metric", name);
            VitalsQuery one = VitalsQuery.parse(rest, nowMillis);
            if (!vitals.contains(one.vital())) {
                vitals.add(one.vital());
            }
            asked = asked == null ? one : asked;
        }
        if (asked == null) {
            throw new IllegalArgumentException("metric is empty: use for example LCP,INP,CLS");
        }
        return new CompareQuery(base, candidate, vitals, asked);
    }

    private static String release(Map<String, String> parameters, String name) {
        String release = parameters.getOrDefault(name, "");
        if (release.isEmpty()) {
            throw new IllegalArgumentException(name + " is missing: use a release, for example " + name + "=1.4.2");
        }
        if (!Releases.keeps(release)) {
            throw new IllegalArgumentException(
                    name + "=" + release + ": page views are not kept under such a name: use " + Releases.EXAMPLES);
        }
        return release;
    }

    /** The answer as JSON. */
    public ObjectNode answer(CellSource source) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("base", base);
        answer.put("candidate", candidate);
        answer.put("from", Instant.ofEpochMilli(asked.fromMillis()).toString());
        answer.put("to", Instant.ofEpochMilli(asked.toMillis()).toString());
        var rule = Comparison.Rule.of(vitals.size());
        answer.put("alpha", rule.alpha());
        answer.put("margin", rule.margin());
        var list = answer.putArray("metrics");
        int worst = 0;
        for (Vital vital : vitals) {
            Comparison comparison =
                    Comparison.of(vital, views(source, vital, base), views(source, vital, candidate), rule);
            ObjectNode node = list.addObject();
            node.put("metric", vital.label());
            node.put("unit", vital.unit());
            node.put("verdict", comparison.verdict().word());
            node.put("summary", comparison.verdict().summary());
            node.put("baseViews", comparison.baseViews());
            node.put("candidateViews", comparison.candidateViews());
            comparison.change().ifPresent(change -> {
                node.put("baseP75", comparison.basePercentile75());
                node.put("candidateP75", comparison.candidatePercentile75());
                node.put("change", Math.round(change * 1e5) / 1e5);
                node.put("covered", Math.round(comparison.covered() * 1e4) / 1e4);
            });
            worst = Math.max(worst, rank(comparison.verdict()));
        }
        answer.put("verdict", List.of("fine", "undecided", "regressed").get(worst));
        return answer;
    }

    private static int rank(Verdict verdict) {
        return verdict instanceof Verdict.Fine ? 0 : verdict instanceof Verdict.Undecided ? 1 : 2;
    }

    private ReleaseViews views(CellSource source, Vital vital, String release) {
        var views = new ReleaseViews();
        source.groups(vital, release, asked.fromMillis(), asked.toMillis(), (key, cell) -> {
            if (asked.asksFor(VitalsQuery.Dimension.ROUTE, key.route())
                    && asked.asksFor(VitalsQuery.Dimension.SOURCE, key.sender().label())
                    && asked.asksFor(
                            VitalsQuery.Dimension.NAVIGATION, key.navigation().label())
                    && asked.asksFor(VitalsQuery.Dimension.DEVICE, key.device().label())
                    && asked.asksFor(
                            VitalsQuery.Dimension.CONNECTION, key.connection().label())) {
                views.add(key, cell);
            }
        });
        return views;
    }
}
