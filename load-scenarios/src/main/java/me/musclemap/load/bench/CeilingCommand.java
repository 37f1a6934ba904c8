package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import me.musclemap.load.lab.LabConfig;
import me.musclemap.load.lab.Options;
import me.musclemap.load.workload.Mix;
import me.musclemap.load.workload.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How many users one core can play in time. */
@Command(
        name = "ceiling",
        mixinStandardHelpOptions = true,
        description = {
            "The most users at the workload's own rate each whose requests leave in time (p99 of lateness below a limit) from one core, beside",
            "plain Gatling, which sends the same operations in the same shares, each as a user of its own. The target answers at once, in the",
            "sizes of the API's answers."
        })
final class CeilingCommand extends Measurement {
    private static final int HEAP_MEGABYTES = 2048;
    private static final int LEAD_IN_SECONDS = 2;
    private static final String SIZES = "answer-sizes.json";
    private static final String OURS = "Headroom";
    private static final String PLAIN = "plain Gatling, file writer";

    @Option(names = "--workload", defaultValue = "musclemap-day", description = "Default: ${DEFAULT-VALUE}")
    private String workloadName = "";

    @Option(
            names = "--from",
            defaultValue = "2000",
            description = "Lowest rate, requests and telemetry posts per second. Default: ${DEFAULT-VALUE}")
    private int from;

    @Option(names = "--to", defaultValue = "30000", description = "Highest rate. Default: ${DEFAULT-VALUE}")
    private int to;

    @Option(names = "--step", defaultValue = "15", description = "Percent. Default: ${DEFAULT-VALUE}")
    private double stepPercent;

    @Option(
            names = "--limit",
            defaultValue = "0.005",
            description = "Of the p99 of lateness, seconds. Default: ${DEFAULT-VALUE}")
    private double limit;

    @Option(names = "--sweeps", defaultValue = "3", description = "Of each. Default: ${DEFAULT-VALUE}")
    private int sweeps;

    @Option(names = "--warm-up", defaultValue = "15", description = "Seconds before each. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(names = "--window", defaultValue = "4", description = "Seconds at each rate. Default: ${DEFAULT-VALUE}")
    private int window;

    CeilingCommand(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        super(config, out, err);
    }

    @Override
    void check() {
        positive("--from", from);
        positive("--step", stepPercent);
        positive("--limit", limit);
        positive("--sweeps", sweeps);
        stretch("--warm-up", warmUp);
        stretch("--window", window);
        if (to < from) {
            throw BenchException.wrong("--to=" + to + ": write --from=" + from + " or more");
        }
    }

    @Override
    Found measure(Place place) {
        var file = Options.workloadFile(workloadName, place.config().home());
        var workload = Workload.load(file);
        var sizes = sizes(place.directory());
        var ours = new ArrayList<Ladder>();
        var plain = new ArrayList<Ladder>();
        try (var target = place.target(Optional.of(sizes))) {
            for (int sweep = 0; sweep < sweeps; sweep++) {
                ours.add(ours(place, target, file, workload.ownMix()));
                plain.add(plain(place, target, workload));
            }
        }
        return found(workload, ours, plain);
    }

    private static Path sizes(Path directory) {
        try (var in = CeilingCommand.class.getResourceAsStream(SIZES)) {
            if (in == null) {
                throw new IllegalStateException(SIZES + " is not in the jar");
            }
            var file = directory.resolve(SIZES);
            Files.copy(in, file);
            return file;
        } catch (IOException e) {
            throw BenchException.failed(directory + ": cannot be written: " + e.getMessage());
        }
    }

    /** Requests and posts for each request of the headline rate. */
    private static double posts(Mix mix) {
        return 1 + mix.telemetryPerSecondPerUser() / mix.requestsPerSecondPerUser();
    }

    private Ladder ours(Place place, Target target, Path file, Mix mix) {
        var ladder = new Ladder();
        var settings = new Ours.Settings(target.url(), file.toAbsolutePath(), 800, 0, true, HEAP_MEGABYTES);
        try (var ours = place.ours(settings)) {
            ours.report(ours.order(from / posts(mix), warmUp));
            for (int rate : Ladder.rates(from, to, stepPercent)) {
                double headline = rate / posts(mix);
                ours.order(headline, LEAD_IN_SECONDS);
                var report = ours.report(ours.order(headline, window));
                add(
                        place,
                        OURS,
                        ladder,
                        Ladder.Level.of(
                                rate,
                                report.path("slipP99Seconds").asDouble(Double.POSITIVE_INFINITY),
                                report.path("offeredPerSecond").asDouble() / headline,
                                report.at("/generator/cpuRatio").asDouble(),
                                limit));
                if (ladder.isOver()) {
                    break;
                }
            }
        }
        return ladder;
    }

    private Ladder plain(Place place, Target target, Workload workload) {
        var rates = Ladder.rates(from, to, stepPercent);
        var steps = new ArrayList<PlainPlan.Step>();
        steps.add(new PlainPlan.Step(from, warmUp));
        rates.forEach(rate -> steps.add(new PlainPlan.Step(rate, LEAD_IN_SECONDS + window)));
        var requests = new ArrayList<PlainPlan.Sent>();
        workload.ownMix().requestsPerHeadlineRequest().forEach((name, weight) -> {
            var operation = workload.operations().get(name);
            if (operation != null && weight > 0) {
                requests.add(new PlainPlan.Sent(
                        name,
                        operation.path(),
                        operation.method().equals("POST") ? Optional.of(operation.body()) : Optional.empty(),
                        weight));
            }
        });
        var plan = new PlainPlan(
                target.url(),
                "file",
                steps,
                0,
                requests,
                Optional.of("Bearer " + "t".repeat(300)),
                true,
                place.directory().toString());
        var ladder = new Ladder();
        long before = target.count();
        try (var plain = place.plain(plan, HEAP_MEGABYTES)) {
            target.awaitRequests(before);
            long began = System.nanoTime();
            for (int i = 0; i < rates.size() && !ladder.isOver(); i++) {
                double begins = warmUp + i * (LEAD_IN_SECONDS + window) + LEAD_IN_SECONDS;
                Pauses.seconds(Math.max(0, begins - (System.nanoTime() - began) / 1e9));
                var sample = Sample.of(plain.pid(), target, window);
                double late = plain.late(i + 1, LEAD_IN_SECONDS);
                add(
                        place,
                        PLAIN,
                        ladder,
                        Ladder.Level.of(
                                rates.get(i),
                                late,
                                Math.min(1, sample.perSecond() / rates.get(i)),
                                sample.cpuRatio(),
                                limit));
            }
        }
        return ladder;
    }

    private static void add(Place place, String who, Ladder ladder, Ladder.Level level) {
        ladder.add(level);
        place.say(
                "%s at %,.0f/s: %.1f ms late (p99), %.0f %% sent, %.0f %% of its core",
                who, level.perSecond(), 1000 * level.lateSeconds(), 100 * level.sentRatio(), 100 * level.cpuRatio());
    }

    private Found found(Workload workload, List<Ladder> ours, List<Ladder> plain) {
        var mix = workload.ownMix();
        double usersPerRequest = 1 / (mix.requestsPerSecondPerUser() + mix.telemetryPerSecondPerUser());
        var table = new Table("", "users", "requests and posts/s", "its core there", "sweeps");
        var json = Program.JSON.createObjectNode().put("bench", "ceiling").put("workload", workload.name());
        json.put("limitSeconds", limit).put("usersPerRequestPerSecond", usersPerRequest);
        row(table, json.withArray("rows").addObject(), OURS, ours, usersPerRequest);
        row(table, json.withArray("rows").addObject(), PLAIN, plain, usersPerRequest);
        return new Found(
                table.text()
                        + String.format(
                                Locale.ROOT,
                                "The highest rate at which the p99 of lateness is below %.0f ms and 98 %% is sent, on one core, in steps of %.0f %%:"
                                        + " median (lowest–highest) of the sweeps.%nOne user of %s makes %.4f requests/s and %.4f posts/s.%n",
                                1000 * limit,
                                stepPercent,
                                workload.name(),
                                mix.requestsPerSecondPerUser(),
                                mix.telemetryPerSecondPerUser()),
                json);
    }

    private static void row(Table table, ObjectNode row, String who, List<Ladder> ladders, double usersPerRequest) {
        row.put("who", who);
        for (var ladder : ladders) {
            var levels = row.withArray("sweeps").addArray();
            ladder.levels()
                    .forEach(level -> levels.addObject()
                            .put("perSecond", level.perSecond())
                            .put("lateP99Seconds", level.lateSeconds())
                            .put("sentRatio", level.sentRatio())
                            .put("coreRatio", level.cpuRatio())
                            .put("held", level.held()));
        }
        var held = ladders.stream().flatMap(ladder -> ladder.ceiling().stream()).toList();
        if (held.size() < ladders.size()) {
            table.row(who, "-", "-", "-", held.size() + " of " + ladders.size() + " held at all");
            return;
        }
        var rate = Spread.of(held.stream().map(Ladder.Level::perSecond).toList());
        var users = Spread.of(
                held.stream().map(level -> level.perSecond() * usersPerRequest).toList());
        var core = Spread.of(held.stream().map(level -> 100 * level.cpuRatio()).toList());
        row.set("perSecond", rate.json());
        row.set("users", users.json());
        table.row(who, users.words(0), rate.words(0), core.words(0) + " %", Integer.toString(held.size()));
    }
}
