package me.musclemap.load.drive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import me.musclemap.load.schedule.Resident;
import me.musclemap.load.schedule.Residents;
import me.musclemap.load.schedule.Residents.Purpose;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * The thread that decides: it lets each request depart when it is due, takes in each answer, and counts both. Everything that residents,
 * windows and tallies hold belongs to it alone; other threads hand it landed flights, socket events and windows through queues.
 */
final class Dispatcher implements Residents.Sender {
    private static final long SECOND = 1_000_000_000L;
    private static final long REFRESH_LANE_MILLIS = 60_000;
    /** An answer waits so long for a moment at which the dispatcher is awake anyway: waking it costs more than taking the answer in. */
    private static final long ANSWER_WAITS_NANOS = 250_000;

    /** A request that waits for a carrier or for its user's new token. */
    private record Pending(Resident resident, Operation operation, Purpose purpose, int lane, long due) {}

    private final GeneratorSettings settings;
    private final Workload workload;
    private final Residents residents;
    private final Optional<Mint> mint;
    private final Scribe scribe;
    private final SelfCheck selfCheck = new SelfCheck();
    private final Consumer<Throwable> crashed;
    private final Map<String, OperationPlan> plans = new HashMap<>();
    private final Optional<Operation> startWorkout;
    private final Optional<Operation> logSet;
    private final Optional<Operation> login;
    private final Payload payload;
    private final Optional<WriteNotes> writes;
    private final FailedSpans failedSpans;
    private final String runTrace;

    private final Queue<Flight> landed = new ConcurrentLinkedQueue<>();
    private final Queue<SocketUsers.Event> socketEvents = new ConcurrentLinkedQueue<>();
    private final Queue<WindowPlan.Ready> announced = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "dispatcher");
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean parked;
    /** Until when it is parked; far away when an answer is wanted at once. */
    private volatile long wakesAt;

    private volatile boolean stopping;
    private volatile boolean reporting;
    private volatile @Nullable SocketUsers sockets;

    private final ArrayDeque<Flight> idle = new ArrayDeque<>();
    private final ArrayDeque<Pending> waitingForCarrier = new ArrayDeque<>();
    private final Map<Resident, List<Pending>> waitingForToken = new IdentityHashMap<>();
    private final ArrayDeque<WindowPlan.Ready> windows = new ArrayDeque<>();
    private final Tally windowTally = new Tally(false);
    private final long anchorNanos;
    private final long anchorMillis;
    private Tally second;
    private SelfCheck.Reading secondReading;
    private SelfCheck.Reading windowReading;
    private WindowPlan.@Nullable Ready window;
    private long windowStart;
    private long windowEnd = Long.MAX_VALUE;
    private long secondEnd;
    private int carriers;
    private long requests;

    Dispatcher(
            GeneratorSettings settings,
            Workload workload,
            Residents residents,
            Optional<Mint> mint,
            Payload payload,
            Optional<WriteNotes> writes,
            Scribe scribe,
            Consumer<Throwable> crashed) {
        this.settings = settings;
        this.writes = writes;
        this.workload = workload;
        this.residents = residents;
        this.mint = mint;
        this.payload = payload;
        this.scribe = scribe;
        this.crashed = crashed;
        failedSpans = new FailedSpans(settings.outDir().resolve("failed.ndjson"));
        workload.operations().forEach((name, operation) -> plans.put(name, new OperationPlan(operation, settings)));
        startWorkout = withEffect(Operation.Effect.KEEPS_WORKOUT);
        logSet = workload.operations().values().stream()
                .filter(operation -> operation.needsWorkout() && operation.effect() == Operation.Effect.NONE)
                .findFirst();
        login = withEffect(Operation.Effect.KEEPS_TOKEN);
        anchorNanos = System.nanoTime();
        anchorMillis = System.currentTimeMillis();
        runTrace = "%016x".formatted(me.musclemap.load.schedule.Draws.start(settings.seed(), anchorMillis) | 1);
        second = scribe.emptyTally(anchorNanos);
        secondReading = selfCheck.read();
        windowReading = secondReading;
        secondEnd = anchorNanos + SECOND;
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.setDaemon(true);
    }

    private Optional<Operation> withEffect(Operation.Effect effect) {
        var refresh = workload.tokens().map(tokens -> tokens.refresh().name()).orElse("");
        return workload.operations().values().stream()
                .filter(operation ->
                        operation.effect() == effect && !operation.name().equals(refresh))
                .findFirst();
    }

    void start(@Nullable SocketUsers users) {
        sockets = users;
        thread.start();
    }

    /** Waits until every carrier is at its place. */
    boolean awaitReady(long seconds) throws InterruptedException {
        return ready.await(seconds, java.util.concurrent.TimeUnit.SECONDS);
    }

    /** From now on there is a line a second. */
    void report() {
        reporting = true;
    }

    void landed(Flight flight) {
        landed.add(flight);
        // The flight was added first: who parks after this has seen it, who parked before has said until when.
        if (wakesAt - System.nanoTime() > ANSWER_WAITS_NANOS) {
            unpark();
        }
    }

    void socketEvent(SocketUsers.Event event) {
        socketEvents.add(event);
        unpark();
    }

    /** Puts a window at the end of the line. */
    void announce(WindowPlan.Ready next) {
        announced.add(next);
        unpark();
    }

    /** Sends nothing new, and waits until what is in flight has come back, at most {@code seconds}. */
    void drain(long seconds) throws InterruptedException {
        stopping = true;
        unpark();
        drained.await(seconds, java.util.concurrent.TimeUnit.SECONDS);
    }

    private void unpark() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        try {
            while (true) {
                takeIn();
                var now = System.nanoTime();
                if (stopping && window == null && inFlight() == 0) {
                    endSecond(now);
                    drained.countDown();
                    return;
                }
                tick(now);
                residents.sendDue(Math.min(now, windowEnd - 1), this);
                park(Math.min(Math.min(residents.nextDue(), secondEnd), Math.min(windowEnd, nextStart())));
            }
        } catch (RuntimeException | Error e) {
            crashed.accept(e);
        }
    }

    private void park(long until) {
        wakesAt = waitingForCarrier.isEmpty() && !stopping ? until : System.nanoTime() + SECOND;
        parked = true;
        if (landed.isEmpty() && socketEvents.isEmpty() && announced.isEmpty()) {
            var nanos = until - System.nanoTime();
            if (nanos > 0) {
                LockSupport.parkNanos(this, Math.min(nanos, SECOND));
            }
        }
        parked = false;
    }

    private void takeIn() {
        for (var flight = landed.poll(); flight != null; flight = landed.poll()) {
            if (flight.busy()) {
                complete(flight);
            } else {
                carriers++;
                if (carriers == settings.maxInFlight()) {
                    ready.countDown();
                }
            }
            idle.push(flight);
            while (!idle.isEmpty() && !waitingForCarrier.isEmpty()) {
                depart(waitingForCarrier.remove(), System.nanoTime());
            }
        }
        for (var event = socketEvents.poll(); event != null; event = socketEvents.poll()) {
            count(event);
        }
        for (var next = announced.poll(); next != null; next = announced.poll()) {
            residents.settle(next.fresh());
            windows.add(next);
        }
    }

    // ---- time
    // -------------------------------------------------------------------------------------------------------------------

    private long nanosAt(long epochMillis) {
        return anchorNanos + (epochMillis - anchorMillis) * 1_000_000;
    }

    private long millisAt(long nanos) {
        return anchorMillis + Math.floorDiv(nanos - anchorNanos, 1_000_000L);
    }

    private long nextStart() {
        var next = windows.peek();
        return window != null || next == null
                ? Long.MAX_VALUE
                : nanosAt(next.plan().startEpochMillis());
    }

    private void tick(long now) {
        if (stopping) {
            windows.clear();
        }
        if (now >= windowEnd || (stopping && window != null)) {
            residents.sendDue(Math.min(now, windowEnd - 1), this);
            endWindow(Math.min(now, windowEnd));
        }
        if (window == null && now >= nextStart()) {
            beginWindow(windows.remove(), now);
        }
        if (now >= secondEnd) {
            endSecond(now);
        }
    }

    private void beginWindow(WindowPlan.Ready next, long now) {
        window = next;
        windowStart = now;
        windowEnd = now + (long) (next.plan().durationSeconds() * SECOND);
        windowTally.clear(now);
        failedSpans.begin();
        selfCheck.forgetPauses();
        windowReading = selfCheck.read();
        if (sockets != null) {
            sockets.open(next.sockets());
        }
        residents.wake(next.awake(), now);
    }

    private void endWindow(long end) {
        var ended = window;
        if (ended == null) {
            return;
        }
        var reading = selfCheck.read();
        var line = Reports.window(
                ended.plan(),
                windowTally,
                millisAt(windowStart),
                (end - windowStart) / (double) SECOND,
                residents.awake(),
                socketsOpen(),
                reading,
                windowReading,
                mint.map(Mint::minted).orElse(0L));
        line.withObject("/window/generator")
                .put("openFiles", selfCheck.openFiles())
                .put("mostFiles", selfCheck.mostFiles());
        scribe.write((log, reports) -> reports.print(line));
        window = null;
        windowEnd = Long.MAX_VALUE;
        if (end < nextStart()) {
            residents.wake(Map.of(), end);
        }
    }

    private void endSecond(long now) {
        var full = second;
        var reading = selfCheck.read();
        var cpu = reading.cpuRatioSince(secondReading);
        var gc = reading.gcSecondsSince(secondReading);
        var from = millisAt(full.startNanos);
        var to = millisAt(now);
        var running = window;
        @Nullable Integer index = running == null ? null : running.plan().index();
        var inFlight = inFlight();
        var open = socketsOpen();
        secondReading = reading;
        second = scribe.emptyTally(now);
        secondEnd = now + SECOND - Math.floorMod(now - anchorNanos, SECOND);
        if (!reporting) {
            scribe.giveBack(full);
            return;
        }
        scribe.write((log, reports) -> {
            var recorded = new HashMap<>(full.byTag);
            recorded.values().removeIf(histogram -> histogram.getTotalCount() == 0);
            log.append(from, to, recorded);
            reports.print(Reports.second(full, from, index, cpu, gc, inFlight, open));
            scribe.giveBack(full);
        });
    }

    private int inFlight() {
        return carriers - idle.size() + waitingForCarrier.size();
    }

    private int socketsOpen() {
        var users = sockets;
        return users == null ? 0 : users.openNow();
    }

    // ---- out
    // --------------------------------------------------------------------------------------------------------------------

    @Override
    public void send(Resident resident, Operation operation, Purpose purpose, int lane, long due) {
        if (operation.headline()) {
            second.offered++;
            windowTally.offered++;
        }
        var held = waitingForToken.get(resident);
        if (held != null && purpose == Purpose.STEP) {
            held.add(new Pending(resident, operation, purpose, lane, due));
            return;
        }
        var tokenless = operation.token() != Operation.Token.NONE && !hasToken(resident);
        if (tokenless && purpose == Purpose.STEP && operation.token() == Operation.Token.REQUIRED) {
            var renewal = renewal(resident);
            if (renewal.isPresent()) {
                second.offered++;
                windowTally.offered++;
                var first = new ArrayList<Pending>();
                first.add(new Pending(resident, operation, purpose, lane, due));
                waitingForToken.put(resident, first);
                launch(new Pending(resident, renewal.get(), Purpose.TELEMETRY, lane, due), due);
                return;
            }
        }
        launch(new Pending(resident, operation, purpose, lane, due), due);
    }

    /** Whether the resident's token is good for a minute more; a minted one is minted anew when it is not. */
    private boolean hasToken(Resident resident) {
        var now = System.currentTimeMillis();
        var margin = workload.tokens()
                .map(tokens -> (long) (tokens.refreshBeforeSeconds() * 1000))
                .orElse(REFRESH_LANE_MILLIS);
        if (resident.token != null && now < resident.tokenEndsEpochMillis - margin) {
            return true;
        }
        if (mint.isPresent() && (resident.mintedToken || resident.token == null) && Residents.isLoggedIn(resident)) {
            give(resident, mint.get(), now);
            return true;
        }
        return false;
    }

    static void give(Resident resident, Mint mint, long nowEpochMillis) {
        resident.token = mint.token(resident.user(), nowEpochMillis);
        resident.tokenEndsEpochMillis = nowEpochMillis + mint.lifeMillis();
        resident.mintedToken = true;
    }

    private Optional<Operation> renewal(Resident resident) {
        return resident.refreshCookie != null ? workload.tokens().map(Workload.Tokens::refresh) : login;
    }

    /** Sends it, or lets it wait for a carrier; {@code ready} is when nothing but a carrier was missing. */
    private void launch(Pending pending, long ready) {
        if (idle.isEmpty()) {
            second.carriersExhausted++;
            windowTally.carriersExhausted++;
            waitingForCarrier.add(pending);
        } else {
            depart(pending, ready);
        }
    }

    private void depart(Pending pending, long ready) {
        var resident = pending.resident();
        var operation = possible(pending.operation(), resident);
        if (operation.effect() == Operation.Effect.BEGINS_ACCOUNT) {
            resident.signedUpInSession = resident.session();
        }
        var plan = plans.get(operation.name());
        if (plan == null) {
            throw new IllegalStateException("no plan for " + operation.name());
        }
        var flight = idle.pop();
        flight.resident = resident;
        flight.plan = plan;
        flight.purpose = pending.purpose();
        flight.dueNanos = pending.due();
        flight.readyNanos = ready;
        windowTally.senders.set(resident.user());
        var values = payload.of(resident, resident.path(), pending.lane());
        flight.url = plan.url.text(values);
        flight.body = plan.body.bytes(values);
        flight.token = operation.token() == Operation.Token.NONE ? null : resident.token;
        flight.cookie = isRefresh(operation) ? resident.refreshCookie : null;
        flight.address = settings.clientAddresses() ? payload.address() : "";
        requests++;
        flight.traceParent =
                "00-" + runTrace + hex(requests) + "-" + hex(~requests) + (requests % 100 == 0 ? "-01" : "-00");
        flight.depart();
    }

    /** What a workout's own screen would send: without one it begins it, and one without a set gets its set before it is completed. */
    private Operation possible(Operation wanted, Resident resident) {
        if (wanted.needsWorkout() && resident.workout == null) {
            return startWorkout.orElse(wanted);
        }
        return wanted.effect() == Operation.Effect.ENDS_WORKOUT && resident.emptyWorkout
                ? logSet.orElse(wanted)
                : wanted;
    }

    private boolean isRefresh(Operation operation) {
        return workload.tokens()
                .filter(tokens -> tokens.refresh().name().equals(operation.name()))
                .isPresent();
    }

    private static String hex(long value) {
        var text = Long.toHexString(value);
        return "0000000000000000".substring(text.length()) + text;
    }

    // ---- back
    // -------------------------------------------------------------------------------------------------------------------

    private void complete(Flight flight) {
        var resident = flight.resident();
        var operation = flight.plan().operation;
        var failure = flight.failure;
        if (flight.status == 0 && failure == null) {
            failure = "no answer";
        }
        var region = workload.regionOf(resident.place());
        // The answer is there for its user when it has crossed the network of the user's region and come back.
        var far = region.map(where -> where.roundTripNanos()).orElse(0L);
        var ended = (flight.endedNanos == 0 ? System.nanoTime() : flight.endedNanos) + far;
        var sent = flight.sentNanos == 0 ? ended : flight.sentNanos;
        second.sent(flight.readyNanos, sent);
        windowTally.sent(flight.readyNanos, sent);
        count(operation, failure, flight.refusal != null, flight.dueNanos, sent, ended);
        boolean left = failure == null || !Failures.isOwn(failure);
        if (left && region.isPresent() && operation.headline() && !operation.abusive()) {
            windowTally.inRegion(region.get().name(), flight.dueNanos, ended);
        }
        if (flight.refusal != null && operation.headline()) {
            windowTally.refusals.merge(operation.name() + ": " + flight.refusal, 1L, Long::sum);
        }
        if (failure != null && failedSpans.takes()) {
            noteFailure(flight, operation.name(), failure, sent, ended - far);
        }
        noteWrite(flight);
        var ok = failure == null && flight.refusal == null;
        apply(resident, operation, flight, ok);
        var purpose = flight.purpose;
        flight.land();
        if (purpose == Purpose.STEP) {
            residents.stepAnswered(resident, operation, ok, ended);
        }
        if (operation.effect() == Operation.Effect.KEEPS_TOKEN) {
            release(resident, isRefresh(operation), ok);
        }
    }

    private void noteFailure(Flight flight, String operation, String reason, long sent, long ended) {
        var trace = flight.traceParent;
        var status = flight.status;
        var running = window;
        var index = running == null ? -1 : running.plan().index();
        var due = epochNanosAt(flight.dueNanos);
        scribe.write((log, reports) -> failedSpans.append(FailedSpans.line(
                trace, operation, reason, status, index, due, epochNanosAt(sent), epochNanosAt(ended))));
    }

    private long epochNanosAt(long nanos) {
        return anchorMillis * 1_000_000 + nanos - anchorNanos;
    }

    /** Keeps which set the server says it has, and which workouts may be over, for whoever looks for them later. */
    private void noteWrite(Flight flight) {
        if (flight.resident().signedUpInSession == flight.resident().session()) {
            // A new account has no id that could be asked for later.
            return;
        }
        var set = flight.acknowledged;
        var effect = flight.plan().operation.effect();
        // Whatever was answered: what was asked for may have happened.
        boolean over = effect == Operation.Effect.ENDS_WORKOUT || effect == Operation.Effect.KEEPS_WORKOUT;
        if (over || set != null && flight.failure == null) {
            var line = flight.resident().user() + " " + flight.resident().workout + " " + (over ? WriteNotes.OVER : set)
                    + " " + millisAt(flight.endedNanos) + "\n";
            writes.ifPresent(file -> scribe.write((log, reports) -> file.append(line)));
        }
    }

    private void count(
            Operation operation, @Nullable String failure, boolean refused, long due, long sent, long ended) {
        if (failure != null && Failures.isOwn(failure)) {
            second.generatorFaults++;
            windowTally.generatorFaults++;
            windowTally.failures.merge(failure, 1L, Long::sum);
            return;
        }
        second.answered(operation, failure == null, refused, due, sent, ended);
        windowTally.answered(operation, failure == null, refused, due, sent, ended);
        if (failure != null) {
            windowTally.failures.merge(operation.name() + ": " + failure, 1L, Long::sum);
        }
    }

    private void count(SocketUsers.Event event) {
        if (event.operation().isEmpty()) {
            windowTally.failures.merge("socket: " + event.failure(), 1L, Long::sum);
            return;
        }
        for (var tally : List.of(second, windowTally)) {
            tally.onSocket(
                    event.operation(),
                    event.failure() == null,
                    event.dueNanos(),
                    event.sentNanos(),
                    event.endedNanos());
        }
    }

    private void apply(Resident resident, Operation operation, Flight flight, boolean ok) {
        switch (operation.effect()) {
            case KEEPS_TOKEN:
                if (ok) {
                    resident.token = flight.kept;
                    resident.mintedToken = false;
                    resident.refreshCookie = flight.keptCookie == null ? resident.refreshCookie : flight.keptCookie;
                    var life =
                            workload.tokens().map(Workload.Tokens::lifeSeconds).orElse(900.0);
                    resident.tokenEndsEpochMillis = System.currentTimeMillis() + (long) (life * 1000);
                } else if (isRefresh(operation)) {
                    resident.refreshCookie = null;
                }
                break;
            case KEEPS_WORKOUT:
                if (ok) {
                    resident.workout = flight.kept;
                    resident.setsLogged = 0;
                    resident.emptyWorkout = true;
                }
                break;
            case ENDS_WORKOUT:
                resident.workout = null;
                break;
            case BEGINS_ACCOUNT:
                if (!ok) {
                    resident.signedUpInSession = -1;
                }
                break;
            default:
                workedOut(resident, operation, flight, ok);
        }
    }

    /** A set was logged; or the server does not know the workout, and the next set starts a new one. */
    private static void workedOut(Resident resident, Operation operation, Flight flight, boolean ok) {
        if (operation.needsWorkout() && ok) {
            resident.setsLogged++;
            resident.emptyWorkout = false;
        } else if (operation.needsWorkout() && flight.failure != null && flight.failure.startsWith("graphql")) {
            resident.workout = null;
        }
    }

    /** Lets go what waited for a token; after a refused refresh the user logs in once. */
    private void release(Resident resident, boolean refresh, boolean ok) {
        var held = waitingForToken.get(resident);
        if (held == null) {
            return;
        }
        if (!ok && refresh && login.isPresent()) {
            var now = System.nanoTime();
            launch(new Pending(resident, login.get(), Purpose.TELEMETRY, 0, now), now);
            return;
        }
        waitingForToken.remove(resident);
        var now = System.nanoTime();
        held.forEach(pending -> launch(pending, now));
    }
}
