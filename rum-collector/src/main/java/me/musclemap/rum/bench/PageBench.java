package me.musclemap.rum.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import me.musclemap.rum.chromium.Chromium;
import me.musclemap.rum.chromium.Tab;

/**
 * How large and how fast the demo page is, in a real browser whose network and processor are slowed down. Each load has a
 * profile of its own, so that nothing is cached.
 *
 * <p>Budgets: the scaling plan, 4.1. Time to interactive here is the latest of first paint, of the moment when the page
 * takes input, and of the end of the last task over 50 ms, within the time until five seconds without one.
 */
public final class PageBench {
    /** The plan's critical path, in bytes as sent. */
    public static final long CRITICAL_BYTES_MAX = 100_000;

    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final String WATCH = """
            window.__lcp = 0; window.__long = 0; window.__shift = 0;
            new PerformanceObserver(l => { for (const e of l.getEntries()) window.__lcp = e.startTime; }).observe({type: 'largest-contentful-paint', buffered: true});
            new PerformanceObserver(l => { for (const e of l.getEntries()) window.__long = e.startTime + e.duration; }).observe({type: 'longtask', buffered: true});
            new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.__shift += e.value; }).observe({type: 'layout-shift', buffered: true});""";
    private static final String READ = """
            (async () => {
              for (let quiet = performance.now(); performance.now() - Math.max(quiet, window.__long) < 5000;) await new Promise(r => setTimeout(r, 100));
              const name = n => (performance.getEntriesByName(n)[0] || {startTime: NaN}).startTime;
              const until = name('mm-interactive');
              const nav = performance.getEntriesByType('navigation')[0];
              const files = performance.getEntriesByType('resource').filter(r => r.startTime < until && !r.name.includes('/api/'));
              return {lcp: window.__lcp, fcp: name('first-contentful-paint'), shift: window.__shift,
                tti: Math.max(name('first-contentful-paint'), until, window.__long),
                critical: nav.transferSize + files.reduce((sum, r) => sum + r.transferSize, 0),
                all: nav.transferSize + performance.getEntriesByType('resource').reduce((sum, r) => sum + r.transferSize, 0)};
            })()""";

    private PageBench() {}

    /**
     * A network and a processor.
     *
     * @param lcpMaxMillis the plan's budget for it, or infinity
     * @param ttiMaxMillis the plan's budget for it, or infinity
     */
    public record Conditions(
            String name,
            Duration roundTrip,
            long kilobitsPerSecond,
            double slowdown,
            double lcpMaxMillis,
            double ttiMaxMillis) {
        /** What the plan has budgets for. */
        public static final List<Conditions> ALL = List.of(
                new Conditions(
                        "4G, processor as it is", Duration.ofMillis(60), 9000, 1, 1500, Double.POSITIVE_INFINITY),
                new Conditions(
                        "4G, processor 4 times slower", Duration.ofMillis(60), 9000, 4, 1500, Double.POSITIVE_INFINITY),
                new Conditions(
                        "3G, processor 4 times slower",
                        Duration.ofMillis(300),
                        1600,
                        4,
                        Double.POSITIVE_INFINITY,
                        3000));
    }

    /** Medians of some loads, times in milliseconds. */
    public record Result(
            Conditions conditions,
            int loads,
            double firstPaint,
            double largestPaint,
            double interactive,
            double shift,
            long criticalBytes,
            long allBytes) {
        /** Whether every budget is kept. */
        public boolean isKept() {
            return criticalBytes < CRITICAL_BYTES_MAX
                    && largestPaint < conditions.lcpMaxMillis
                    && interactive < conditions.ttiMaxMillis;
        }
    }

    /** Loads a page some times under each condition. */
    public static List<Result> run(Path chromium, String url, int loads) throws IOException {
        var results = new ArrayList<Result>();
        for (Conditions conditions : Conditions.ALL) {
            var seen = new ArrayList<JsonNode>();
            for (int load = 0; load < loads; load++) {
                seen.add(load(chromium, url, conditions));
            }
            results.add(new Result(
                    conditions,
                    loads,
                    median(seen, "fcp"),
                    median(seen, "lcp"),
                    median(seen, "tti"),
                    median(seen, "shift"),
                    Math.round(median(seen, "critical")),
                    Math.round(median(seen, "all"))));
        }
        return results;
    }

    private static JsonNode load(Path program, String url, Conditions conditions) throws IOException {
        Path profile = Files.createTempDirectory("headroom-chromium");
        try (var chromium = Chromium.start(program, profile)) {
            Tab tab = chromium.open();
            tab.slow(conditions.roundTrip, conditions.kilobitsPerSecond * 1000 / 8, conditions.slowdown);
            tab.before(WATCH);
            tab.go(url);
            tab.await("document.body && document.body.dataset.ready", PATIENCE);
            return tab.evaluate(READ);
        } finally {
            delete(profile);
        }
    }

    private static void delete(Path profile) throws IOException {
        try (var files = Files.walk(profile)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.toFile().delete() && Files.exists(file)) {
                    return; // a process of the browser still writes there: it is below the temporary directory
                }
            }
        } catch (java.io.UncheckedIOException e) {
            return; // the same
        }
    }

    private static double median(List<JsonNode> seen, String name) {
        double[] sorted =
                seen.stream().mapToDouble(node -> node.path(name).asDouble()).toArray();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
