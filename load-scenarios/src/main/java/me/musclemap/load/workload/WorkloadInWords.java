package me.musclemap.load.workload;

import java.util.Comparator;
import java.util.Map;

/** A workload for a person to read: what one user does in an hour, and the rates that follow. */
public final class WorkloadInWords {
    private final Workload workload;

    /** The words for {@code workload}. */
    public WorkloadInWords(Workload workload) {
        this.workload = workload;
    }

    /** Several lines of text, each ending in a line break. */
    public String text() {
        var text = new StringBuilder();
        var own = workload.ownMix();
        line(text, "%s: %s", workload.name(), workload.title());
        line(
                text,
                "One user in session makes %.4f requests/s (%.0f an hour) and %.4f telemetry posts/s.",
                own.requestsPerSecondPerUser(),
                own.requestsPerSecondPerUser() * 3600,
                own.telemetryPerSecondPerUser());
        line(
                text,
                "A session lasts %.1f minutes on average; %.1f %% of the users in session have a WebSocket open, for %.0f s each.",
                own.sessionSeconds() / 60,
                own.socketShare() * 100,
                own.socketSeconds());
        line(text, "1,000 requests/s are %,d users in session.", own.usersFor(1000));
        regions(text);
        journeys(text, own);
        operations(text, own);
        mixes(text);
        line(text, "What the numbers rest on:");
        workload.sources().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(source -> line(text, "  %s: %s", source.getKey(), source.getValue()));
        return text.toString();
    }

    private void regions(StringBuilder text) {
        if (workload.regions().isEmpty()) {
            return;
        }
        line(text, "");
        line(text, "%-12s %9s %12s  %s", "region", "users", "round trip", "why");
        for (var region : workload.regions()) {
            line(
                    text,
                    "%-12s %7.1f %% %9.0f ms  %s",
                    region.name(),
                    region.share() * 100,
                    region.roundTripSeconds() * 1000,
                    region.why());
        }
    }

    private void journeys(StringBuilder text, Mix own) {
        line(text, "");
        line(text, "%-12s %9s %9s %9s %10s  %s", "journey", "sessions", "users", "minutes", "requests", "why");
        for (var journey : workload.journeys()) {
            var requests = journey.requestsPerSession().entrySet().stream()
                    .filter(entry -> headline(entry.getKey()))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            line(
                    text,
                    "%-12s %7.1f %% %7.1f %% %9.1f %10.1f  %s",
                    journey.name(),
                    own.sessionShare(journey) * 100,
                    own.userShare(journey) * 100,
                    journey.sessionSeconds() / 60,
                    requests,
                    journey.why());
        }
    }

    private void operations(StringBuilder text, Mix own) {
        line(text, "");
        line(text, "%-24s %-10s %13s %9s", "operation", "class", "a user's hour", "share");
        var counts = own.requestsPerSession();
        var total = counts.entrySet().stream()
                .filter(entry -> headline(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> line(
                        text,
                        "%-24s %-10s %13.1f %s",
                        entry.getKey(),
                        workload.classOf(entry.getKey()).map(FitClass::name).orElse("-"),
                        entry.getValue() / own.sessionSeconds() * 3600,
                        headline(entry.getKey()) ? "%7.1f %%".formatted(entry.getValue() / total * 100) : "    apart"));
        line(text, "");
    }

    private void mixes(StringBuilder text) {
        workload.mixes().forEach((name, shares) -> {
            var mix = workload.mixesByName().get(name);
            var classes = new StringBuilder();
            shares.forEach((fitClass, share) -> classes.append(" %s %.1f %%".formatted(fitClass, share * 100)));
            line(
                    text,
                    "mix %-9s %-9s %.4f requests/s per user;%s",
                    name,
                    mix == null || !mix.heldOut() ? "" : "held out",
                    mix == null ? 0.0 : mix.requestsPerSecondPerUser(),
                    classes);
        });
        line(text, "");
    }

    private boolean headline(String operation) {
        var known = workload.operations().get(operation);
        return known != null && known.headline();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(java.util.Locale.ROOT, format, values)).append('\n');
    }
}
