package me.musclemap.load.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import me.musclemap.load.record.RunRecord;

/** A finished comparison in the forms in which it is read: text, JSON, Markdown and JUnit XML. Immutable. */
final class Answer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NONE = "-";

    private final Comparison comparison;
    private final List<ComparedRun> base;
    private final List<ComparedRun> candidate;
    private final Optional<SelfComparison> self;

    Answer(Comparison comparison, List<ComparedRun> base, List<ComparedRun> candidate, Optional<SelfComparison> self) {
        this.comparison = comparison;
        this.base = List.copyOf(base);
        this.candidate = List.copyOf(candidate);
        this.self = self;
    }

    /** For a terminal: the verdict last, where the eye ends. */
    String text() {
        var text = new StringBuilder();
        if (!comparison.capacity().isEmpty()) {
            text.append(comparison.capacity()).append('\n');
        }
        text.append(header()).append('\n');
        if (!comparison.lines().isEmpty()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-28s %11s %11s  %-26s %-8s %s%n",
                    "",
                    "base",
                    "candidate",
                    "change",
                    "p",
                    "finding"));
        }
        for (var line : comparison.lines()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-28s %11s %11s  %-26s %-8s %s%n",
                    line.metric().title() + (line.part() == Comparison.Part.PRIMARY ? " *" : ""),
                    line.metric().words(line.base()),
                    line.metric().words(line.candidate()),
                    Comparison.change(line),
                    probability(line),
                    line.finding()));
        }
        if (!comparison.lines().isEmpty()) {
            text.append("* decides; the others beside it, p under Holm. Interval ")
                    .append(String.format(
                            Locale.ROOT, "%.0f %%", (1 - 2 * comparison.rule().alpha()) * 100))
                    .append(".\n");
        }
        for (var sentence : sentences()) {
            text.append(sentence).append('\n');
        }
        return text.append(comparison.verdict().sentence()).append('\n').toString();
    }

    private static String probability(Comparison.Line line) {
        return switch (line.part()) {
            case PRIMARY -> String.format(Locale.ROOT, "%.4f", line.probability());
            case SECONDARY ->
                String.format(Locale.ROOT, "%.4f", line.corrected().orElseThrow());
            case SHOWN -> NONE;
        };
    }

    private String header() {
        int pairs = comparison.pairs().size();
        var first = pairs == 0
                ? Optional.<Pair>empty()
                : Optional.of(comparison.pairs().get(0));
        return "base " + builds(base) + ", candidate " + builds(candidate)
                + first.map(pair -> ": " + pairs + " pair" + (pairs == 1 ? "" : "s") + " of "
                                + pair.base().record().scenario() + " runs, " + pair.windows()
                                + (pair.windows() == 1 ? " window" : " windows") + " alike in each, host "
                                + pair.base().record().host().fingerprint())
                        .orElse("");
    }

    private static String builds(List<ComparedRun> runs) {
        return runs.stream()
                .map(run -> run.record().headroom().commit())
                .distinct()
                .collect(Collectors.joining("/"));
    }

    private List<String> sentences() {
        var sentences = new java.util.ArrayList<String>();
        if (!comparison.where().isEmpty()) {
            sentences.add(comparison.where());
        }
        var differences = differences();
        if (!comparison.pairs().isEmpty()) {
            sentences.add(
                    differences.isEmpty()
                            ? "both sides are the same build: this is a comparison of a build with itself"
                            : "what differs: " + String.join("; ", differences));
        }
        self.ifPresent(found -> sentences.add(found.sentence(comparison.rule().alpha())));
        return sentences;
    }

    /** What of the programs is another on the two sides. */
    private List<String> differences() {
        var differences = new java.util.ArrayList<String>();
        differs("commit", commits(base), commits(candidate)).ifPresent(differences::add);
        differs("components", components(base), components(candidate)).ifPresent(differences::add);
        differs("JVM", jvms(base), jvms(candidate)).ifPresent(differences::add);
        return differences;
    }

    private static Optional<String> differs(String what, TreeSet<String> left, TreeSet<String> right) {
        return left.equals(right)
                ? Optional.empty()
                : Optional.of(what + " " + String.join(" ", left) + " -> " + String.join(" ", right));
    }

    private static TreeSet<String> commits(List<ComparedRun> runs) {
        return runs.stream()
                .map(run -> run.record().headroom().commit())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> components(List<ComparedRun> runs) {
        return runs.stream()
                .flatMap(run -> run.record().stack().components().stream())
                .map(component -> component.name() + " " + component.version())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static TreeSet<String> jvms(List<ComparedRun> runs) {
        return runs.stream()
                .flatMap(run -> run.record().jvms().stream())
                .filter(jvm ->
                        !jvm.process().equals("generator") && !jvm.process().equals("agent"))
                .map(Answer::jvm)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String jvm(RunRecord.Jvm jvm) {
        return jvm.process() + " " + jvm.version() + " " + jvm.collector() + " " + jvm.maxHeapBytes() / 1_048_576
                + " MiB";
    }

    /** One object for machines. */
    String json() {
        var answer = JSON.createObjectNode();
        answer.put("schemaVersion", 1);
        answer.put("verdict", comparison.verdict().word())
                .put("sentence", comparison.verdict().sentence());
        answer.put("exitCode", comparison.verdict().exitCode());
        if (comparison.verdict() instanceof Verdict.Undecided undecided) {
            undecided.morePairs().ifPresent(more -> answer.put("morePairs", more));
        }
        answer.put("primary", comparison.primary().word());
        answer.put("alpha", comparison.rule().alpha())
                .put("margin", comparison.rule().margin());
        answer.put("capacity", comparison.capacity()).put("where", comparison.where());
        differences().forEach(answer.putArray("differs")::add);
        var pairs = answer.putArray("pairs");
        for (var pair : comparison.pairs()) {
            pairs.addObject()
                    .put("base", pair.base().record().id())
                    .put("candidate", pair.candidate().record().id())
                    .put("seed", pair.base().record().seed())
                    .put("windows", pair.windows());
        }
        var differences = answer.putArray("primaryLogRatios");
        for (double difference : comparison.primaryDifferences()) {
            differences.add(difference);
        }
        var metrics = answer.putArray("metrics");
        comparison.lines().forEach(line -> metric(metrics.addObject(), line));
        self.ifPresent(found -> self(answer.putObject("selfComparison"), found));
        return answer.toPrettyString();
    }

    private static void metric(ObjectNode into, Comparison.Line line) {
        into.put("metric", line.metric().word()).put("unit", line.metric().unit());
        into.put("part", line.part().name().toLowerCase(Locale.ROOT));
        into.put("base", line.base()).put("candidate", line.candidate());
        into.put("change", line.change());
        into.put("changeLow", finite(line.changeLow())).put("changeHigh", finite(line.changeHigh()));
        into.put("p", line.probability());
        into.put("pHolm", line.corrected().isPresent() ? line.corrected().getAsDouble() : null);
        into.put("finding", line.finding());
    }

    @SuppressWarnings("NullAway") // Jackson writes null for a boxed null, which is what an endless bound is in JSON
    private static Double finite(double value) {
        return Double.isFinite(value) && value > -1 ? Double.valueOf(value) : null;
    }

    private void self(ObjectNode into, SelfComparison found) {
        into.put("metric", found.metric().word()).put("runs", found.runs()).put("pairs", found.pairs());
        found.deviation().ifPresent(value -> into.put("logDeviation", value));
        found.falseAlarms().ifPresent(value -> into.put("falseAlarms", value).put("campaigns", Campaigns.COUNT));
        into.put("campaignPairs", found.campaignPairs());
        found.pairsForTenPercent().ifPresent(value -> into.put("pairsForTenPercent", value));
        found.pairsForTwentyPercent().ifPresent(value -> into.put("pairsForTwentyPercent", value));
        into.put("sentence", found.sentence(comparison.rule().alpha()));
    }

    /** For a pull request. */
    String markdown() {
        var text = new StringBuilder("### Load comparison: ")
                .append(comparison.verdict().sentence())
                .append("\n\n");
        if (!comparison.capacity().isEmpty()) {
            text.append("**").append(comparison.capacity()).append("**\n\n");
        }
        if (!comparison.lines().isEmpty()) {
            text.append("| metric | base | candidate | change | p | finding |\n|---|---:|---:|---:|---:|---|\n");
        }
        for (var line : comparison.lines()) {
            var decides = line.part() == Comparison.Part.PRIMARY ? "**" : "";
            text.append(String.format(
                    Locale.ROOT,
                    "| %s%s%s | %s | %s | %s | %s | %s |%n",
                    decides,
                    line.metric().title(),
                    decides,
                    line.metric().words(line.base()),
                    line.metric().words(line.candidate()),
                    Comparison.change(line),
                    probability(line),
                    line.finding()));
        }
        text.append('\n').append(header()).append(".\n");
        sentences().forEach(sentence -> text.append("\n* ").append(sentence));
        return text.append('\n').toString();
    }

    /** For a CI server: a test case for each metric, which fails where it is worse; no verdict is an error. */
    String junit() {
        var verdict = comparison.verdict();
        boolean failed = verdict instanceof Verdict.Regression;
        boolean broken = verdict instanceof Verdict.Undecided || verdict instanceof Verdict.NotComparable;
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        text.append("<testsuite name=\"headroom load compare\" tests=\"1\" failures=\"")
                .append(failed ? 1 : 0)
                .append("\" errors=\"")
                .append(broken ? 1 : 0)
                .append("\">\n  <testcase classname=\"headroom.load.compare\" name=\"")
                .append(escaped(comparison.primary().title()))
                .append("\">\n");
        if (failed || broken) {
            var kind = failed ? "failure" : "error";
            text.append("    <")
                    .append(kind)
                    .append(" type=\"")
                    .append(verdict.word())
                    .append("\" message=\"")
                    .append(escaped(verdict.sentence()))
                    .append("\"/>\n");
        }
        return text.append("    <system-out>")
                .append(escaped(text()))
                .append("</system-out>\n  </testcase>\n</testsuite>\n")
                .toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
