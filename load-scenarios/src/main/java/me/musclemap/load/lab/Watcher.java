package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import me.musclemap.load.scenario.Second;
import me.musclemap.load.scenario.Slo;
import me.musclemap.load.scenario.Verdict;
import me.musclemap.load.view.LiveView;
import org.jspecify.annotations.Nullable;

/** Puts what is known of each second together for the page: the generator's figures, the stations' CPU, pool and cache. Thread-safe. */
final class Watcher implements AutoCloseable {
    private final LiveView view;
    private final Progress progress;
    private final Map<String, Long> stations;
    private final Supplier<Optional<Scraper>> scraper;
    private final Map<String, Double> cpuBefore = new HashMap<>();
    private long nanosBefore = System.nanoTime();
    private double hitsBefore;
    private double missesBefore;

    private Watcher(LiveView view, Progress progress, Map<String, Long> stations, Supplier<Optional<Scraper>> scraper) {
        this.view = view;
        this.progress = progress;
        this.stations = new LinkedHashMap<>(stations);
        this.scraper = scraper;
    }

    /** Starts the page and says where it is; {@code stations} by name, with the process of each. */
    static Watcher start(
            String scenario,
            String run,
            Slo slo,
            Progress progress,
            SecondsLog seconds,
            Map<String, Long> stations,
            Supplier<Optional<Scraper>> scraper) {
        try {
            var watcher = new Watcher(LiveView.start(), progress, stations, scraper);
            var about = JsonNodeFactory.instance
                    .objectNode()
                    .put("scenario", scenario)
                    .put("run", run);
            slo.p99Seconds().ifPresent(limit -> about.put("p99Limit", limit));
            watcher.view.tell("about", about);
            seconds.show(watcher::second);
            progress.note("live view: " + watcher.view.address());
            return watcher;
        } catch (IOException e) {
            throw LabException.failed("--view: no port for the page: " + e.getMessage());
        }
    }

    private synchronized void second(Second second) {
        var event = JsonNodeFactory.instance.objectNode();
        event.put("t", second.epochMillis()).put("offered", second.offered()).put("served", second.served());
        event.put("failed", second.failed()).put("generatorCpu", second.cpuRatio());
        put(event, "p50", second.p50Seconds());
        put(event, "p95", second.p95Seconds());
        put(event, "p99", second.p99Seconds());
        put(event, "slip", second.slipP99Seconds());
        event.put("phase", progress.title()).put("detail", progress.detail());
        stations(event);
        scraper.get().ifPresent(metrics -> metrics(event, metrics));
        view.tell("second", event);
    }

    private static void put(ObjectNode event, String key, double value) {
        event.put(key, Double.isNaN(value) ? null : value);
    }

    private void stations(ObjectNode event) {
        if (stations.isEmpty()) {
            return;
        }
        long nanos = System.nanoTime();
        double passed = (nanos - nanosBefore) / 1e9;
        nanosBefore = nanos;
        var node = event.putObject("stations");
        stations.forEach((name, pid) -> {
            double now = ProcFiles.cpuSeconds(pid)
                    + ProcessHandle.of(pid).stream()
                            .flatMap(ProcessHandle::descendants)
                            .mapToDouble(each -> ProcFiles.cpuSeconds(each.pid()))
                            .sum();
            @Nullable Double before = cpuBefore.put(name, now);
            // A station that was started again begins anew.
            node.put(name, before == null || passed <= 0 ? 0 : Math.max(0, (now - before) / passed));
        });
    }

    private void metrics(ObjectNode event, Scraper metrics) {
        metrics.sum("hikaricp_connections_active", "")
                .ifPresent(active -> event.putObject("pool")
                        .put("active", active)
                        .put(
                                "pending",
                                metrics.sum("hikaricp_connections_pending", "").orElse(0))
                        .put("max", metrics.sum("hikaricp_connections_max", "").orElse(0)));
        double hits = metrics.sum("cache_requests_total", "result=\"hit\"").orElse(0);
        double misses = metrics.sum("cache_requests_total", "result=\"miss\"").orElse(0);
        double all = hits - hitsBefore + misses - missesBefore;
        if (all > 0) {
            event.put("cacheHitRatio", (hits - hitsBefore) / all);
        }
        hitsBefore = hits;
        missesBefore = misses;
    }

    /** Tells the page how it ended. */
    void end(Verdict verdict, boolean valid) {
        var event = JsonNodeFactory.instance.objectNode().put("met", valid && verdict.met());
        var sentences = event.putArray("sentences");
        sentences.add(valid ? verdict.met() ? "Objective met." : "Objective missed." : "Not valid.");
        verdict.sentences().forEach(sentences::add);
        view.tell("end", event);
    }

    @Override
    public void close() {
        view.close();
    }
}
