package me.musclemap.load.scenario;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import me.musclemap.load.record.Window;

/**
 * How a run looks from where its users are, in the busiest window that met the objective as a whole, or in the first where none did.
 * Percentiles of several windows cannot be put together, so one window speaks. Immutable.
 *
 * @param window the window that speaks
 * @param missed regions whose own latency misses the objective, with why
 */
public record ByRegion(Window window, Map<String, Window.Latency> regions, Map<String, String> missed) {
    public ByRegion {
        regions = new TreeMap<>(regions);
        missed = new TreeMap<>(missed);
    }

    /** What these windows say; empty where the workload has no regions. {@code headline} are the operations that count. */
    public static Optional<ByRegion> in(List<Window> windows, Slo slo, Set<String> headline) {
        var withRegions =
                windows.stream().filter(window -> window.regions() != null).toList();
        return withRegions.stream()
                .filter(window -> slo.met(Figures.of(window, headline)))
                .max(Comparator.comparingDouble(Window::offeredPerSecond))
                .or(() -> withRegions.stream().findFirst())
                .map(window -> of(window, slo));
    }

    private static ByRegion of(Window window, Slo slo) {
        var regions = window.regions() == null ? Map.<String, Window.Latency>of() : window.regions();
        var missed = new TreeMap<String, String>();
        regions.forEach((region, latency) -> {
            // How many fail is not told by region.
            var figures = new Figures(latency.p50(), latency.p95(), latency.p99(), latency.max(), 0, 0, 0);
            if (!slo.met(figures)) {
                missed.put(region, slo.missed(figures));
            }
        });
        return new ByRegion(window, regions, missed);
    }

    /** The answer in one sentence. */
    public String words() {
        return String.format(
                Locale.ROOT,
                "By region, at %.0f requests/s (median and p99 from the intended start): %s; %s.",
                window.offeredPerSecond(),
                regions.entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "%s %.0f and %.0f ms",
                                entry.getKey(),
                                1000 * entry.getValue().p50(),
                                1000 * entry.getValue().p99()))
                        .collect(Collectors.joining(", ")),
                missed.isEmpty()
                        ? "the objective for latency holds in each"
                        : "the objective is missed in "
                                + missed.entrySet().stream()
                                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                                        .collect(Collectors.joining(", ")));
    }

    /** The verdict with this answer in it. */
    public Verdict addedTo(Verdict verdict) {
        var json = JsonNodeFactory.instance.objectNode().put("window", window.index());
        regions.forEach((region, latency) -> json.withObject("/regions")
                .putObject(region)
                .put("count", latency.count())
                .put("p50Seconds", latency.p50())
                .put("p95Seconds", latency.p95())
                .put("p99Seconds", latency.p99())
                .put("met", !missed.containsKey(region)));
        return verdict.with(words(), "byRegion", json);
    }
}
