package me.musclemap.alerts.backtest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.Yaml;
import me.musclemap.alerts.tools.Tool;

/**
 * In which minutes each alert fires on a ramp, as the real rule engine has it: {@code promtool test rules} evaluates the rules, and says
 * what it got where nothing was expected.
 */
final class Firings {
    private static final int STEP_SECONDS = 30;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern TIME = Pattern.compile("time: ([0-9a-z]+),");
    private static final Pattern ALERT = Pattern.compile("alertname=\"([A-Za-z0-9_]+)\"");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private final Map<String, TreeSet<Integer>> minutes = new TreeMap<>();

    private Firings() {}

    /** The metrics that a rule file asks for; more words than metrics are in it, and those find no series. */
    static Set<String> namesIn(Path rules) {
        var names = new LinkedHashSet<String>();
        var file = Yaml.read(rules);
        for (var group : file.path("groups")) {
            for (var rule : group.path("rules")) {
                var found = NAME.matcher(rule.path("expr").asText());
                while (found.find()) {
                    names.add(found.group());
                }
            }
        }
        return names;
    }

    /**
     * An alert as its rule file has it.
     *
     * @param trend whether it draws a line into the future: when it fires follows from how fast the load rises, not only from the load
     */
    record Alert(String severity, boolean trend) {}

    /** Alerts of a rule file, in its order. */
    static Map<String, Alert> alertsIn(Path rules) {
        var alerts = new java.util.LinkedHashMap<String, Alert>();
        for (var group : Yaml.read(rules).path("groups")) {
            for (var rule : group.path("rules")) {
                if (rule.has("alert")) {
                    alerts.put(
                            rule.path("alert").asText(),
                            new Alert(
                                    rule.path("labels").path("severity").asText("none"),
                                    rule.path("expr").asText().contains("predict_linear(")));
                }
            }
        }
        if (alerts.isEmpty()) {
            throw new InputException(rules + ": holds no alert; render one with 'headroom alerts render RUN'");
        }
        return alerts;
    }

    /** Runs the rules over the ramp. */
    static Firings of(Ramp ramp, Path rules, Tool promtool) {
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("backtest");
            Files.copy(rules, scratch.resolve("rules.yml"));
            Files.writeString(scratch.resolve("test.yml"), test(ramp));
            var outcome = promtool.run(scratch, LIMIT, List.of("test", "rules", "test.yml"));
            var firings = new Firings();
            if (!outcome.ok()) {
                firings.read(outcome.output());
                if (firings.minutes.isEmpty()) {
                    throw new InputException(rules + ": promtool cannot run it: "
                            + outcome.output()
                                    .lines()
                                    .filter(line -> !line.isBlank())
                                    .reduce((a, b) -> b)
                                    .orElse(""));
                }
            }
            return firings;
        } catch (IOException e) {
            throw new UncheckedIOException("the test file of a backtest cannot be written", e);
        } finally {
            remove(scratch);
        }
    }

    private static void remove(@org.jspecify.annotations.Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be removed", e);
        }
    }

    private static String test(Ramp ramp) {
        var root = Yaml.mapping();
        root.putArray("rule_files").add("rules.yml");
        root.put("evaluation_interval", STEP_SECONDS + "s");
        var test = root.putArray("tests").addObject();
        test.put("interval", STEP_SECONDS + "s");
        var series = test.putArray("input_series");
        new TreeMap<>(ramp.counters())
                .forEach((name, rates) ->
                        series.addObject().put("series", name).put("values", ramp.counterValues(rates, STEP_SECONDS)));
        new TreeMap<>(ramp.gauges())
                .forEach((name, values) ->
                        series.addObject().put("series", name).put("values", ramp.gaugeValues(values, STEP_SECONDS)));
        var asked = test.putArray("promql_expr_test");
        for (int minute = 1; minute < ramp.minutes(); minute++) {
            asked.addObject()
                    .put("expr", "group by (alertname) (ALERTS{alertstate=\"firing\"})")
                    .put("eval_time", minute + "m")
                    .putArray("exp_samples");
        }
        return Yaml.text("What a run recorded, as a rising load.", (JsonNode) root);
    }

    private void read(String output) {
        int minute = -1;
        for (var line : output.lines().toList()) {
            var time = TIME.matcher(line);
            if (time.find()) {
                minute = minutesOf(time.group(1));
            } else if (line.strip().startsWith("got:") && minute >= 0) {
                var alert = ALERT.matcher(line);
                while (alert.find()) {
                    minutes.computeIfAbsent(alert.group(1), name -> new TreeSet<>())
                            .add(minute);
                }
            }
        }
    }

    /** Prometheus writes 90 minutes as 1h30m. */
    private static int minutesOf(String duration) {
        int minutes = 0;
        int number = 0;
        for (int at = 0; at < duration.length(); at++) {
            char letter = duration.charAt(at);
            if (Character.isDigit(letter)) {
                number = 10 * number + letter - '0';
            } else {
                minutes += letter == 'd' ? 1440 * number : letter == 'h' ? 60 * number : letter == 'm' ? number : 0;
                number = 0;
            }
        }
        return minutes;
    }

    /** The minutes in which it fires, in order. */
    List<Integer> of(String alert) {
        return List.copyOf(minutes.getOrDefault(alert, new TreeSet<>()));
    }
}
