package me.musclemap.alerts.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.CapacityFile;

/**
 * Whether a run meets its objectives, and how a person and a CI server read that.
 *
 * @param measured what was measured and how far it is to be trusted, in words
 * @param quality valid, indicative or notValid
 * @param reasons why it is not more than that
 */
record Verdict(String runId, String measured, String quality, List<String> reasons, List<Finding> findings) {
    private static final String NOT_VALID = "notValid";

    /** One objective and what was found. */
    record Finding(String objective, boolean met, String words) {}

    Verdict {
        reasons = List.copyOf(reasons);
        findings = List.copyOf(findings);
    }

    static Verdict of(CapacityAnswer capacity, List<Finding> findings) {
        return new Verdict(
                capacity.runId(),
                capacity.stack().name() + " (" + capacity.stack().scope() + "), "
                        + capacity.quality().label(),
                capacity.quality().label(),
                capacity.quality().reasons(),
                findings);
    }

    /** Of a run whose model does not fit, so that no objective can be held against it. */
    static Verdict of(CapacityFile.Refused refused) {
        return new Verdict(
                refused.runId(),
                "no capacity",
                NOT_VALID,
                refused.reasons().isEmpty() ? List.of(refused.title()) : refused.reasons(),
                List.of(new Finding("a capacity to compare with", false, refused.title())));
    }

    private boolean valid() {
        return !quality.equals(NOT_VALID);
    }

    private boolean met() {
        return findings.stream().allMatch(Finding::met);
    }

    /** 0 met, 3 missed, 4 not valid. */
    int exitCode() {
        return !valid() ? 4 : met() ? 0 : 3;
    }

    String text() {
        var text = new StringBuilder("run " + runId + ": " + measured + "\n");
        for (var finding : findings) {
            text.append(
                    "%-8s %s: %s%n".formatted(finding.met() ? "met" : "missed", finding.objective(), finding.words()));
        }
        if (!valid()) {
            return text.append("not valid: ")
                    .append(String.join("; ", reasons))
                    .append('\n')
                    .toString();
        }
        return text.append(met() ? "objective met\n" : "objective missed\n").toString();
    }

    String json() {
        var answer = JsonNodeFactory.instance.objectNode();
        answer.put("runId", runId).put("quality", quality);
        answer.put("verdict", !valid() ? NOT_VALID : met() ? "met" : "missed");
        var list = answer.putArray("objectives");
        findings.forEach(finding -> list.addObject()
                .put("objective", finding.objective())
                .put("met", finding.met())
                .put("found", finding.words()));
        return answer.toPrettyString() + "\n";
    }

    /** As JUnit writes its results. */
    String xml() {
        long failed = findings.stream().filter(finding -> !finding.met()).count();
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        text.append("<testsuite name=\"headroom alerts gate\" tests=\"%d\" failures=\"%d\" errors=\"%d\">%n"
                .formatted(findings.size(), valid() ? failed : 0, valid() ? 0 : findings.size()));
        for (var finding : findings) {
            text.append("  <testcase classname=\"headroom.gate.%s\" name=\"%s\">%n"
                    .formatted(escaped(runId), escaped(finding.objective())));
            if (!valid()) {
                text.append("    <error type=\"notValid\" message=\"%s\"/>%n"
                        .formatted(escaped(String.join("; ", reasons))));
            } else if (!finding.met()) {
                text.append("    <failure type=\"missed\" message=\"%s\"/>%n".formatted(escaped(finding.words())));
            }
            text.append("  </testcase>\n");
        }
        return text.append("</testsuite>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
