package me.musclemap.rum.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Rating;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.intake.Ledger;
import me.musclemap.rum.sketch.Cell;
import me.musclemap.rum.sketch.CellSource;

/** What the last minutes look like, once a second. Not safe for use by many threads. */
public final class LiveEvents {
    private static final long SPAN_MILLIS = Duration.ofMinutes(5).toMillis();

    private final CellSource source;
    private final Ledger ledger;
    private final Budgets budgets;
    private long lastReceived;
    private long lastMillis;

    /** From what is in memory. */
    public LiveEvents(CellSource source, Ledger ledger, Budgets budgets) {
        this.source = source;
        this.ledger = ledger;
        this.budgets = budgets;
    }

    /** The event of this moment. */
    public String event(long nowMillis) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("at", Instant.ofEpochMilli(nowMillis).toString());
        event.put("spanSeconds", SPAN_MILLIS / 1000);
        long received = ledger.receivedCount();
        double seconds = Math.max(0.001, (nowMillis - lastMillis) / 1e3);
        event.put(
                "beaconsPerSecond", lastMillis == 0 ? 0 : Math.round((received - lastReceived) / seconds * 10) / 10.0);
        lastReceived = received;
        lastMillis = nowMillis;
        event.put("beaconsReceived", received);
        for (Sender sender : new Sender[] {Sender.FIELD, Sender.SYNTHETIC}) {
            ObjectNode metrics = event.putObject(sender.label());
            for (Vital vital : Vital.values()) {
                Cell cell = cell(vital, sender, nowMillis);
                if (cell.views() > 0) {
                    metric(metrics.putObject(vital.label()), vital, cell);
                }
            }
        }
        ObjectNode burn = event.putObject("burn");
        for (Vital vital : Vital.values()) {
            burn.put(vital.label(), Math.round(budgets.burn(vital, 1) * 1000) / 1000.0);
        }
        return event.toString();
    }

    private Cell cell(Vital vital, Sender sender, long nowMillis) {
        Map<Sender, Cell> cells = new EnumMap<>(Sender.class);
        source.cells(vital, nowMillis - SPAN_MILLIS, nowMillis + 1, (at, key, cell) -> {
            if (key.sender() == sender && key.navigation() == Navigation.LOAD) {
                cells.computeIfAbsent(sender, s -> new Cell()).merge(cell);
            }
        });
        return cells.getOrDefault(sender, new Cell());
    }

    private static void metric(ObjectNode node, Vital vital, Cell cell) {
        double p75 = cell.quantile(0.75);
        node.put("count", cell.count());
        node.put("p75", Math.round(p75 * 1e4) / 1e4);
        node.put("unit", vital.unit());
        node.put("rating", vital.rate(p75).label());
        node.put("good", cell.share(Rating.GOOD));
        node.put("poor", cell.share(Rating.POOR));
    }
}
