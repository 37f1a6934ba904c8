package me.musclemap.alerts.rules;

import java.util.List;
import java.util.stream.Stream;

/**
 * All rules of one capacity answer.
 *
 * @param origin one line that says what the thresholds were made from
 * @param omitted alerts that the system could never fire, and why they are left out
 */
public record RuleBook(String origin, List<Group> groups, List<Omitted> omitted) {
    /** An alert that was left out. */
    public record Omitted(String alert, String why) {}

    /** Copies the lists. */
    public RuleBook {
        groups = List.copyOf(groups);
        omitted = List.copyOf(omitted);
    }

    /** Every alert, in the order of the file. */
    public Stream<Alert> alerts() {
        return groups.stream().flatMap(group -> group.alerts().stream());
    }
}
