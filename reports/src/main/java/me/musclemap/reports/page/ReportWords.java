package me.musclemap.reports.page;

import static me.musclemap.reports.page.Table.Column.number;
import static me.musclemap.reports.page.Table.Column.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.musclemap.reports.page.ReportPage.Badge;
import me.musclemap.reports.page.ReportPage.Fact;
import me.musclemap.reports.page.Table.Cell;
import me.musclemap.reports.record.MeasuredRun;
import me.musclemap.reports.record.OperationLatency;
import me.musclemap.reports.record.Quality;
import me.musclemap.reports.record.RunRecord;
import me.musclemap.reports.record.RunRecord.Check;
import me.musclemap.reports.record.RunRecord.CheckOutcome;
import me.musclemap.reports.record.RunRecord.Latency;
import me.musclemap.reports.record.RunRecord.Role;
import me.musclemap.reports.record.RunRecord.Window;
import me.musclemap.reports.words.Figures;
import me.musclemap.reports.words.Names;
import me.musclemap.reports.words.Nouns;
import org.jspecify.annotations.Nullable;

/** Says what every run has: what it was, whether it may be believed, and how to repeat it. Immutable. */
final class ReportWords {
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final MeasuredRun measured;
    private final RunRecord run;

    ReportWords(MeasuredRun measured) {
        this.measured = measured;
        this.run = measured.run();
    }

    /** The quality of the answer, or of the run where that is worse or all there is. */
    Quality quality() {
        Quality ofRun = run.validity().verdict();
        Quality ofAnswer =
                measured.capacity().map(answer -> answer.quality().label()).orElse(ofRun);
        return ofRun.compareTo(ofAnswer) > 0 ? ofRun : ofAnswer;
    }

    Badge badge() {
        Quality quality = quality();
        List<String> reasons = new ArrayList<>();
        run.validity().checks().stream()
                .filter(check -> check.outcome() != CheckOutcome.OK)
                .forEach(check -> reasons.add(Nouns.sentence(check.message())));
        measured.capacity()
                .ifPresent(answer -> answer.quality().reasons().stream()
                        .map(Nouns::sentence)
                        .filter(reason -> answer.quality().label() != Quality.VALID)
                        .filter(reason -> reasons.stream().noneMatch(known -> sameStart(known, reason)))
                        .forEach(reasons::add));
        if (measured.capacity().isEmpty()) {
            reasons.add(
                    "There is no capacity.json: make it with 'headroom capacity plan' if the run is a calibration.");
        }
        return new Badge(Names.quality(quality), kind(quality), reasons);
    }

    /** Whether two reasons open with the same words, up to the first colon. */
    private static boolean sameStart(String one, String other) {
        return one.split(":", 2)[0].equalsIgnoreCase(other.split(":", 2)[0]);
    }

    static String kind(Quality quality) {
        return switch (quality) {
            case VALID -> "good";
            case INDICATIVE -> "fair";
            case NOT_VALID -> "bad";
        };
    }

    /** The title of a run without an answer that may be believed. */
    String titleWithoutAnswer() {
        if (quality() != Quality.NOT_VALID) {
            return "No capacity is claimed: the model was not asked about this run";
        }
        List<String> causes = run.validity().checks().stream()
                .filter(check -> check.outcome() == CheckOutcome.NOT_VALID)
                .map(Check::message)
                .toList();
        String why = causes.isEmpty() ? "the model does not trust its answer" : causes.get(0);
        return "Not valid, no capacity is claimed: " + Nouns.sentence(why).replaceFirst("\\.$", "");
    }

    List<Fact> facts() {
        return List.of(
                new Fact("Run", run.id()),
                new Fact("Measured", WHEN.format(Instant.ofEpochMilli(run.startedEpochMillis()))),
                new Fact("Stack", run.stack().name() + ": " + run.stack().scope()),
                new Fact(
                        "Workload",
                        "%s, %s and %s of telemetry for each user in session"
                                .formatted(
                                        run.workload().name(),
                                        Figures.ratePerUser(run.workload().requestsPerSecondPerUser()),
                                        Figures.ratePerUser(run.workload().telemetryPerSecondPerUser()))),
                new Fact(
                        "Data",
                        "%s users, %s workouts"
                                .formatted(
                                        Figures.whole(run.dataset().users()),
                                        Figures.whole(run.dataset().workouts()))));
    }

    Table checks() {
        List<List<Cell>> rows = run.validity().checks().stream()
                .map(check -> List.of(
                        Cell.of(Names.check(check.name()), check.message()),
                        Cell.of(value(check.name(), check.value())),
                        Cell.of(value(check.name(), check.limit())),
                        outcome(check.outcome())))
                .toList();
        return new Table(
                "Validity checks, run " + run.id(),
                List.of(text("Check"), number("Found"), number("Limit"), text("Outcome")),
                rows);
    }

    private static Cell outcome(CheckOutcome outcome) {
        return switch (outcome) {
            case OK -> Cell.chip("ok", "good");
            case INDICATIVE -> Cell.chip("indicative", "fair");
            case NOT_VALID -> Cell.chip("not valid", "bad");
        };
    }

    private static String value(String check, @Nullable Double value) {
        if (value == null) {
            return "–";
        }
        return switch (check) {
            case "scheduleSlip" -> Figures.seconds(value);
            case "generatorCpu", "failedRequests", "steal", "offeredRate" -> Figures.percent(value);
            default -> value == Math.rint(value) ? Figures.whole(value.longValue()) : Figures.plain(value);
        };
    }

    Table windows() {
        List<List<Cell>> rows = run.windows().stream()
                .filter(window -> window.role() != Role.WARM_UP)
                .map(ReportWords::row)
                .toList();
        return new Table(
                "Windows of run %s on %s, in the order they were driven; latency from the intended start, with p95 from 20 requests on and p99 from 100"
                        .formatted(run.id(), run.stack().name()),
                List.of(
                        text("Window"),
                        text("Mix"),
                        number("Offered/s"),
                        number("Served/s"),
                        number("p50"),
                        number("p95"),
                        number("p99"),
                        number("Steal"),
                        text("Remark")),
                rows);
    }

    private static List<Cell> row(Window window) {
        Latency latency = window.latencySeconds().corrected();
        String excluded = window.excluded();
        return List.of(
                Cell.of(window.index() + "  " + role(window.role())),
                Cell.of(window.mixName()),
                Cell.of(Figures.plain(window.offeredPerSecond())),
                Cell.of(Figures.plain(window.servedPerSecond())),
                Cell.of(latency == null ? "–" : percentile(latency.p50(), latency.count(), 2)),
                Cell.of(latency == null ? "–" : percentile(latency.p95(), latency.count(), 20)),
                Cell.of(latency == null ? "–" : percentile(latency.p99(), latency.count(), 100)),
                Cell.of(Figures.percent(window.stealRatio())),
                Cell.of(excluded == null ? remark(window.role()) : "left out: " + excluded));
    }

    /** A percentile, unless it is only the longest of too few requests. */
    private static String percentile(double seconds, long requests, long needed) {
        return requests < needed ? "–" : Figures.seconds(seconds);
    }

    private static String remark(Role role) {
        return switch (role) {
            case IDLE -> "checks what the fit says of no load";
            case PROBE -> "looks for the knee, never fitted";
            case WARM_UP, FIT, HELD_OUT, SCENARIO -> "";
        };
    }

    private static String role(Role role) {
        return switch (role) {
            case WARM_UP -> "warm-up";
            case IDLE -> "idle";
            case PROBE -> "probe";
            case FIT -> "fit";
            case HELD_OUT -> "held out";
            case SCENARIO -> "scenario";
        };
    }

    Table operations() {
        List<List<Cell>> rows = new ArrayList<>();
        for (OperationLatency operation : measured.operations()) {
            rows.add(List.of(
                    Cell.of(operation.operation()),
                    Cell.of(Figures.whole(operation.requests())),
                    Cell.of(Figures.whole(operation.failed())),
                    Cell.of(percentile(operation.p50Seconds(), operation.requests(), 2)),
                    Cell.of(percentile(operation.p95Seconds(), operation.requests(), 20)),
                    Cell.of(percentile(operation.p99Seconds(), operation.requests(), 100)),
                    Cell.of(Figures.seconds(operation.maxSeconds()))));
        }
        return new Table(
                "Latency from the intended start, all fitted, held-out and scenario windows together, slowest first, with p95 from 20 requests on and p99 from 100; run %s on %s"
                        .formatted(run.id(), run.stack().name()),
                List.of(
                        text("Operation"),
                        number("Requests"),
                        number("Failed"),
                        number("p50"),
                        number("p95"),
                        number("p99"),
                        number("Longest")),
                rows);
    }

    ReportPage.Reproduction reproduction() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Headroom",
                run.headroom().version() + ", commit " + run.headroom().commit()));
        facts.add(new Fact("Scenario", run.scenario() + ", seed " + run.seed()));
        facts.add(new Fact(
                "Components",
                Nouns.joined(run.stack().components().stream()
                        .map(component -> component.name() + " " + component.version())
                        .toList())));
        facts.add(new Fact(
                "Java",
                Nouns.joined(run.jvms().stream()
                        .map(jvm -> "%s on %s, %s collector, heap of at most %s"
                                .formatted(jvm.process(), jvm.version(), jvm.collector(), Figures.bytes((double)
                                        jvm.maxHeapBytes())))
                        .toList())));
        facts.add(new Fact(
                "Machine",
                "%s, %s, %s of memory, kernel %s; fingerprint %s"
                        .formatted(
                                run.host().cpuModel(),
                                Nouns.counted(run.host().cores(), "core"),
                                Figures.bytes((double) run.host().memoryBytes()),
                                run.host().kernel(),
                                run.host().fingerprint())));
        facts.add(new Fact("Cores", cores()));
        measured.capacity()
                .ifPresent(answer -> facts.add(new Fact(
                        "Model",
                        "capacity-model %s, seed %d, %s"
                                .formatted(
                                        answer.model().version(),
                                        answer.model().seed(),
                                        Nouns.counted(answer.model().draws(), "draw")))));
        RunRecord.Seal seal = run.prediction();
        facts.add(new Fact(
                "Sealed prediction",
                seal == null
                        ? "none: no window was held out"
                        : "sha256 %s, sealed %s"
                                .formatted(
                                        seal.sha256(), WHEN.format(Instant.ofEpochMilli(seal.sealedEpochMillis())))));
        return new ReportPage.Reproduction(commands(), facts, files());
    }

    private List<String> commands() {
        List<String> commands = new ArrayList<>();
        String commit = run.headroom().commit().replace("+", "");
        if (commit.matches("[0-9a-f]{7,40}")) {
            commands.add("git checkout " + commit);
        }
        commands.add("./headroom load run %s --seed %d --users %d --workouts %d"
                .formatted(
                        run.scenario(),
                        run.seed(),
                        run.dataset().users(),
                        run.dataset().workouts()));
        if (measured.capacity().isPresent()) {
            commands.add("./headroom capacity plan runs/" + run.id());
        }
        commands.add("./headroom report runs/" + run.id());
        return commands;
    }

    private String cores() {
        String proof = Nouns.joined(run.cores().evidence().stream()
                .map(evidence -> evidence.process() + " on " + evidence.cpusAllowed())
                .toList());
        return "%s; as the kernel said while it ran: %s"
                .formatted(
                        run.cores().shared()
                                ? "generator and system under test shared cores"
                                : "generator and system under test on cores of their own",
                        proof.isEmpty() ? "nothing recorded" : proof);
    }

    private Table files() {
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(List.of(Cell.of("run.json"), Cell.of("–"), Cell.of(measured.runSha256())));
        run.files()
                .forEach(file -> rows.add(List.of(
                        Cell.of(file.name()), Cell.of(Figures.bytes((double) file.bytes())), Cell.of(file.sha256()))));
        rows.add(List.of(
                Cell.of("workload " + run.workload().name()),
                Cell.of("–"),
                Cell.of(run.workload().sha256())));
        rows.add(List.of(
                Cell.of("data snapshot"), Cell.of("–"), Cell.of(run.dataset().snapshotSha256())));
        return new Table("Inputs of this report", List.of(text("Input"), number("Size"), text("sha256")), rows);
    }
}
