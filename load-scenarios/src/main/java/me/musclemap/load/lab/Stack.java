package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import me.musclemap.load.record.PeriodicWork;
import me.musclemap.load.record.RunRecord;
import org.jspecify.annotations.Nullable;

/**
 * The embedded system under test, running: PostgreSQL and Redis with the seeded data, the collector, the API. Its
 * processes belong to the lab that started them. Immutable.
 *
 * @param api where users come in
 * @param apiItself the API without what stands before it, for its own pages
 * @param stations station name to the root process of it
 * @param chores what it does at intervals when nobody measures
 * @param words what started, in one line
 */
record Stack(
        URI api,
        URI apiItself,
        URI rum,
        Path signingKey,
        Map<String, Long> stations,
        RunRecord.Dataset dataset,
        List<RunRecord.Component> components,
        List<RunRecord.Jvm> jvms,
        List<RunRecord.Pool> pools,
        Breaker breaker,
        List<Chore> chores,
        String words) {
    /** Width of the API's database pool: explicit, because it is a capacity of its own. */
    private static final int POOL_SIZE = 16;

    /** The first making of a data set takes minutes on a slow disk. */
    private static final Duration DATABASE_PATIENCE = Duration.ofMinutes(20);

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** A refresh of the views of a large data set takes a minute; the program gives up after four. */
    private static final Duration CHORE_PATIENCE = Duration.ofMinutes(17);

    /** What {@code serve} does when it is not told otherwise. */
    private static final double REFRESH_EVERY_SECONDS = 300;

    /** PostgreSQL's own {@code checkpoint_timeout}, as it is set there. */
    private static final double CHECKPOINT_EVERY_SECONDS = 300;

    Stack {
        stations = Map.copyOf(stations);
        components = List.copyOf(components);
        jvms = List.copyOf(jvms);
        pools = List.copyOf(pools);
        chores = List.copyOf(chores);
    }

    /** Starts it and waits until it answers; spans of the requests that the caller sampled go to {@code traces}. */
    static Stack start(
            Lab lab,
            LabConfig config,
            Programs programs,
            Cores cores,
            Options options,
            @Nullable URI traces,
            Path logs,
            Progress progress) {
        var vps = options.profile() == Profile.vps
                ? new Vps(lab, VpsPrograms.find(config.programs()), cores, logs)
                : null;
        var databases = databases(
                lab, programs, cores, options, vps == null ? List.of() : vps.databaseArguments(), logs, progress);
        var database = databases.awaitReady(DATABASE_PATIENCE);
        lab.note("postgres", database.at("/postgres/pid").asLong());
        lab.note("redis", database.at("/redis/pid").asLong());
        var key = lab.workDirectory().resolve("signing-key.json");
        var keyMaker = programs.room("reference-api", Programs.COLLECTOR, List.of("signing-key", key.toString()));
        OneShot.run("signing key", cores.pinGenerator(), keyMaker, logs.resolve("signing-key.log"), lab::isSignalled);

        var rum = lab.start(
                "rum",
                cores.pinSystemUnderTest(),
                programs.room("rum-collector", Programs.COLLECTOR, rumArguments(lab, database)),
                logs.resolve("rum.log"));
        var rumReady = rum.awaitReady(PATIENCE);
        var jdbcUrl = vps == null ? database.at("/postgres/jdbcUrl").asText() : vps.throughPgBouncer(database);
        var arguments =
                apiArguments(database, jdbcUrl, key, rumReady.path("url").asText(), options.measuring());
        if (options.costs() != CostProfile.reference) {
            arguments.addAll(List.of("--cost-profile", options.costs().name()));
        }
        if (traces != null) {
            arguments.addAll(List.of("--traces-url", traces.toString(), "--traces-ratio", "0"));
        }
        var apiCommand = programs.room("reference-api", Programs.API, arguments);
        var api = lab.start("api", cores.pinSystemUnderTest(), apiCommand, logs.resolve("api.log"));
        var apiReady = api.awaitReady(PATIENCE);
        requireCosts(options.costs(), apiReady);
        var itself = URI.create(apiReady.path("url").asText());
        var rumUrl = URI.create(rumReady.path("url").asText());
        var url = itself;
        if (vps != null) {
            url = vps.caddyBefore(itself);
            vps.monitoring(database, itself, rumUrl);
        }

        var stations = new LinkedHashMap<String, Long>();
        stations.put("api", api.pid());
        stations.put("postgres", database.at("/postgres/pid").asLong());
        stations.put("redis", database.at("/redis/pid").asLong());
        stations.put("rum", rum.pid());
        if (vps != null) {
            stations.putAll(vps.stations());
        }
        var postgres = database.at("/postgres/version").asText("unknown");
        var redis = database.at("/redis/version").asText("unknown");
        var dataset = dataset(database, options);
        var components = new ArrayList<>(List.of(
                new RunRecord.Component("reference-api", Version.number()),
                new RunRecord.Component("postgres", postgres),
                new RunRecord.Component("redis", redis),
                new RunRecord.Component("rum-collector", Version.number())));
        if (vps != null) {
            components.addAll(vps.components());
        }
        var words = "PostgreSQL %s, Redis %s, API%s, collector%s · %,d users, %,d workouts (%s)"
                .formatted(
                        postgres,
                        redis,
                        options.costs() == CostProfile.production ? " at the real product's cost" : "",
                        vps == null ? "" : ", Caddy, PgBouncer, Prometheus",
                        dataset.users(),
                        dataset.workouts(),
                        database.path("snapshotBuilt").asBoolean() ? "made now, kept as a snapshot" : "snapshot");
        return new Stack(
                url,
                itself,
                rumUrl,
                key,
                stations,
                dataset,
                components,
                jvms(programs.javaVersion()),
                List.of(new RunRecord.Pool("db", POOL_SIZE, "api")),
                new Breaker(
                        lab,
                        databases,
                        database,
                        api,
                        cores.pinSystemUnderTest(),
                        apiCommand,
                        itself,
                        logs.resolve("api-again.log")),
                List.of(
                        new Chore(
                                PeriodicWork.VIEW_REFRESH,
                                REFRESH_EVERY_SECONDS,
                                () -> asked(api, "refresh-views", "refreshed")),
                        new Chore(
                                "checkpoint",
                                CHECKPOINT_EVERY_SECONDS,
                                () -> asked(databases, "checkpoint", "checkpointed"))),
                words);
    }

    /** Has a program do what it is told, and waits; why it did not, or empty. */
    private static Optional<String> asked(Child program, String order, String answer) {
        program.send(order);
        var said = program.next(CHORE_PATIENCE);
        return said.path(answer).asBoolean(false)
                ? Optional.empty()
                : Optional.of(said.path("reason").asText(said.toString()));
    }

    /** The Java processes of a measuring run, as they are started. */
    static List<RunRecord.Jvm> jvms(String version) {
        var jvms = new ArrayList<RunRecord.Jvm>();
        var sizings = new LinkedHashMap<String, Programs.Sizing>();
        sizings.put("api", Programs.API);
        sizings.put("rum", Programs.COLLECTOR);
        sizings.put("agent", Programs.AGENT);
        sizings.put("generator", Programs.GENERATOR);
        sizings.forEach((process, sizing) ->
                jvms.add(new RunRecord.Jvm(process, version, sizing.collector(), (long) sizing.heapMegabytes() << 20)));
        return jvms;
    }

    private static Child databases(
            Lab lab, Programs programs, Cores cores, Options options, List<String> more, Path logs, Progress progress) {
        var arguments = new ArrayList<>(List.of(
                "embedded",
                "--dir",
                lab.workDirectory().resolve("databases").toString(),
                "--users",
                Long.toString(options.users()),
                "--workouts",
                Long.toString(options.workouts()),
                "--seed",
                Long.toString(options.seed()),
                "--exit-with-parent"));
        arguments.addAll(more);
        if (!cores.shared()) {
            arguments.addAll(List.of("--cpus", Cores.list(cores.systemUnderTest())));
        }
        return lab.start(
                "databases",
                cores.pinGenerator(),
                programs.room("reference-api", Programs.DATABASES, arguments),
                logs.resolve("databases.log"),
                line -> false,
                progress::note);
    }

    /** Its counts go into the same PostgreSQL, each second, so that every window holds the writes of its own beacons. */
    private static List<String> rumArguments(Lab lab, JsonNode database) {
        var data = lab.workDirectory().resolve("rum");
        return List.of(
                "serve",
                "--port",
                "0",
                "--data",
                data.toString(),
                "--jdbc-url",
                database.at("/postgres/jdbcUrl").asText(),
                "--db-user",
                database.at("/postgres/user").asText(),
                "--db-password",
                database.at("/postgres/password").asText(),
                "--flush-seconds",
                "1",
                "--exit-with-parent");
    }

    /** The API says itself what it costs: a figure that is labelled wrongly is worse than none. */
    private static void requireCosts(CostProfile asked, JsonNode ready) {
        var said = ready.path("costProfile").asText(CostProfile.reference.name());
        if (!said.equals(asked.name())) {
            throw LabException.failed("the API says that its cost profile is " + said + ", and it was started with "
                    + asked + ": build all rooms anew");
        }
    }

    private static ArrayList<String> apiArguments(
            JsonNode database, String jdbcUrl, Path key, String rumUrl, boolean measuring) {
        var arguments = new ArrayList<>(List.of(
                "serve",
                "--port",
                "0",
                "--jdbc-url",
                jdbcUrl,
                "--db-user",
                database.at("/postgres/user").asText(),
                "--db-password",
                database.at("/postgres/password").asText(),
                "--redis-uri",
                database.at("/redis/uri").asText(),
                "--signing-key",
                key.toString(),
                "--rum-url",
                rumUrl,
                "--pool-size",
                Integer.toString(POOL_SIZE),
                "--exit-with-parent"));
        if (measuring) {
            // One refresh takes longer than a window and comes once in a run: chance, not a demand. It is measured
            // apart.
            arguments.addAll(List.of("--refresh-views", "PT0S"));
        }
        return arguments;
    }

    private static RunRecord.Dataset dataset(JsonNode ready, Options options) {
        var node = ready.path("dataset");
        return new RunRecord.Dataset(
                node.path("users").asLong(options.users()),
                node.path("workouts").asLong(options.workouts()),
                node.path("exercises").asLong(),
                node.path("snapshotSha256").asText("unknown"));
    }
}
