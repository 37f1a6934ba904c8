package me.musclemap.rum.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import me.musclemap.rum.sketch.CellSource;
import me.musclemap.rum.sketch.Culprit;
import me.musclemap.rum.sketch.CulpritKey;
import me.musclemap.rum.sketch.Sketch;

/** Which elements of the pages are to blame for a vital, ranked by their share of all its poor page views. */
public final class CulpritsQuery {
    private static final int ANSWERED_MAX = 20;
    private static final String ALLOWED = "metric, route, navigation, source, from, to";

    private CulpritsQuery() {}

    private record Element(String route, String target) {}

    /**
     * The answer to these parameters: those of {@link VitalsQuery} that the elements are kept by.
     *
     * @throws IllegalArgumentException if a parameter is unknown or malformed
     */
    public static ObjectNode answer(Map<String, String> parameters, CellSource source, long nowMillis) {
        VitalsQuery query = VitalsQuery.parse(parameters, nowMillis);
        for (VitalsQuery.Dimension dimension : query.only().keySet()) {
            switch (dimension) {
                case ROUTE, NAVIGATION, SOURCE -> {}
                default ->
                    throw new IllegalArgumentException(
                            "elements are not kept by " + dimension.label() + ": use " + ALLOWED);
            }
        }
        if (!query.groupBy().isEmpty() || query.stepMillis() > 0) {
            throw new IllegalArgumentException("elements are always by route and target: use " + ALLOWED);
        }
        Map<Element, Culprit> elements = new HashMap<>();
        var total = new Culprit();
        source.culprits(query.vital(), query.fromMillis(), query.toMillis(), (key, culprit) -> {
            if (matches(query, key)) {
                elements.computeIfAbsent(new Element(key.route(), key.target()), e -> new Culprit())
                        .add(culprit.units(), culprit.poorUnits());
                total.add(culprit.units(), culprit.poorUnits());
            }
        });
        return json(query, elements, total);
    }

    private static boolean matches(VitalsQuery query, CulpritKey key) {
        return query.asksFor(VitalsQuery.Dimension.ROUTE, key.route())
                && query.asksFor(
                        VitalsQuery.Dimension.NAVIGATION, key.navigation().label())
                && query.asksFor(VitalsQuery.Dimension.SOURCE, key.sender().label());
    }

    private static ObjectNode json(VitalsQuery query, Map<Element, Culprit> elements, Culprit total) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("metric", query.vital().label());
        answer.put("from", Instant.ofEpochMilli(query.fromMillis()).toString());
        answer.put("to", Instant.ofEpochMilli(query.toMillis()).toString());
        answer.put("attributed", Math.round((double) total.units() / Sketch.UNITS));
        answer.put("poor", Math.round((double) total.poorUnits() / Sketch.UNITS));
        var list = answer.putArray("elements");
        elements.entrySet().stream()
                .filter(entry -> entry.getValue().units() > 0)
                .sorted((one, other) -> {
                    int order = Long.compare(
                            other.getValue().poorUnits(), one.getValue().poorUnits());
                    return order != 0
                            ? order
                            : Long.compare(
                                    other.getValue().units(), one.getValue().units());
                })
                .limit(ANSWERED_MAX)
                .forEach(entry -> list.addObject()
                        .put("route", entry.getKey().route())
                        .put("target", entry.getKey().target())
                        .put("pageViews", Math.round((double) entry.getValue().units() / Sketch.UNITS))
                        .put(
                                "poorPageViews",
                                Math.round((double) entry.getValue().poorUnits() / Sketch.UNITS))
                        .put("shareOfPoor", share(entry.getValue().poorUnits(), total.poorUnits()))
                        .put(
                                "poorShareOfOwn",
                                share(
                                        entry.getValue().poorUnits(),
                                        entry.getValue().units())));
        return answer;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : Math.round((double) part / whole * 1e6) / 1e6;
    }
}
