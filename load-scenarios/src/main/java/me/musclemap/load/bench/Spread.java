package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The middle of repeated measurements and how far they lie apart. Immutable.
 *
 * @param count how many there were
 */
record Spread(double median, double low, double high, int count) {
    /** Of these, at least one. */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1), sorted.size());
    }

    /** Of the ratios within each pair: what drifts from pair to pair falls out. */
    static Spread ofRatios(List<Double> ours, List<Double> theirs) {
        if (ours.size() != theirs.size()) {
            throw new IllegalArgumentException(ours.size() + " and " + theirs.size() + " measurements are no pairs");
        }
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / theirs.get(i));
        }
        return of(ratios);
    }

    /** As {@code 12.3 (11.0–14.1)}, with so many decimals; one measurement has no ends. */
    String words(int decimals) {
        var format = "%,." + decimals + "f";
        if (count == 1) {
            return String.format(Locale.ROOT, format, median);
        }
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median, low, high);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("median", median)
                .put("low", low)
                .put("high", high)
                .put("count", count);
    }
}
