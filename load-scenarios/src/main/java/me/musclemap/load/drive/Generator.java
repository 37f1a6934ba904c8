package me.musclemap.load.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import me.musclemap.load.record.LatencyLog;
import me.musclemap.load.schedule.ArrivalNotes;
import me.musclemap.load.schedule.Draws;
import me.musclemap.load.schedule.Resident;
import me.musclemap.load.schedule.Residents;
import me.musclemap.load.schedule.Shard;
import me.musclemap.load.workload.Mix;
import me.musclemap.load.workload.Workload;

/** The generator as a whole: made from its settings, told its windows, stopped. */
final class Generator implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final long DRAIN_SECONDS = 15;
    private static final int SPARE_FILES = 500;

    private final GeneratorSettings settings;
    private final Optional<ArrivalNotes> arrivals;
    private final Workload workload;
    private final Residents residents;
    private final Optional<Mint> mint;
    /** Signing belongs to one thread: this one is of the thread that takes windows. */
    private final Optional<Mint> beforehand;

    private final Scribe scribe;
    private final Dispatcher dispatcher;
    private final Optional<SocketUsers> sockets;

    private Generator(
            GeneratorSettings settings,
            Optional<ArrivalNotes> arrivals,
            Workload workload,
            Residents residents,
            Optional<Mint> mint,
            Scribe scribe,
            Dispatcher dispatcher,
            Optional<SocketUsers> sockets) {
        this.settings = settings;
        this.arrivals = arrivals;
        this.workload = workload;
        this.residents = residents;
        this.mint = mint;
        this.beforehand = mint(settings);
        this.scribe = scribe;
        this.dispatcher = dispatcher;
        this.sockets = sockets;
    }

    /**
     * Starts it; returns when every carrier waits for its first request.
     *
     * @param crashed is told what ended it when it did not end by itself
     */
    static Generator start(GeneratorSettings settings, Part part, Reports reports, Consumer<Throwable> crashed)
            throws IOException, InterruptedException {
        var workload = Workload.load(settings.workload());
        Files.createDirectories(settings.outDir());
        var mint = mint(settings);
        var log = new LatencyLog(settings.outDir().resolve("latency.hlog"), System.currentTimeMillis());
        var scribe = new Scribe(log, reports, crashed);
        var residents = new Residents(workload, settings.seed(), settings.users(), part.shard(), settings.stretch());
        Optional<ArrivalNotes> arrivals = part.arrivals().isPresent()
                ? Optional.of(new ArrivalNotes(part.arrivals().get()))
                : Optional.empty();
        arrivals.ifPresent(residents::note);
        var mark = part.mark().orElseGet(System::currentTimeMillis);
        var run = Long.toHexString(Draws.start(settings.seed(), mark) & 0xffffffL);
        var accounts = settings.accounts().map(Accounts::read);
        var payload = new Payload(settings.datasetSeed(), run, accounts);
        Optional<WriteNotes> writes = settings.writesFile().isEmpty()
                ? Optional.empty()
                : Optional.of(new WriteNotes(settings.writesFile().get()));
        var dispatcher = new Dispatcher(settings, workload, residents, mint, payload, writes, scribe, crashed);
        var visits = visits(part);
        var sockets = sockets(settings, part, workload, dispatcher, visits);
        new GatlingEngine(settings, sockets, dispatcher::landed, crashed).start();
        dispatcher.start(sockets.orElse(null));
        if (!dispatcher.awaitReady(START_SECONDS)) {
            throw new GeneratorException("Gatling's carriers were not at their places after " + START_SECONDS + " s");
        }
        return new Generator(settings, arrivals, workload, residents, mint, scribe, dispatcher, sockets);
    }

    private static Optional<Mint> mint(GeneratorSettings settings) {
        return settings.signingKey()
                .map(file -> Mint.from(file, settings.datasetSeed(), settings.mintedTokenSeconds()));
    }

    private static Optional<SocketUsers> sockets(
            GeneratorSettings settings,
            Part part,
            Workload workload,
            Dispatcher dispatcher,
            SocketUsers.Listener visits) {
        var most = mostSockets(settings, workload, part.shard());
        return most == 0
                ? Optional.empty()
                : workload.sockets()
                        .map(what -> new SocketUsers(
                                what,
                                workload.ownMix().socketSeconds(),
                                most,
                                settings.clientAddresses(),
                                settings.seed(),
                                part.shard(),
                                dispatcher::socketEvent,
                                visits));
    }

    /** Where arrivals are noted, the visits on sockets are noted beside them. */
    private static SocketUsers.Listener visits(Part part) throws IOException {
        if (part.arrivals().isEmpty()) {
            return (socket, visit, stayNanos) -> {};
        }
        return new SocketNotes(part.arrivals().get().resolveSibling("sockets.txt"));
    }

    /** As many as were asked for, or as the largest share of all users could have, within the limit of open files. */
    private static int mostSockets(GeneratorSettings settings, Workload workload, Shard shard) {
        var files = new SelfCheck().mostFiles() - settings.maxInFlight() - SPARE_FILES;
        var share = workload.mixesByName().values().stream()
                .mapToDouble(Mix::socketShare)
                .max()
                .orElse(0);
        var wanted = settings.sockets().orElse((int) Math.ceil(share * settings.users()));
        long ours = (wanted - shard.index() + shard.count() - 1L) / shard.count();
        return (int) Math.max(0, Math.min(ours, files));
    }

    /**
     * Takes a window, makes the residents it needs, and puts it at the end of the line.
     *
     * @return how many residents are awake in it
     * @throws Residents.TooFewUsersException when the data set has too few users for it
     */
    int accept(WindowPlan plan) throws Residents.TooFewUsersException {
        var mix = workload.mix(plan.mixName())
                .orElseThrow(() -> new GeneratorException(
                        "mixName=" + plan.mixName() + ": the workload " + workload.name() + " has "
                                + String.join(", ", workload.mixesByName().keySet())));
        var needed = residents.needed(mix, plan.headlinePerSecond());
        var fresh = residents.recruit(needed);
        for (var resident : fresh) {
            if (Residents.isWorkingOut(resident)
                    && resident.user() % 2 == 0
                    && settings.accounts().isEmpty()) {
                resident.workout = new SeededUser(settings.datasetSeed(), resident.user()).workout();
            }
        }
        mintAll(fresh);
        var awake = needed.values().stream().mapToInt(Integer::intValue).sum();
        var usual = settings.sockets().orElse((int) Math.round(awake * mix.socketShare()));
        dispatcher.announce(
                new WindowPlan.Ready(plan, needed, fresh, plan.sockets().orElse(usual)));
        return awake;
    }

    /** Tokens for all who stand after the login, where the settings ask for them beforehand. */
    private void mintAll(List<Resident> fresh) {
        if (!settings.mintAll()) {
            return;
        }
        var now = System.currentTimeMillis();
        for (var resident : fresh) {
            if (Residents.isLoggedIn(resident)) {
                beforehand.ifPresent(own -> Dispatcher.give(resident, own, now));
            }
        }
    }

    /** From now on it reports every second. */
    void report() {
        dispatcher.report();
    }

    /** How many tokens were minted so far. */
    long minted() {
        return mint.map(Mint::minted).orElse(0L) + beforehand.map(Mint::minted).orElse(0L);
    }

    /** Lets what is in flight come back, then writes the last lines. */
    void stop() throws InterruptedException {
        dispatcher.drain(DRAIN_SECONDS);
        scribe.close();
        arrivals.ifPresent(ArrivalNotes::close);
    }

    /** Writes the last lines without waiting for anything. */
    @Override
    public void close() {
        scribe.close();
    }
}
