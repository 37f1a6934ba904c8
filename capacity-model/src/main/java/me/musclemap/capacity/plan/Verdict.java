package me.musclemap.capacity.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import me.musclemap.capacity.fit.PeriodicDemand;
import me.musclemap.capacity.forecast.Exhaustion;
import me.musclemap.capacity.forecast.GrowthForecast;
import me.musclemap.capacity.plan.CapacityAnswer.Limit;
import me.musclemap.capacity.plan.CapacityAnswer.Quality;
import me.musclemap.capacity.uncertainty.Interval;
import me.musclemap.capacity.uncertainty.Quantiles;
import me.musclemap.capacity.validate.HeldOutComparison;

/** The answer in a few plain sentences. A number of users stands beside its rate, its stack and its scope, always. */
public record Verdict(String title, List<String> sentences) {
    private static final Map<String, String> STATION_WORDS = Map.of(
            "api",
            "the API",
            "postgres",
            "PostgreSQL",
            "redis",
            "Redis",
            "rum",
            "the collector",
            "other",
            "the rest of the machine");
    private static final Map<String, String> CONSTRAINT_WORDS = Map.of(
            "cpu",
            "CPU",
            "dbPool",
            "the pool of database connections",
            "memory",
            "memory",
            "sockets",
            "open files",
            "localPorts",
            "local ports",
            "bandwidth",
            "bandwidth",
            "eventLoop",
            "the event loop",
            "port",
            "the network port",
            "databaseMemory",
            "the database's memory");
    private static final List<String> NUMBERS =
            List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final String NOT_VALID = "notValid";

    public Verdict {
        sentences = List.copyOf(sentences);
    }

    static Verdict of(CapacityAnswer answer) {
        if (answer.quality().refusal().isPresent()) {
            return refused(answer);
        }
        var sentences = new ArrayList<String>();
        String prefix = prefix(answer.quality());
        Limit policy = answer.policy().orElseThrow();
        String binding = word(CONSTRAINT_WORDS, policy.binding().name());
        String most = policy.binding().name().equals("cpu")
                ? answer.largestConsumer()
                        .map(c -> ", most of it in " + word(STATION_WORDS, c.station()))
                        .orElse("")
                : "";
        double cores = answer.fitted().run().cpu().cores();
        String machine = count(cores) + (cores == 1 ? " such core carries " : " such cores carry ");
        String title = answer.quality().label().equals(NOT_VALID)
                ? notValid(answer.quality())
                : String.format(
                        Locale.ROOT,
                        "%s%s%s requests/s; %s gives out first%s",
                        prefix,
                        capital(machine),
                        rounded(policy.requestsPerSecond().p50()),
                        binding,
                        most);
        sentences.add(prefix + measured(answer, policy.requestsPerSecond(), machine, binding, most));
        sessions(answer).ifPresent(sentences::add);
        production(answer).ifPresent(sentences::add);
        ratios(answer.stackRatios()).ifPresent(sentences::add);
        sentences.add(answer.secondCore().words());
        answer.forecast().ifPresent(f -> sentences.add(growth(f)));
        periodic(answer).ifPresent(sentences::add);
        answer.heldOut().flatMap(Verdict::error).ifPresent(sentences::add);
        answer.heldOut().flatMap(Verdict::elsewhere).ifPresent(sentences::add);
        if (answer.quality().reasons().stream().anyMatch(r -> r.startsWith("the model no longer fits"))) {
            sentences.add("The model no longer fits what was measured: do not plan on these figures.");
        }
        return new Verdict(title, sentences);
    }

    /** No figure counts: only the reasons and how far off the model was. */
    private static Verdict refused(CapacityAnswer answer) {
        var sentences = new ArrayList<String>();
        sentences.add(notValid(answer.quality()) + ".");
        sentences.add("No capacity is claimed.");
        answer.heldOut().flatMap(Verdict::error).ifPresent(sentences::add);
        return new Verdict(notValid(answer.quality()), sentences);
    }

    private static String notValid(Quality quality) {
        return "Not valid"
                + quality.reasons().stream().findFirst().map(r -> ": " + r).orElse("");
    }

    private static String prefix(Quality quality) {
        return switch (quality.label()) {
            case "valid" -> "";
            case NOT_VALID -> notValid(quality) + ". An estimate that does not count: ";
            default -> quality.restarts() == 1 ? "Indicative (one restart). " : "Indicative. ";
        };
    }

    private static String measured(CapacityAnswer answer, Quantiles rate, String machine, String binding, String most) {
        var run = answer.fitted().run();
        double perUser = run.workload().requestsPerSecondPerUser();
        return String.format(
                Locale.ROOT,
                "%s: %s%s req/s (%s–%s), %s users in session (%s–%s) at %.3f req/s each; %s gives out first%s.",
                run.stack().scope(),
                machine,
                rounded(rate.p50()),
                rounded(rate.p10()),
                rounded(rate.p90()),
                rounded(rate.p50() / perUser),
                rounded(rate.p10() / perUser),
                rounded(rate.p90() / perUser),
                perUser,
                binding,
                most);
    }

    /** Work that no request asks for and no fitted window holds, and that the figures count all the same. */
    private static Optional<String> periodic(CapacityAnswer answer) {
        var parts = new ArrayList<String>();
        double cores = 0;
        for (PeriodicDemand work : PeriodicDemand.of(answer.fitted().run())) {
            Interval seconds = work.totalCpuSeconds(answer.draws(), answer.seed());
            parts.add(String.format(
                    Locale.ROOT,
                    "the %s takes %s CPU s (%s–%s) every %.0f s",
                    PeriodicLoad.words(work.name()),
                    rounded(seconds.mid()),
                    rounded(seconds.low()),
                    rounded(seconds.high()),
                    work.everySeconds()));
            cores += seconds.mid() / work.everySeconds();
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s: %s of a core on average, measured by itself and counted in these figures.",
                        capital(join(parts)),
                        percent(cores)));
    }

    private static Optional<String> sessions(CapacityAnswer answer) {
        return answer.sessionsPerMinute()
                .map(begun -> String.format(
                        Locale.ROOT,
                        "That is %s sessions begun a minute (%s–%s), of %s minutes each.",
                        rounded(begun.p50()),
                        rounded(begun.p10()),
                        rounded(begun.p90()),
                        rounded(answer.fitted().run().workload().sessionSeconds() / 60)));
    }

    /** How much dearer the same requests are in production, from the least to the most. */
    private static Optional<String> ratios(List<CapacityAnswer.StackRatio> ratios) {
        var byRatio = Comparator.comparingDouble(CapacityAnswer.StackRatio::ratio);
        return ratios.stream()
                .min(byRatio)
                .flatMap(least -> ratios.stream()
                        .max(byRatio)
                        .map(most -> String.format(
                                Locale.ROOT,
                                "A request costs the production stack %s times (%s) to %s times (%s) the CPU of %s.",
                                rounded(least.ratio()),
                                least.operation(),
                                rounded(most.ratio()),
                                most.operation(),
                                ratios.stream().anyMatch(CapacityAnswer.StackRatio::ofTheMix)
                                        ? "the mean request here (the run could not tell its classes apart)"
                                        : "one of its class here")));
    }

    private static Optional<String> production(CapacityAnswer answer) {
        return answer.phases().stream()
                .findFirst()
                .flatMap(phase -> phase.stacks().stream()
                        .filter(s -> s.label().equals("estimated") && s.users().isPresent())
                        .findFirst()
                        .map(s -> production(phase, s, s.perUserPerSecond())));
    }

    private static String production(PhaseAnswer phase, PhaseAnswer.OnStack stack, double perUser) {
        Quantiles users = stack.users().orElseThrow();
        Quantiles rate = stack.requestsPerSecond().orElseThrow();
        double from = phase.phase().claimedUsers()[0];
        double to = phase.phase().claimedUsers()[1];
        String claim;
        if (users.p10() >= to) {
            claim = String.format(Locale.ROOT, "the plan's %s–%s holds at that rate", rounded(from), rounded(to));
        } else if (users.p90() < from) {
            claim = String.format(
                    Locale.ROOT,
                    "the plan's %s–%s would need users who ask only once in %.0f–%.0f s",
                    rounded(from),
                    rounded(to),
                    from / rate.p50(),
                    to / rate.p50());
        } else {
            claim = String.format(
                    Locale.ROOT,
                    "the plan's %s–%s is not decided: it holds if a user asks only once in %.0f–%.0f s",
                    rounded(from),
                    rounded(to),
                    from / rate.p50(),
                    to / rate.p50());
        }
        return String.format(
                Locale.ROOT,
                "On the production stack (estimated, %s) the plan's %s cores carry %s users in session (%s–%s) at %.3f req/s each: %s.",
                stack.stack(),
                count(phase.phase().totalCores()),
                rounded(users.p50()),
                rounded(users.p10()),
                rounded(users.p90()),
                perUser,
                claim);
    }

    /** When the stack that is to be deployed is exhausted; the measured one where no other is known. */
    private static String growth(GrowthForecast forecast) {
        Exhaustion first = forecast.exhaustion().stream()
                .filter(e -> e.capacity().label().equals("estimated"))
                .findFirst()
                .orElse(forecast.exhaustion().get(0));
        String what = first.capacity().name() + " on " + first.capacity().stack() + " ("
                + first.capacity().label() + ")";
        return first.p50()
                .map(date -> String.format(
                        Locale.ROOT,
                        "At the growth of %d daily peaks (%s) %s is exhausted on %s (%s to %s).",
                        forecast.series().count(),
                        forecast.chosen().orElse(""),
                        what,
                        date,
                        first.p10().map(LocalDate::toString).orElse("later than 24 months"),
                        first.p90().map(LocalDate::toString).orElse("later than 24 months")))
                .orElseGet(() -> "No date of exhaustion of " + what + ": "
                        + first.whyNone().orElse("") + ".");
    }

    private static Optional<String> error(HeldOutComparison heldOut) {
        var parts = new ArrayList<String>();
        heldOut.error("knee")
                .flatMap(e -> e.model().map(m -> "the knee by " + percent(m.median()) + line(e)))
                .ifPresent(parts::add);
        heldOut.error("utilisation")
                .flatMap(e -> e.model()
                        .map(m -> "CPU by " + String.format(Locale.ROOT, "%.1f points", m.median() * 100)
                                + e.straightLine()
                                        .map(l ->
                                                String.format(Locale.ROOT, " (straight line: %.1f)", l.median() * 100))
                                        .orElse("")))
                .ifPresent(parts::add);
        heldOut.error("p95")
                .flatMap(e -> e.model().map(m -> "p95 by " + percent(m.median())))
                .ifPresent(parts::add);
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "On %s windows it had not seen, at higher load and another mix, the model missed %s; %d of %d figures lay inside their 90 %% intervals.",
                        count(heldOut.ownWindows()),
                        join(parts),
                        heldOut.ownCoverage().inside(),
                        heldOut.ownCoverage().of()));
    }

    /** At another size of the data and on more cores: only what was driven there. */
    private static Optional<String> elsewhere(HeldOutComparison heldOut) {
        var parts = new ArrayList<String>();
        for (HeldOutComparison.ErrorRow row : heldOut.errors()) {
            if (!row.place().own() && row.quantity().equals("utilisation")) {
                row.model()
                        .ifPresent(m -> parts.add(String.format(
                                Locale.ROOT,
                                "by %.1f points %s%s, %d of %d figures inside",
                                m.median() * 100,
                                row.place().generator()
                                        ? "on " + count(row.place().cores()) + " cores with the generator"
                                        : String.format(
                                                Locale.ROOT,
                                                "with %,d workouts in the data",
                                                row.place().workouts()),
                                row.straightLine()
                                        .map(l ->
                                                String.format(Locale.ROOT, " (straight line: %.1f)", l.median() * 100))
                                        .orElse(""),
                                heldOut.coverage(row.place()).inside(),
                                heldOut.coverage(row.place()).of())));
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of("CPU was missed " + join(parts) + ".");
    }

    private static String line(HeldOutComparison.ErrorRow error) {
        return error.straightLine()
                .map(l -> " (straight line: " + percent(l.median()) + ")")
                .orElse("");
    }

    private static String join(List<String> parts) {
        int last = parts.size() - 1;
        return last == 0 ? parts.get(0) : String.join(", ", parts.subList(0, last)) + " and " + parts.get(last);
    }

    private static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }

    private static String word(Map<String, String> words, String name) {
        return words.getOrDefault(name, name);
    }

    private static String count(double number) {
        boolean whole = number == Math.rint(number);
        return whole && number <= 10 && number >= 0
                ? NUMBERS.get((int) number)
                : String.format(Locale.ROOT, whole ? "%,.0f" : "%,.1f", number);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Three digits and never an exponent: the rest is noise. */
    public static String rounded(double value) {
        if (value == 0) {
            return "0";
        }
        if (!Double.isFinite(value)) {
            return "no limit";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros();
        return rounded.abs().compareTo(HUNDRED) >= 0
                ? String.format(Locale.ROOT, "%,.0f", rounded)
                : rounded.setScale(Math.max(0, rounded.scale()), RoundingMode.UNNECESSARY)
                        .toPlainString();
    }
}
