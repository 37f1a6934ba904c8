package me.musclemap.alerts.backtest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When each alert fires on a rising load, and what users had to bear by then. Immutable.
 *
 * @param kneePerSecond as the run's probe saw it
 */
record Backtest(String runId, Ramp ramp, List<Line> lines, Optional<Double> kneePerSecond) {
    /** They fire always, or because a test runs. */
    private static final Set<String> NO_WARNING = Set.of("Watchdog", "LoadTestRunning");

    private static final Set<String> WAKES = Set.of("warning", "critical");

    Backtest {
        lines = List.copyOf(lines);
    }

    /**
     * One alert.
     *
     * @param trend whether it depends on how fast the ramp rises: it is shown, and decides nothing
     * @param minute the first in which it fires; -1 for never
     * @param perSecond the load then; 0 for never
     * @param leadMinutes how long before the level at which users were hurt; empty when it never fires, or nobody was hurt
     */
    record Line(
            String alert,
            String severity,
            boolean trend,
            int minute,
            double perSecond,
            int minutesFiring,
            Optional<Integer> leadMinutes) {
        boolean fires() {
            return minute >= 0;
        }
    }

    static Backtest of(RecordedRun run, Ramp ramp, Firings firings, Map<String, Firings.Alert> alerts) {
        var hurtAt = ramp.firstHurt().map(level -> level * ramp.minutesEach());
        var lines = new ArrayList<Line>();
        alerts.forEach((alert, rule) -> {
            var minutes = firings.of(alert);
            int first = minutes.isEmpty() ? -1 : minutes.get(0);
            lines.add(new Line(
                    alert,
                    rule.severity(),
                    rule.trend(),
                    first,
                    first < 0 ? 0 : ramp.levels().get(ramp.levelAt(first)).perSecond(),
                    minutes.size(),
                    first < 0 ? Optional.empty() : hurtAt.map(hurt -> hurt - first)));
        });
        lines.sort(java.util.Comparator.comparing((Line line) -> !line.fires()).thenComparing(Line::minute));
        var probe = run.probe();
        return new Backtest(
                run.id(), ramp, lines, probe == null ? Optional.empty() : Optional.of(probe.kneePerSecond()));
    }

    /** The level at which users were hurt. */
    private Optional<Ramp.Level> hurt() {
        return ramp.firstHurt().map(level -> ramp.levels().get(level));
    }

    /** The first alert that wakes somebody before users are hurt. */
    Optional<Line> firstInTime() {
        return lines.stream()
                .filter(line -> line.fires()
                        && !line.trend()
                        && WAKES.contains(line.severity())
                        && !NO_WARNING.contains(line.alert()))
                .filter(line -> line.leadMinutes().filter(lead -> lead > 0).isPresent())
                .findFirst();
    }

    /** Whether users were hurt with nobody warned before. */
    boolean cameTooLate() {
        return hurt().isPresent() && firstInTime().isEmpty();
    }

    String text() {
        var text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "run %s as a rising load: %d levels from %.0f to %.0f requests/s, %d minutes each%s%n",
                runId,
                ramp.levels().size(),
                ramp.levels().get(0).perSecond(),
                ramp.levels().get(ramp.levels().size() - 1).perSecond(),
                ramp.minutesEach(),
                kneePerSecond
                        .map(knee -> String.format(Locale.ROOT, ", knee at %.0f/s", knee))
                        .orElse("")));
        text.append(hurt().map(level -> String.format(
                        Locale.ROOT,
                        "users are hurt from %.0f requests/s on (%s)%n%n",
                        level.perSecond(),
                        level.hurt()))
                .orElse("users are never hurt in this run: nothing can be said about being in time\n\n"));
        text.append(String.format(
                Locale.ROOT,
                "%-26s %-9s %-12s %-14s %s%n",
                "ALERT",
                "SEVERITY",
                "FIRES AT",
                "OF THAT LOAD",
                "BEFORE IT"));
        for (var line : lines) {
            if (line.fires()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-26s %-9s %-12s %-14s %s%n",
                        line.alert(),
                        line.severity(),
                        String.format(Locale.ROOT, "%.0f/s", line.perSecond()),
                        hurt().map(level -> String.format(
                                        Locale.ROOT, "%.0f %%", 100 * line.perSecond() / level.perSecond()))
                                .orElse("-"),
                        line.leadMinutes()
                                        .map(lead -> lead > 0 ? lead + " min of the ramp" : -lead + " min too late")
                                        .orElse("-")
                                + (line.trend() ? " (a trend: by how fast the ramp rises)" : "")));
            }
        }
        var quiet =
                lines.stream().filter(line -> !line.fires()).map(Line::alert).toList();
        text.append("quiet: ")
                .append(quiet.isEmpty() ? "none" : String.join(", ", quiet))
                .append("\n\n");
        return text.append(verdict()).append('\n').toString();
    }

    private String verdict() {
        if (hurt().isEmpty()) {
            return "no verdict: drive the run further";
        }
        double hurtAt = hurt().map(Ramp.Level::perSecond).orElse(0.0);
        return firstInTime()
                .map(line -> String.format(
                        Locale.ROOT,
                        "in time: %s wakes somebody at %.0f requests/s, %.0f %% of the load at which users are hurt",
                        line.alert(),
                        line.perSecond(),
                        100 * line.perSecond() / hurtAt))
                .orElse("too late: no alert that wakes somebody fires before users are hurt");
    }

    String json() {
        var answer = JsonNodeFactory.instance.objectNode();
        answer.put("schemaVersion", 1).put("runId", runId).put("minutesEach", ramp.minutesEach());
        var levels = answer.putArray("levels");
        ramp.levels()
                .forEach(level -> levels.addObject()
                        .put("window", level.window().index())
                        .put("requestsPerSecond", level.perSecond())
                        .put("hurt", level.hurt()));
        answer.put("kneePerSecond", kneePerSecond.orElse(null));
        answer.put("hurtPerSecond", hurt().map(Ramp.Level::perSecond).orElse(null));
        var alerts = answer.putArray("alerts");
        for (var line : lines) {
            alerts.addObject()
                    .put("alert", line.alert())
                    .put("severity", line.severity())
                    .put("trend", line.trend())
                    .put("fires", line.fires())
                    .put("requestsPerSecond", line.fires() ? line.perSecond() : null)
                    .put("minutesFiring", line.minutesFiring())
                    .put("leadMinutes", line.leadMinutes().orElse(null));
        }
        answer.put("verdict", verdict());
        return answer.toPrettyString();
    }
}
