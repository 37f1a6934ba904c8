package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.List;

/** Whether the watching itself works. */
final class Monitoring {
    private Monitoring() {}

    static List<Alert> alerts() {
        return List.of(watchdog(), missing(), loadTest());
    }

    private static Alert watchdog() {
        return new Alert(
                "Watchdog",
                Severity.NONE,
                "vector(1)",
                Duration.ZERO,
                Duration.ZERO,
                "monitoring",
                "The alerting works",
                "Always fires. A dead man's switch outside rings when it stops arriving.",
                List.of(),
                new Alert.Runbook(
                        "You are here because the dead man's switch rang: no alert can reach you at the moment.",
                        List.of(
                                "Does Prometheus answer on its port, and does it list its rules?",
                                "Does Alertmanager answer, and can it reach the receivers?"),
                        List.of(
                                "Start what is down. Its disk being full is the usual reason.",
                                "Look at the dashboard by hand until the watchdog is back.")));
    }

    private static Alert missing() {
        return new Alert(
                "MetricsMissing",
                Severity.CRITICAL,
                "up == 0\nor absent(up{job=\"api\"})\nor absent(up{job=\"agent\"})\nor absent(hikaricp_connections_max)"
                        + "\nor absent(headroom_station_cpu_seconds_total)",
                Duration.ofMinutes(2),
                Duration.ofMinutes(2),
                "monitoring",
                "Metrics of {{ if $labels.job }}{{ $labels.job }}{{ else }}a scrape job{{ end }} are missing",
                "A target cannot be scraped or gives no metrics: the service is down, or nobody sees how it is.",
                List.of(new Alert.Limit("a scrape", "fails, or its series are gone, for 2 min", "fixed")),
                new Alert.Runbook(
                        "The other alerts are blind while this one fires, and it hides them. With a scrape every 15 s it fires"
                                + " between 2 and 3 minutes after the target is gone.",
                        List.of(
                                "Does the service answer /health? If not, it is down: start it.",
                                "It answers, but /metrics does not: it may be saturated; look at the CPU of the host."),
                        List.of(
                                "Down: start it, and keep the log of its end.",
                                "Up and not scraped: address, port or firewall in the configuration of Prometheus.")));
    }

    private static Alert loadTest() {
        return new Alert(
                "LoadTestRunning",
                Severity.NONE,
                "sum(rate(headroom_station_cpu_seconds_total{station=\"generator\"}[1m])) > 0.02",
                Duration.ZERO,
                Duration.ofMinutes(5),
                "monitoring",
                "A load test runs",
                "The load generator uses CPU. Alerts on latency, capacity, database and model are inhibited meanwhile.",
                List.of(new Alert.Limit(
                        "CPU of the station 'generator'", "> 2 % of a core", "fixed: an idle generator uses less")),
                new Alert.Runbook(
                        "A load test is meant to bring latency and saturation about, and must wake nobody. Failures and disks"
                                + " still do.",
                        List.of("Who started it, and on which host? See runs/ there."),
                        List.of("Nobody knows of it: end it, and read the alerts it hides.")));
    }
}
