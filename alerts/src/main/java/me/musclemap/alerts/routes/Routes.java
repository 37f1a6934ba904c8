package me.musclemap.alerts.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import me.musclemap.alerts.Yaml;

/**
 * The configuration of Alertmanager. Critical goes to the pager, warning to the chat, info to a daily digest, the
 * watchdog to a dead man's switch. Credentials and addresses that are secret stand in files beside the configuration.
 */
public final class Routes {
    private Routes() {}

    /** The text of {@code alertmanager.yml}. */
    public static String text(String origin) {
        var root = Yaml.mapping();
        root.putObject("global").put("resolve_timeout", "5m");
        root.set("route", tree());
        root.putArray("time_intervals")
                .addObject()
                .put("name", "morning")
                .putArray("time_intervals")
                .addObject()
                .putArray("times")
                .addObject()
                .put("start_time", "07:00")
                .put("end_time", "09:00");
        inhibitions(root.putArray("inhibit_rules"));
        receivers(root.putArray("receivers"));
        return Yaml.text(origin + "\n" + SETUP, root);
    }

    private static final String SETUP = """
            Put the integration key of PagerDuty into pagerduty.key and the Slack webhook address into slack.url beside
            this file, and run the dead man's switch (any service that calls you when it stops being called) at the
            address of the receiver deadman.
            A critical alert hides the warning of the same objective; a missing scrape hides what is computed from it;
            an announced load test hides what a load test is meant to bring about, and only that.""";

    private static ObjectNode tree() {
        var root = Yaml.mapping();
        root.put("receiver", "chat");
        root.putArray("group_by").add("alertname").add("slo");
        // The chat waits longer than the pager, so that a critical alert can still hide the warning before it.
        root.put("group_wait", "30s");
        root.put("group_interval", "5m");
        root.put("repeat_interval", "12h");
        var routes = root.putArray("routes");
        route(routes, "alertname=\"Watchdog\"", "deadman", "0s", "1m", "1m");
        route(routes, "severity=\"none\"", "nobody", "30s", "5m", "12h");
        route(routes, "severity=\"critical\"", "pager", "10s", "5m", "1h");
        route(routes, "severity=\"warning\"", "chat", "30s", "5m", "12h");
        var digest = route(routes, "severity=\"info\"", "digest", "30s", "1h", "24h");
        digest.putArray("active_time_intervals").add("morning");
        return root;
    }

    private static ObjectNode route(
            ArrayNode routes, String matcher, String receiver, String wait, String interval, String repeat) {
        var route = routes.addObject();
        route.putArray("matchers").add(matcher);
        return route.put("receiver", receiver)
                .put("group_wait", wait)
                .put("group_interval", interval)
                .put("repeat_interval", repeat);
    }

    private static void inhibitions(ArrayNode rules) {
        inhibition(rules, List.of("severity=\"critical\""), List.of("severity=\"warning\""), List.of("slo"));
        inhibition(rules, List.of("severity=~\"critical|warning\""), List.of("severity=\"info\""), List.of("slo"));
        inhibition(
                rules,
                List.of("alertname=\"MetricsMissing\""),
                List.of(
                        "slo=~\"availability|latency|capacity|database|memory|model\"",
                        "alertname!=\"MetricsMissing\""),
                List.of());
        inhibition(
                rules,
                List.of("alertname=\"LoadTestRunning\""),
                List.of("slo=~\"latency|capacity|database|model\""),
                List.of());
    }

    private static void inhibition(ArrayNode rules, List<String> source, List<String> target, List<String> equal) {
        var rule = rules.addObject();
        var sources = rule.putArray("source_matchers");
        source.forEach(sources::add);
        var targets = rule.putArray("target_matchers");
        target.forEach(targets::add);
        if (!equal.isEmpty()) {
            var labels = rule.putArray("equal");
            equal.forEach(labels::add);
        }
    }

    private static void receivers(ArrayNode receivers) {
        receivers
                .addObject()
                .put("name", "pager")
                .putArray("pagerduty_configs")
                .addObject()
                .put("routing_key_file", "pagerduty.key");
        slack(receivers, "chat");
        slack(receivers, "digest");
        receivers
                .addObject()
                .put("name", "deadman")
                .putArray("webhook_configs")
                .addObject()
                .put("url", "http://127.0.0.1:9095/watchdog")
                .put("send_resolved", false);
        receivers.addObject().put("name", "nobody");
    }

    private static void slack(ArrayNode receivers, String name) {
        receivers
                .addObject()
                .put("name", name)
                .putArray("slack_configs")
                .addObject()
                .put("api_url_file", "slack.url")
                .put("send_resolved", true)
                .put("title", "{{ .CommonLabels.severity }}: {{ .CommonLabels.alertname }}")
                .put(
                        "text",
                        "{{ range .Alerts }}{{ .Annotations.summary }} ({{ .Annotations.runbook_url }})\n{{ end }}");
    }
}
