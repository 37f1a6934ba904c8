package me.musclemap.rum.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.query.VitalsQuery;
import me.musclemap.rum.spool.KeptBeacon;

/**
 * The slowest page views of the last hour whose backend trace is known: a few of each vital, and those of tests apart. Safe
 * for use by many threads.
 */
public final class Slowest {
    private static final int OF_EACH = 20;
    private static final long KEPT_MILLIS = Duration.ofHours(1).toMillis();
    private static final long SWEEP_EVERY_MILLIS = 1000;

    private final Map<Sender, Map<Vital, List<View>>> views = new EnumMap<>(Sender.class);

    private long sweptMillis;

    private record View(
            long atMillis, String route, Navigation navigation, double value, String target, String traceId) {}

    /** Looks at one beacon. */
    public synchronized void see(KeptBeacon beacon) {
        if (beacon.traceId().isEmpty()) {
            return;
        }
        if (Math.abs(beacon.receivedMillis() - sweptMillis) >= SWEEP_EVERY_MILLIS) {
            sweptMillis = beacon.receivedMillis();
            views.values()
                    .forEach(of -> of.values()
                            .forEach(list -> list.removeIf(view -> view.atMillis < sweptMillis - KEPT_MILLIS)));
        }
        Map<Vital, List<View>> own = views.computeIfAbsent(beacon.sender(), s -> new EnumMap<>(Vital.class));
        for (KeptBeacon.Value value : beacon.values()) {
            List<View> list = own.computeIfAbsent(value.vital(), v -> new ArrayList<>());
            if (list.size() == OF_EACH && value.value() <= list.get(OF_EACH - 1).value) {
                continue;
            }
            list.add(new View(
                    beacon.receivedMillis(),
                    value.route(),
                    value.navigation(),
                    value.value(),
                    value.target(),
                    beacon.traceId()));
            list.sort(Comparator.comparingDouble(View::value).reversed());
            if (list.size() > OF_EACH) {
                list.remove(OF_EACH);
            }
        }
    }

    /**
     * The slowest first.
     *
     * @throws IllegalArgumentException for a question that these page views are not kept for
     */
    public synchronized ArrayNode answer(VitalsQuery query, long nowMillis) {
        for (VitalsQuery.Dimension dimension : query.only().keySet()) {
            switch (dimension) {
                case ROUTE, NAVIGATION, SOURCE -> {}
                default ->
                    throw new IllegalArgumentException("the slowest page views are not kept by " + dimension.label()
                            + ": use metric, route, navigation, source");
            }
        }
        var found = new ArrayList<Map.Entry<Sender, View>>();
        views.forEach((sender, of) -> {
            for (View view : of.getOrDefault(query.vital(), List.of())) {
                if (view.atMillis >= nowMillis - KEPT_MILLIS
                        && query.asksFor(VitalsQuery.Dimension.SOURCE, sender.label())
                        && query.asksFor(VitalsQuery.Dimension.ROUTE, view.route)
                        && query.asksFor(VitalsQuery.Dimension.NAVIGATION, view.navigation.label())) {
                    found.add(Map.entry(sender, view));
                }
            }
        });
        found.sort(Comparator.comparingDouble(entry -> -entry.getValue().value));
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (var entry : found) {
            View view = entry.getValue();
            answer.addObject()
                    .put("at", Instant.ofEpochMilli(view.atMillis).toString())
                    .put("route", view.route)
                    .put("source", entry.getKey().label())
                    .put("value", view.value)
                    .put("target", view.target)
                    .put("traceId", view.traceId);
        }
        return answer;
    }
}
