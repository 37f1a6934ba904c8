package me.musclemap.capacity.forecast;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.uncertainty.Quantiles;

/** A forecast as JSON, by the contract's schema. */
public final class ForecastDocument {
    private ForecastDocument() {}

    /** The section {@code forecast} of {@code capacity.json}. */
    public static ObjectNode of(GrowthForecast forecast) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        PeakSeries series = forecast.series();
        root.put("days", series.count());
        root.put("from", series.first().toString());
        root.put("to", series.last().toString());
        root.put("presentPeakPerSecond", series.presentPeak());
        ArrayNode errors = root.putArray("errors");
        for (GrowthForecast.FormError error : forecast.errors()) {
            ObjectNode row = errors.addObject();
            row.put("form", error.form());
            number(row, "error", error.error());
            text(row, "whyNot", error.why());
        }
        number(root, "lastWeekError", forecast.lastWeekError());
        text(root, "chosen", forecast.chosen());
        forecast.growthPerDay()
                .ifPresentOrElse(
                        g -> root.putObject("growthPerDay")
                                .put("low", g.low())
                                .put("mid", g.mid())
                                .put("high", g.high())
                                .put("confidence", g.confidence()),
                        () -> root.putNull("growthPerDay"));
        number(root, "pValue", forecast.pValue());
        number(root, "growthAheadPerDay", forecast.growthAheadPerDay());
        ArrayNode expected = root.putArray("expected");
        for (GrowthForecast.Expected e : forecast.expected()) {
            quantiles(expected.addObject().put("date", e.date().toString()), e.requestsPerSecond());
        }
        text(root, "whyNoDate", forecast.whyNoDate());
        ArrayNode exhaustion = root.putArray("exhaustion");
        forecast.exhaustion().forEach(e -> exhaustion(exhaustion.addObject(), e));
        return root;
    }

    private static void exhaustion(ObjectNode node, Exhaustion exhaustion) {
        node.put("capacity", exhaustion.capacity().name());
        node.put("stack", exhaustion.capacity().stack());
        node.put("label", exhaustion.capacity().label());
        quantiles(node, exhaustion.requestsPerSecond());
        node.put("probabilityWithin24Months", exhaustion.probability());
        date(node, "p10", exhaustion.p10());
        date(node, "p50", exhaustion.p50());
        date(node, "p90", exhaustion.p90());
        text(node, "whyNone", exhaustion.whyNone());
    }

    private static void quantiles(ObjectNode node, Quantiles q) {
        node.putObject("requestsPerSecond")
                .put("p10", q.p10())
                .put("p50", q.p50())
                .put("p90", q.p90());
    }

    private static void date(ObjectNode node, String key, Optional<LocalDate> date) {
        text(node, key, date.map(LocalDate::toString));
    }

    private static void number(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    private static void text(ObjectNode node, String key, Optional<String> value) {
        value.ifPresentOrElse(v -> node.put(key, v), () -> node.putNull(key));
    }
}
