package me.musclemap.alerts.runbooks;

import java.util.List;
import java.util.Locale;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.rules.Alert;
import me.musclemap.alerts.rules.PromDuration;

/** The runbook of an alert as Markdown. */
public final class RunbookPage {
    private final CapacityAnswer capacity;

    /** Pages that quote the numbers of this answer. */
    public RunbookPage(CapacityAnswer capacity) {
        this.capacity = capacity;
    }

    /** The page of one alert. */
    public String text(Alert alert) {
        var page = new StringBuilder();
        page.append("# ").append(alert.name()).append("\n\n");
        page.append("**")
                .append(alert.severity().label())
                .append("** · at stake: ")
                .append(alert.objective());
        page.append(" · fires after ").append(PromDuration.text(alert.holdFor()));
        page.append(", stays ").append(PromDuration.text(alert.keepFiringFor())).append(" after the cause is gone\n\n");
        page.append(alert.runbook().meaning()).append("\n\n");
        limits(page, alert);
        numbers(page);
        list(page, "Look first", alert.runbook().look());
        list(page, "Then do", alert.runbook().act());
        page.append("## The rule\n\n```promql\n").append(alert.expr().strip()).append("\n```\n");
        return page.toString();
    }

    private static void limits(StringBuilder page, Alert alert) {
        if (alert.limits().isEmpty()) {
            return;
        }
        page.append("| watched | fires | where the number comes from |\n|---|---|---|\n");
        for (var limit : alert.limits()) {
            page.append("| ")
                    .append(limit.quantity())
                    .append(" | ")
                    .append(limit.fires())
                    .append(" | ")
                    .append(limit.source())
                    .append(" |\n");
        }
        page.append('\n');
    }

    private void numbers(StringBuilder page) {
        var policy = capacity.capacity().policy();
        var slo = capacity.capacity().slo();
        page.append("## What this system carries\n\n");
        page.append(String.format(
                Locale.ROOT,
                "Run %s, %s (%s), %s.%n%n",
                capacity.runId(),
                capacity.stack().name(),
                capacity.stack().scope(),
                capacity.quality().label()));
        page.append(String.format(
                Locale.ROOT,
                "- %,.0f requests/s (%,.0f to %,.0f) by policy: %s.%n",
                policy.requestsPerSecond().p50(),
                policy.requestsPerSecond().p10(),
                policy.requestsPerSecond().p90(),
                policy.rule()));
        page.append(String.format(
                Locale.ROOT,
                "- %,.0f requests/s (%,.0f to %,.0f) by the objective: %s%s.%n",
                slo.requestsPerSecond().p50(),
                slo.requestsPerSecond().p10(),
                slo.requestsPerSecond().p90(),
                slo.rule(),
                slo.extrapolated() ? " (extrapolated: no window was driven that far)" : ""));
        page.append(String.format(
                Locale.ROOT,
                "- %s gives out first (%s); %s takes %.0f %% of it.%n",
                policy.binding().name(),
                policy.binding().limit(),
                capacity.capacity().largestConsumer().station(),
                100 * capacity.capacity().largestConsumer().share()));
        capacity.capacity().users().stream()
                .filter(users -> users.kind().equals("inSession"))
                .forEach(users -> page.append(String.format(
                        Locale.ROOT,
                        "- That is %,.0f users in session (%,.0f to %,.0f), at %s.%n",
                        users.users().p50(),
                        users.users().p10(),
                        users.users().p90(),
                        users.assumes())));
        page.append('\n');
    }

    private static void list(StringBuilder page, String title, List<String> items) {
        page.append("## ").append(title).append("\n\n");
        for (int i = 0; i < items.size(); i++) {
            page.append(i + 1).append(". ").append(items.get(i)).append('\n');
        }
        page.append('\n');
    }
}
