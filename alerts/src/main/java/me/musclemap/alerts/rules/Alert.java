package me.musclemap.alerts.rules;

import java.time.Duration;
import java.util.List;

/**
 * One alert.
 *
 * @param expr fires while it gives samples
 * @param holdFor how long it must give samples before the alert fires
 * @param keepFiringFor how long the alert stays after the last sample
 * @param objective what of the service is at stake, as the label {@code slo}
 * @param summary one line in plain words; may hold Prometheus templates
 * @param description what it means and what to do first
 * @param limits what its thresholds are and where they come from
 * @param runbook what the runbook says
 */
public record Alert(
        String name,
        Severity severity,
        String expr,
        Duration holdFor,
        Duration keepFiringFor,
        String objective,
        String summary,
        String description,
        List<Limit> limits,
        Runbook runbook) {
    /**
     * A threshold of an alert, for people.
     *
     * @param quantity what is compared
     * @param fires when it fires, with unit
     * @param source where the number comes from
     */
    public record Limit(String quantity, String fires, String source) {}

    /**
     * What to do when the alert fires.
     *
     * @param meaning what users notice, and why the alert exists
     * @param look where to look first, in order
     * @param act what to do, in order of likelihood
     */
    public record Runbook(String meaning, List<String> look, List<String> act) {
        /** Copies the lists. */
        public Runbook {
            look = List.copyOf(look);
            act = List.copyOf(act);
        }
    }

    /** Copies the limits. */
    public Alert {
        limits = List.copyOf(limits);
    }
}
