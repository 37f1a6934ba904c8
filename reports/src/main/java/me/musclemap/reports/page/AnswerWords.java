package me.musclemap.reports.page;

import static me.musclemap.reports.page.Table.Column.number;
import static me.musclemap.reports.page.Table.Column.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import me.musclemap.reports.charts.Charts;
import me.musclemap.reports.charts.Drawing;
import me.musclemap.reports.page.ReportPage.Headline;
import me.musclemap.reports.page.Table.Cell;
import me.musclemap.reports.page.Table.Column;
import me.musclemap.reports.record.CapacityAnswer;
import me.musclemap.reports.record.CapacityAnswer.Claim;
import me.musclemap.reports.record.CapacityAnswer.ClaimVerdict;
import me.musclemap.reports.record.CapacityAnswer.Constraint;
import me.musclemap.reports.record.CapacityAnswer.Demand;
import me.musclemap.reports.record.CapacityAnswer.ErrorFigures;
import me.musclemap.reports.record.CapacityAnswer.ErrorOf;
import me.musclemap.reports.record.CapacityAnswer.HeldOut;
import me.musclemap.reports.record.CapacityAnswer.HeldOutWindow;
import me.musclemap.reports.record.CapacityAnswer.Limit;
import me.musclemap.reports.record.CapacityAnswer.Phase;
import me.musclemap.reports.record.CapacityAnswer.PhaseOfStack;
import me.musclemap.reports.record.CapacityAnswer.StationFit;
import me.musclemap.reports.record.CapacityAnswer.Threshold;
import me.musclemap.reports.record.Interval;
import me.musclemap.reports.record.Quantiles;
import me.musclemap.reports.words.Figures;
import me.musclemap.reports.words.Names;
import me.musclemap.reports.words.Nouns;
import org.jspecify.annotations.Nullable;

/** Says what the model answered. Immutable. */
final class AnswerWords {
    private static final String DOES_NOT_FIT = "does not fit";

    private final CapacityAnswer answer;
    private final String source;

    AnswerWords(CapacityAnswer answer) {
        this.answer = answer;
        this.source = answer.stack().name() + ", run " + answer.runId();
    }

    ReportPage.Answer answer(Optional<Charts> charts) {
        return new ReportPage.Answer(
                headlines(),
                legend(),
                latency(charts.map(Charts::latency).orElse(null)),
                utilisation(charts.map(Charts::utilisation).orElse(null)),
                largestConsumer(),
                usersIntroduction(),
                users(),
                phasesFigure(charts.map(Charts::phases).orElse(null)),
                phaseTable(),
                phaseNotes(),
                claimSummary(),
                claims(),
                errorSummary(),
                errors(),
                heldOut(),
                fitNotes(),
                fit(),
                thresholds(),
                cost(charts.map(Charts::cost).orElse(null)),
                demands(),
                new OutlookWords(answer).outlook(charts.map(Charts::tornado).orElse(null)));
    }

    private String scope() {
        return answer.stack().name() + ": " + answer.stack().scope();
    }

    private String perUser() {
        return "at " + Figures.ratePerUser(answer.workload().requestsPerSecondPerUser()) + " each";
    }

    private List<Headline> headlines() {
        Limit policy = answer.capacity().policy();
        Limit slo = answer.capacity().slo();
        List<Headline> headlines = new ArrayList<>();
        headlines.add(rate("Capacity within policy", policy));
        answer.capacity().users().stream()
                .filter(users -> users.kind().equals("inSession"))
                .findFirst()
                .ifPresent(users -> headlines.add(new Headline(
                        "Users within policy",
                        Figures.plain(users.users().p50()),
                        "in session",
                        Figures.range(users.users()),
                        Nouns.capital(perUser()) + ". " + scope())));
        headlines.add(rate("Capacity at the latency objective", slo));
        production(answer.phases()).ifPresent(headlines::add);
        return headlines;
    }

    private String legend() {
        return "Below each figure: the 10th to the 90th percentile of %s of the model."
                .formatted(Nouns.counted(answer.model().draws(), "draw"));
    }

    private Headline rate(String name, Limit limit) {
        return new Headline(
                name,
                Figures.plain(limit.requestsPerSecond().p50()),
                "req/s",
                Figures.range(limit.requestsPerSecond()) + (limit.extrapolated() ? ", extrapolated" : ""),
                Nouns.sentence(limit.rule()) + " " + scope());
    }

    /** What the first phase carries on a stack other than the measured one. */
    private Optional<Headline> production(List<Phase> phases) {
        if (phases.isEmpty()) {
            return Optional.empty();
        }
        Phase first = phases.get(0);
        return first.stacks().stream()
                .filter(stack -> !stack.stack().equals(answer.stack().name()))
                .findFirst()
                .flatMap(stack -> Optional.ofNullable(stack.users())
                        .map(users -> new Headline(
                                "Production stack, " + first.name(),
                                Figures.plain(users.p50()),
                                "in session",
                                Figures.range(users) + ", " + stack.label(),
                                Nouns.capital(perUser()) + ". " + stack.stack() + ": not measured here")));
    }

    private Figure latency(@Nullable Drawing drawing) {
        Quantiles policy = answer.capacity().policy().requestsPerSecond();
        Quantiles slo = answer.capacity().slo().requestsPerSecond();
        return new Figure(
                "latency",
                drawing,
                "p95 and p99 latency against offered rate. Policy capacity %s, latency objective reached at %s."
                        .formatted(range(policy), range(slo)),
                ("Lines: the model with its %s interval, dashed beyond what was measured. Hollow points: windows it was fitted to; filled: windows"
                                + " held out. Windows of another mix lie off the lines, which are for the workload's own. Green: capacity within"
                                + " policy (%s); grey: where the objective is met no longer. Source: %s.")
                        .formatted(confidence(), answer.capacity().policy().rule(), source));
    }

    private String confidence() {
        return answer.curve().stream()
                .map(CapacityAnswer.CurvePoint::p95Seconds)
                .flatMap(interval -> Optional.ofNullable(interval).stream())
                .findFirst()
                .map(Interval::confidence)
                .map(Figures::percent)
                .orElse("90" + Figures.GAP + "%");
    }

    private static String range(Quantiles rate) {
        return Figures.rate(rate.p50()) + " (" + Figures.range(rate) + ")";
    }

    private Figure utilisation(@Nullable Drawing drawing) {
        return new Figure(
                "utilisation",
                drawing,
                "Share of the shared cores that each station uses against offered rate, stacked; " + largestConsumer(),
                "Areas: the model, paler beyond what was measured. Points: all stations together as measured, hollow where fitted, filled where held out. Source: "
                        + source + ".");
    }

    private String largestConsumer() {
        CapacityAnswer.Consumer consumer = answer.capacity().largestConsumer();
        Constraint binding = answer.capacity().policy().binding();
        return Nouns.sentence("%s gives out first (%s); the %s uses %s of it, more than any other station"
                .formatted(
                        Names.constraint(binding.name()),
                        binding.limit(),
                        Names.station(consumer.station()),
                        Figures.percent(consumer.share())));
    }

    private String usersIntroduction() {
        return "The policy rate of %s as users, by Little's law, at %s and %s of telemetry for each user in session, in sessions of %s."
                .formatted(
                        range(answer.capacity().policy().requestsPerSecond()),
                        Figures.ratePerUser(answer.workload().requestsPerSecondPerUser()),
                        Figures.ratePerUser(answer.workload().telemetryPerSecondPerUser()),
                        Figures.seconds(answer.workload().sessionSeconds()));
    }

    private Table users() {
        return new Table(
                "Users that the policy rate stands for; " + scope() + "; run " + answer.runId(),
                List.of(text("Users"), number("Median"), number("10–90" + Figures.GAP + "%"), text("Assumes")),
                answer.capacity().users().stream()
                        .map(users -> List.of(
                                Cell.of(Names.users(users.kind())),
                                Cell.of(Figures.plain(users.users().p50())),
                                Cell.of(Figures.range(users.users())),
                                Cell.of(Nouns.sentence(users.assumes()))))
                        .toList());
    }

    private Figure phasesFigure(@Nullable Drawing drawing) {
        return new Figure(
                "phases",
                drawing,
                "Users in session that each phase of the plan carries on each stack, beside the users that the plan claims.",
                "Points: the median, bars: 10 to 90 %s; filled blue: the stack that was measured (scaled to the phase), hollow orange: the production stack (estimated, never measured here). All %s. Source: %s."
                        .formatted("%", perUser(), source));
    }

    private Table phaseTable() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Phase phase : answer.phases()) {
            for (PhaseOfStack stack : phase.stacks()) {
                rows.add(List.of(
                        Cell.of(phase.name(), "target " + Figures.plain(phase.targetUsers())),
                        Cell.of(stack.stack(), stack.label()),
                        carries(stack),
                        headroom(stack),
                        binding(stack.binding()),
                        Cell.of(
                                stack.next().isEmpty()
                                        ? "–"
                                        : Nouns.joined(stack.next().stream()
                                                .map(next -> Names.constraint(next.name()) + used(next))
                                                .toList())),
                        cost(phase)));
            }
        }
        return new Table(
                "Headroom by phase at its target users, " + perUser() + "; run " + answer.runId(),
                List.of(
                        text("Phase"),
                        text("Stack"),
                        number("Users in session"),
                        number("Headroom"),
                        text("Gives out first"),
                        text("Next two"),
                        number("Cost a month")),
                rows);
    }

    /** Why some phases have no number, each reason once. */
    private List<String> phaseNotes() {
        return answer.phases().stream()
                .flatMap(phase -> phase.stacks().stream()
                        .filter(stack -> stack.users() == null && stack.whyNull() != null)
                        .map(stack -> phase.name() + ": " + Nouns.sentence(String.valueOf(stack.whyNull()))))
                .distinct()
                .toList();
    }

    private static Cell carries(PhaseOfStack stack) {
        Quantiles users = stack.users();
        if (users != null) {
            return Cell.of(Figures.plain(users.p50()), Figures.range(users));
        }
        return Cell.of("–", "too far off");
    }

    private static Cell headroom(PhaseOfStack stack) {
        Double headroom = stack.headroom();
        String cores = stack.coresForTarget() == null
                ? ""
                : "needs " + Nouns.counted(Math.max(1, (long) Math.ceil(stack.coresForTarget())), "core");
        if (headroom == null) {
            return Cell.of("–", cores);
        }
        return headroom < 0 ? new Cell(DOES_NOT_FIT, cores, "bad") : Cell.of(Figures.percent(headroom), cores);
    }

    private static Cell binding(@Nullable Constraint constraint) {
        if (constraint == null) {
            return Cell.of("–");
        }
        String consumer = constraint.largestConsumer();
        return Cell.of(
                Names.constraint(constraint.name()),
                constraint.limit() + (consumer == null ? "" : ", most of it " + Names.station(consumer)));
    }

    private static String used(Constraint constraint) {
        return constraint.ratio() == null ? "" : " (" + Figures.percent(constraint.ratio()) + " used)";
    }

    private static Cell cost(Phase phase) {
        Interval computed = phase.costDollarsPerMonth().computed();
        List<Double> claimed = phase.costDollarsPerMonth().claimed();
        String plan = claimed.isEmpty()
                ? ""
                : "plan: "
                        + (claimed.size() < 2 || claimed.get(0).equals(claimed.get(1))
                                ? Figures.dollars(claimed.get(0))
                                : Figures.dollars(claimed.get(0)) + "–" + Figures.plain(claimed.get(1)));
        return computed == null
                ? Cell.of("–", plan)
                : Cell.of(Figures.dollars(computed.low()) + "–" + Figures.plain(computed.high()), plan);
    }

    private Table claims() {
        List<Claim> ordered = new ArrayList<>(answer.claims());
        ordered.sort(Comparator.comparing(claim -> !isTheHeadlineClaim(claim)));
        return new Table(
                "Claims of the plan against run " + answer.runId() + " on "
                        + answer.stack().name(),
                List.of(text("The plan says"), text("Verdict, and what was measured or computed"), text("Why")),
                ordered.stream().map(AnswerWords::row).toList());
    }

    private static boolean isTheHeadlineClaim(Claim claim) {
        return claim.statement().contains("15,000") && claim.statement().contains("25,000");
    }

    private static List<Cell> row(Claim claim) {
        Quantiles measured = claim.measured();
        String unit = claim.unit() == null ? "" : claim.unit();
        String holdsIf = claim.wouldHoldIf();
        return List.of(
                Cell.of(claim.statement(), "plan " + claim.place()),
                new Cell(
                        Names.verdict(claim.verdict()),
                        measured == null ? "" : amount(measured, unit),
                        chip(claim.verdict())),
                Cell.of(
                        Nouns.sentence(claim.why()),
                        holdsIf == null
                                ? ""
                                : "Would hold if "
                                        + Nouns.sentence(holdsIf)
                                                .substring(0, 1)
                                                .toLowerCase(java.util.Locale.ROOT)
                                        + Nouns.sentence(holdsIf).substring(1)));
    }

    private static String amount(Quantiles measured, String unit) {
        String range = amount(measured.p10(), unit) + "–" + amount(measured.p90(), unit);
        String amount = amount(measured.p50(), unit) + (measured.p10() == measured.p90() ? "" : " (" + range + ")");
        boolean written = unit.isEmpty() || unit.equals("ratio") || unit.equals("seconds") || unit.equals("bytes");
        return written ? amount : amount + " " + unit;
    }

    /** How many claims there are of each verdict. */
    private String claimSummary() {
        Map<ClaimVerdict, Long> counts = answer.claims().stream()
                .collect(Collectors.groupingBy(
                        Claim::verdict, () -> new EnumMap<>(ClaimVerdict.class), Collectors.counting()));
        return "Of %s of the plan %s."
                .formatted(
                        Nouns.counted(answer.claims().size(), "claim"),
                        counts.isEmpty()
                                ? "none was judged"
                                : Nouns.joined(counts.entrySet().stream()
                                        .map(count -> Figures.whole(count.getValue()) + " "
                                                + Names.verdict(count.getKey(), count.getValue()))
                                        .toList()));
    }

    private static String chip(ClaimVerdict verdict) {
        return switch (verdict) {
            case HOLDS -> "good";
            case DOES_NOT_HOLD -> "bad";
            case SELF_CONTRADICTED -> "odd";
            case UNDECIDED -> "fair";
            case UNTESTABLE -> "none";
        };
    }

    private String errorSummary() {
        HeldOut heldOut = answer.heldOut();
        if (heldOut == null) {
            return "No window was held out: the model's error on windows it had not seen is not known.";
        }
        CapacityAnswer.Coverage coverage = heldOut.coverage();
        return "%s driven after the prediction was sealed, at higher load and other mixes. %s of %s measured figures lay inside their %s interval%s."
                .formatted(
                        Nouns.capital(Nouns.spelled(heldOut.windows().size(), "window"))
                                + (heldOut.windows().size() == 1 ? " was" : " were"),
                        Figures.whole(coverage.inside()),
                        Figures.whole(coverage.of()),
                        Figures.percent(coverage.confidence()),
                        coverage.of() == 0
                                ? ""
                                : " (" + Figures.percent((double) coverage.inside() / coverage.of()) + ")");
    }

    private Table errors() {
        HeldOut heldOut = answer.heldOut();
        List<List<Cell>> rows = new ArrayList<>();
        for (ErrorOf error : heldOut == null ? List.<ErrorOf>of() : heldOut.errors()) {
            rows.add(List.of(
                    Cell.of(
                            Nouns.capital(Names.quantity(error.quantity())),
                            Nouns.counted(error.count(), "figure")
                                    + elsewhere(
                                            error.own(), error.withGenerator(), error.cores(), error.dataset(), ", ")),
                    error(error.model(), error),
                    error(error.straightLine(), error),
                    error(error.usl(), error)));
        }
        return new Table(
                "Absolute error on held-out windows, median and 90th percentile; " + source,
                List.of(
                        text("Quantity"),
                        number("This model"),
                        number("Straight line"),
                        number("Universal Scalability Law")),
                rows);
    }

    /** Where a window was driven, if not at the data and on the cores that were fitted. */
    private static String elsewhere(
            @Nullable Boolean own,
            @Nullable Boolean withGenerator,
            @Nullable Double cores,
            CapacityAnswer.@Nullable Rows dataset,
            String before) {
        if (own == null || own || cores == null || dataset == null) {
            return "";
        }
        return before
                + (withGenerator != null && withGenerator
                        ? "on %s cores, the generator on them too".formatted(Figures.plain(cores))
                        : "with %s workouts in the data".formatted(Figures.whole(dataset.workouts())));
    }

    private static Cell error(@Nullable ErrorFigures figures, ErrorOf error) {
        if (figures == null) {
            return Cell.of("–", "cannot say");
        }
        boolean points = error.unit().equals("points");
        String median = points ? Figures.points(figures.median()) : Figures.percent(figures.median());
        String ninetieth = points ? Figures.points(figures.p90()) : Figures.percent(figures.p90());
        return Cell.of(median, error.count() > 1 ? "90th: " + ninetieth : "");
    }

    private Table heldOut() {
        HeldOut heldOut = answer.heldOut();
        List<HeldOutWindow> windows = heldOut == null ? List.of() : heldOut.windows();
        Set<String> quantities = new LinkedHashSet<>();
        windows.forEach(window -> ofTheWhole(window).forEach(figure -> quantities.add(figure.quantity())));
        List<Column> columns = new ArrayList<>();
        columns.add(text("Window"));
        quantities.forEach(quantity -> columns.add(number(Nouns.capital(Names.quantity(quantity)))));
        List<List<Cell>> rows = new ArrayList<>();
        for (HeldOutWindow window : windows) {
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(
                    window.window() + ", " + Figures.rate(window.offeredPerSecond()),
                    "mix: "
                            + window.mixName()
                            + elsewhere(window.own(), window.withGenerator(), window.cores(), window.dataset(), ", ")));
            quantities.forEach(quantity -> row.add(ofTheWhole(window).stream()
                    .filter(figure -> figure.quantity().equals(quantity))
                    .findFirst()
                    .map(AnswerWords::cell)
                    .orElse(Cell.of("–"))));
            rows.add(row);
        }
        return new Table(
                "Each held-out window as measured and, below, as predicted with its interval, all stations together; a measurement outside its"
                        + " interval is marked; "
                        + source,
                columns,
                rows);
    }

    /** What was predicted of all stations together. */
    private static List<CapacityAnswer.Figure> ofTheWhole(HeldOutWindow window) {
        return window.figures().stream()
                .filter(figure -> figure.station() == null || figure.station().equals("cpu"))
                .toList();
    }

    private static Cell cell(CapacityAnswer.Figure figure) {
        Interval predicted = figure.predicted();
        boolean inside = predicted.low() <= figure.measured() && figure.measured() <= predicted.high();
        String note = "%s (%s–%s)"
                .formatted(
                        quantity(figure.quantity(), predicted.mid()),
                        quantity(figure.quantity(), predicted.low()),
                        quantity(figure.quantity(), predicted.high()));
        String measured = quantity(figure.quantity(), figure.measured());
        return inside ? Cell.of(measured, note) : new Cell(measured + " outside", note, "fair");
    }

    private static String quantity(String name, double value) {
        if (name.equals("utilisation")) {
            return Figures.percent(value);
        }
        return name.endsWith("Seconds") ? Figures.seconds(value) : Figures.plain(value);
    }

    private List<String> fitNotes() {
        CapacityAnswer.Fit fit = answer.fit();
        List<String> notes = new ArrayList<>();
        notes.add("Fitted to %s by %s.".formatted(Nouns.counted(fit.windows(), "window"), fit.method()));
        Double condition = fit.conditionNumber();
        notes.add(
                condition == null
                        ? "Too few windows to say whether the classes can be told apart."
                        : "Condition number %s: %s."
                                .formatted(
                                        Figures.plain(condition),
                                        condition > 30
                                                ? "above 30, so only the cost of the whole mix is known, not that of each class"
                                                : "below 30, so the classes can be told apart"));
        if (Boolean.TRUE.equals(fit.loadDependent())) {
            notes.add("The cost of a request changes with load here, and the model follows it.");
        }
        fit.excluded()
                .forEach(excluded ->
                        notes.add("Window %d was left out: %s.".formatted(excluded.window(), excluded.reason())));
        double worst = answer.curve().stream()
                .map(CapacityAnswer.CurvePoint::disagreement)
                .flatMap(disagreement -> Optional.ofNullable(disagreement).stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        if (worst > 0) {
            notes.add("The formula and the simulation differ by at most %s in p95%s."
                    .formatted(
                            Figures.percent(worst),
                            worst > 0.2 ? ": more than 20 %, so neither is to be relied on there" : ""));
        }
        return notes;
    }

    private Table fit() {
        List<List<Cell>> rows = new ArrayList<>();
        for (StationFit station : answer.fit().stations()) {
            Optional<CapacityAnswer.Background> background = answer.background().stream()
                    .filter(candidate -> candidate.station().equals(station.station()))
                    .findFirst();
            rows.add(List.of(
                    Cell.of(Names.station(station.station())),
                    Cell.of(thousandths(station.residualCores())),
                    Cell.of(station.lag1() == null ? "–" : Figures.significant(station.lag1(), 2)),
                    Cell.of(station.loadExponent() == null ? "–" : Figures.significant(station.loadExponent(), 2)),
                    Cell.of(background
                            .map(found -> Figures.milliseconds(found.cores()))
                            .orElse("–")),
                    Cell.of(background
                            .map(CapacityAnswer.Background::idleMeasuredCores)
                            .map(AnswerWords::thousandths)
                            .orElse("–")),
                    meetsIdle(background)));
        }
        return new Table(
                "What the fit leaves over, by station, in thousandths of a core; " + source,
                List.of(
                        text("Station"),
                        number("Residual"),
                        number("Lag-1 correlation"),
                        number("Load exponent"),
                        number("Without load, fitted"),
                        number("Idle, measured"),
                        text("They agree")),
                rows);
    }

    /** Thousandths of a core; less than a hundredth of one is nothing that could be measured. */
    private static String thousandths(double cores) {
        return Math.abs(cores) < 1e-5 ? "0" : Figures.plain(cores * 1000);
    }

    private static Cell meetsIdle(Optional<CapacityAnswer.Background> background) {
        Boolean meets = background.map(CapacityAnswer.Background::meetsIdle).orElse(null);
        if (meets == null) {
            return Cell.of("–");
        }
        return meets ? Cell.chip("yes", "good") : Cell.chip("no", "fair");
    }

    private Table thresholds() {
        return new Table(
                "Thresholds that the alerts use, from run " + answer.runId() + " on "
                        + answer.stack().name(),
                List.of(text("Watched"), number("Warning"), number("Critical"), text("Why there")),
                answer.thresholds().stream().map(AnswerWords::row).toList());
    }

    private static List<Cell> row(Threshold threshold) {
        String place = threshold.station() == null ? "" : Names.station(threshold.station());
        return List.of(
                Cell.of(Names.observable(threshold.observable()), place),
                Cell.of(amount(threshold.warning(), threshold.unit())),
                Cell.of(amount(threshold.critical(), threshold.unit())),
                Cell.of(
                        Nouns.sentence(threshold.why()),
                        Boolean.FALSE.equals(threshold.canFire()) ? "It cannot fire on this machine." : ""));
    }

    private static String amount(double value, String unit) {
        return switch (unit) {
            case "ratio" -> Figures.percent(value);
            case "seconds" -> Figures.seconds(value);
            case "bytes" -> Figures.bytes(value);
            case "requestsPerSecond" -> Figures.rate(value);
            default -> Figures.plain(value);
        };
    }

    private Figure cost(@Nullable Drawing drawing) {
        return new Figure(
                "cost",
                drawing,
                "CPU that each class of requests adds to the average request, cut by station.",
                "Cost of one request of the class times its share in the mix, so that the bars add up to what the average request costs. Medians; intervals in the table below. "
                        + (answer.demands().stream().allMatch(Demand::identifiable)
                                ? ""
                                : "In this run not all classes could be told apart: their sum is known better than the cut between them. ")
                        + "Source: " + source + ".");
    }

    private Table demands() {
        Set<String> stations = new LinkedHashSet<>();
        Set<String> classes = new LinkedHashSet<>();
        for (Demand demand : answer.demands()) {
            stations.add(demand.station());
            classes.add(demand.requestClass());
        }
        List<Column> columns = new ArrayList<>();
        columns.add(text("Class"));
        columns.add(number("Share of the mix"));
        stations.forEach(station -> columns.add(number(Names.station(station))));
        List<List<Cell>> rows = new ArrayList<>();
        for (String requestClass : classes) {
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(Nouns.capital(Names.requestClass(requestClass))));
            row.add(Cell.of(Figures.percent(answer.workload().mix().getOrDefault(requestClass, 0.0))));
            stations.forEach(station -> row.add(demand(requestClass, station)));
            rows.add(row);
        }
        return new Table(
                "CPU that one request costs, in ms, with its %s interval; telemetry posts as a ratio to all others; %s"
                        .formatted(confidence(), source),
                columns,
                rows);
    }

    private Cell demand(String requestClass, String station) {
        return answer.demands().stream()
                .filter(demand -> demand.requestClass().equals(requestClass)
                        && demand.station().equals(station))
                .findFirst()
                .map(demand -> cell(demand))
                .orElse(Cell.of("–"));
    }

    private static Cell cell(Demand demand) {
        Interval cost = demand.cpuSecondsPerRequest();
        if (!demand.identifiable()) {
            return Cell.of(Figures.plain(cost.mid() * 1e3), "only within the mix");
        }
        return Cell.of(
                Figures.plain(cost.mid() * 1e3),
                Figures.plain(cost.low() * 1e3) + "–" + Figures.plain(cost.high() * 1e3));
    }
}
