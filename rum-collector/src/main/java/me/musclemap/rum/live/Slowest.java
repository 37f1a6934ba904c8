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
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.spool.KeptBeacon;

/**
 * The slowest page views of the last hour whose backend trace is known: a few of each vital. Safe for use by many threads.
 */
public final class Slowest {
    private static final int OF_EACH = 20;
    private static final long KEPT_MILLIS = Duration.ofHours(1).toMillis();
    private static final long SWEEP_EVERY_MILLIS = 1000;

    private final Map<Vital, List<View>> views = new EnumMap<>(Vital.class);

    private long sweptMillis;

    private record View(long atMillis, String route, String source, double value, String target, String traceId) {}

    /** Looks at one beacon. */
    public synchronized void see(KeptBeacon beacon) {
        if (beacon.traceId().isEmpty()) {
            return;
        }
        if (Math.abs(beacon.receivedMillis() - sweptMillis) >= SWEEP_EVERY_MILLIS) {
            sweptMillis = beacon.receivedMillis();
            views.values().forEach(list -> list.removeIf(view -> view.atMillis < sweptMillis - KEPT_MILLIS));
        }
        for (KeptBeacon.Value value : beacon.values()) {
            List<View> list = views.computeIfAbsent(value.vital(), v -> new ArrayList<>());
            if (list.size() == OF_EACH && value.value() <= list.get(OF_EACH - 1).value) {
                continue;
            }
            list.add(new View(
                    beacon.receivedMillis(),
                    value.route(),
                    beacon.sender().label(),
                    value.value(),
                    value.target(),
                    beacon.traceId()));
            list.sort(Comparator.comparingDouble(View::value).reversed());
            if (list.size() > OF_EACH) {
                list.remove(OF_EACH);
            }
        }
    }

    /** The slowest first. */
    public synchronized ArrayNode answer(Vital vital, long nowMillis) {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (View view : views.getOrDefault(vital, List.of())) {
            if (view.atMillis >= nowMillis - KEPT_MILLIS) {
                answer.addObject()
                        .put("at", Instant.ofEpochMilli(view.atMillis).toString())
                        .put("route", view.route)
                        .put("source", view.source)
                        .put("value", view.value)
                        .put("target", view.target)
                        .put("traceId", view.traceId);
            }
        }
        return answer;
    }
}
