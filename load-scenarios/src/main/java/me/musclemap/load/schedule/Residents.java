package me.musclemap.load.schedule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.musclemap.load.workload.Mix;
import me.musclemap.load.workload.Operation;
import me.musclemap.load.workload.Workload;
import org.jspecify.annotations.Nullable;

/**
 * All simulated users in session: who is awake, what is due next, and what follows from an answer.
 *
 * <p>Within a session behaviour is closed: a pause starts when the last answer of its step is there. Across residents it is open: nobody
 * waits for anybody. The rate is set by how many are awake; one that sleeps keeps its place and its times stand still.
 *
 * <p>{@link #recruit} may run on another thread than the rest; everything else belongs to one thread. Times are of {@link
 * System#nanoTime()}.
 */
public final class Residents {
    /** Where the requests go that are due. */
    public interface Sender {
        /** Sends {@code operation} for {@code resident}; it was due at {@code dueNanos}. */
        void send(Resident resident, Operation operation, Purpose purpose, int lane, long dueNanos);
    }

    /** Why a request is sent. */
    public enum Purpose {
        /** It belongs to a step, whose pause starts when all of them are answered. */
        STEP,
        /** It is repeated while a page is on the screen; nobody waits for it. */
        POLL,
        /** A telemetry post; nobody waits for it. */
        TELEMETRY
    }

    /** More residents are needed than the data set has users. The message says what to do. */
    public static final class TooFewUsersException extends Exception {
        private static final long serialVersionUID = 1L;

        TooFewUsersException(long needed, int users) {
            super(needed + " residents are needed, the data set has " + users
                    + " users: lower the rate or load a data set with more users");
        }
    }

    /** What a failed login waits before it is tried again. */
    private static final long RETRY_NANOS = 20_000_000_000L;

    private final long seed;
    private final int users;
    private final Shard shard;
    private final double stretch;
    private final Map<String, Route> routes = new LinkedHashMap<>();
    private final Map<String, List<Resident>> residents = new LinkedHashMap<>();
    private final Map<String, Integer> recruited = new LinkedHashMap<>();
    private final Map<String, Integer> awake = new LinkedHashMap<>();
    private final DueQueue queue = new DueQueue();
    private final Draws draws = new Draws(0);
    private @Nullable ArrivalNotes notes;
    private int nextEven;
    private int nextOdd = 1;

    /**
     * Nobody yet.
     *
     * @param seed the same seed gives the same places, choices and pauses
     * @param users how many users the data set has; those with an even number have a workout in progress
     * @param shard which of them are played here
     */
    public Residents(Workload workload, long seed, int users, Shard shard) {
        this(workload, seed, users, shard, 1);
    }

    /**
     * Nobody yet, and nobody in a hurry.
     *
     * @param stretch every pause and every period of a poll is this many times as long, 1 or more: the same journeys, walked more slowly
     */
    public Residents(Workload workload, long seed, int users, Shard shard, double stretch) {
        if (!(stretch >= 1)) {
            throw new IllegalArgumentException("stretch=" + stretch + ": pauses are never cut");
        }
        this.stretch = stretch;
        this.seed = seed;
        this.users = users;
        this.shard = shard;
        for (var journey : workload.journeys()) {
            routes.put(journey.name(), new Route(journey));
            residents.put(journey.name(), new ArrayList<>());
            recruited.put(journey.name(), 0);
            awake.put(journey.name(), 0);
        }
    }

    /**
     * How many residents of each journey make a rate: rate × share of the users ÷ rate per user. The sum is the rounded whole; what
     * rounding down leaves over goes to the journeys with the largest remainders.
     */
    public Map<String, Integer> needed(Mix mix, double headlinePerSecond) {
        var total = headlinePerSecond * stretch / mix.requestsPerSecondPerUser();
        var needed = new LinkedHashMap<String, Integer>();
        var remainders = new LinkedHashMap<String, Double>();
        var left = Math.round(total);
        for (var entry : routes.entrySet()) {
            var exact = total * mix.userShare(entry.getValue().journey());
            var whole = (int) Math.floor(exact);
            needed.put(entry.getKey(), whole);
            remainders.put(entry.getKey(), exact - whole);
            left -= whole;
        }
        remainders.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(Math.max(0, left))
                .forEach(entry -> needed.merge(entry.getKey(), 1, Integer::sum));
        return needed;
    }

    /**
     * New residents, so that there are at least {@code needed} of each journey, each at a place and a moment of its session as chance
     * finds it. May run beside the thread that owns the rest; the result is handed to {@link #settle} there.
     *
     * @throws TooFewUsersException when the data set has too few users; nobody was recruited then
     */
    public List<Resident> recruit(Map<String, Integer> needed) throws TooFewUsersException {
        var more = new LinkedHashMap<String, Integer>();
        var total = 0L;
        for (var name : routes.keySet()) {
            var wanted = Math.max(needed.getOrDefault(name, 0), recruited.getOrDefault(name, 0));
            more.put(name, wanted);
            total += wanted;
        }
        if (total > users) {
            throw new TooFewUsersException(total, users);
        }
        var fresh = new ArrayList<Resident>();
        routes.forEach((name, route) -> {
            for (var ordinal = recruited.getOrDefault(name, 0); ordinal < more.getOrDefault(name, 0); ordinal++) {
                var resident = placed(route, name, ordinal);
                if (shard.plays(resident.identity)) {
                    fresh.add(resident);
                }
            }
            recruited.put(name, more.getOrDefault(name, 0));
        });
        return fresh;
    }

    private Resident placed(Route route, String name, int ordinal) {
        var resident = new Resident(route, ordinal, Draws.start(Draws.start(seed, name.hashCode()), ordinal));
        var placing = new Draws(resident.identity);
        route.place(resident, placing);
        resident.stayStart = (long) (resident.stayStart * stretch);
        resident.stayEnd = (long) (resident.stayEnd * stretch);
        resident.choices = placing.state();
        resident.user = user(route.isWorkingOut(resident));
        resident.waiting = true;
        return resident;
    }

    /** Users with an even number have a workout in progress; where they run out the others serve too. */
    private int user(boolean workingOut) {
        var even = workingOut ? nextEven < users : nextOdd >= users;
        var user = even ? nextEven : nextOdd;
        if (even) {
            nextEven += 2;
        } else {
            nextOdd += 2;
        }
        return user;
    }

    /** Whether the place where this resident stands comes after the login. */
    public static boolean isLoggedIn(Resident resident) {
        return resident.route.isLoggedIn(resident);
    }

    /** Whether the place where this resident stands lies within a workout. */
    public static boolean isWorkingOut(Resident resident) {
        return resident.route.isWorkingOut(resident);
    }

    /** Takes in residents that {@link #recruit} made; they sleep. */
    public void settle(List<Resident> fresh) {
        for (var resident : fresh) {
            resident.sleptAt = 0;
            residents.getOrDefault(resident.route.journey().name(), List.of()).add(resident);
        }
    }

    /** From now on each arrival is noted. */
    public void note(ArrivalNotes file) {
        notes = file;
    }

    /** Lets as many of each journey be awake as {@code wanted} says; those that were awake before stay so as far as possible. */
    public void wake(Map<String, Integer> wanted, long now) {
        if (notes != null) {
            notes.began(now);
        }
        residents.forEach((name, all) -> {
            var before = awake.getOrDefault(name, 0);
            var after = before;
            while (after < all.size() && all.get(after).ordinal < wanted.getOrDefault(name, 0)) {
                after++;
            }
            while (after > 0 && all.get(after - 1).ordinal >= wanted.getOrDefault(name, 0)) {
                after--;
            }
            for (var i = before; i < after; i++) {
                rise(all.get(i), now);
            }
            for (var i = after; i < before; i++) {
                all.get(i).awake = false;
                all.get(i).sleptAt = now;
            }
            awake.put(name, after);
        });
    }

    private void rise(Resident resident, long now) {
        var slept = now - resident.sleptAt;
        resident.awake = true;
        if (resident.waiting) {
            resident.stayStart += slept;
            resident.stayEnd += slept;
            resident.lastPoll += slept;
            enqueue(resident);
        }
    }

    /** How many are awake here. */
    public int awake() {
        return awake.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** When the next resident is due; {@link Long#MAX_VALUE} when none is. */
    public long nextDue() {
        return queue.firstDue();
    }

    /** Sends what is due at {@code now} or before, in the order in which it is due. */
    public void sendDue(long now, Sender to) {
        var sender = notes == null ? to : notes.around(to);
        while (queue.firstDue() <= now) {
            var due = queue.firstDue();
            var resident = queue.removeFirst();
            if (!resident.queued || resident.queuedDue != due) {
                continue;
            }
            resident.queued = false;
            if (!resident.awake) {
                continue;
            }
            if (due < resident.stayEnd) {
                poll(resident, due, sender);
            } else {
                step(resident, due, sender);
            }
        }
    }

    private void poll(Resident resident, long due, Sender sender) {
        var lane = 1000;
        for (var poll : resident.at().polls().entrySet()) {
            var period = nanos(poll.getValue());
            var k = (due - resident.stayStart) / period;
            if (k > 0 && resident.stayStart + k * period == due) {
                sender.send(resident, poll.getKey(), Purpose.POLL, lane + (int) Math.min(k, 10_000), due);
            }
            lane += 10_001;
        }
        resident.lastPoll = due;
        enqueue(resident);
    }

    private void step(Resident resident, long due, Sender sender) {
        if (!resident.failed) {
            resident.route.advance(resident, draws.from(resident.choices));
            resident.choices = draws.state();
        }
        resident.failed = false;
        resident.waiting = false;
        var step = resident.at();
        resident.unanswered = step.requests().size();
        var lane = 0;
        for (var operation : step.requests()) {
            sender.send(resident, operation, Purpose.STEP, lane++, due);
        }
        for (var post : step.telemetry().entrySet()) {
            for (var n = 0; n < post.getValue(); n++) {
                sender.send(resident, post.getKey(), Purpose.TELEMETRY, lane++, due);
            }
        }
        if (step.requests().isEmpty()) {
            pause(resident, due);
        }
    }

    /** One request of the resident's step was answered or failed at {@code endNanos}. */
    public void stepAnswered(Resident resident, Operation operation, boolean success, long endNanos) {
        if (!success && operation.effect() == Operation.Effect.KEEPS_TOKEN) {
            resident.failed = true;
        }
        if (--resident.unanswered == 0) {
            pause(resident, endNanos);
        }
    }

    private void pause(Resident resident, long now) {
        if (resident.failed) {
            resident.stayEnd = now + RETRY_NANOS;
        } else {
            var seconds = resident.at().think().seconds(draws.from(resident.choices));
            resident.choices = draws.state();
            resident.stayEnd = now + nanos(seconds);
        }
        resident.stayStart = now;
        resident.lastPoll = now;
        resident.waiting = true;
        if (resident.awake) {
            enqueue(resident);
        } else {
            resident.sleptAt = Math.max(resident.sleptAt, now);
        }
    }

    private long nanos(double seconds) {
        return Route.nanos(seconds * stretch);
    }

    private void enqueue(Resident resident) {
        var due = resident.stayEnd;
        if (!resident.failed) {
            for (double seconds : resident.at().polls().values()) {
                var period = nanos(seconds);
                var k = Math.floorDiv(resident.lastPoll - resident.stayStart, period) + 1;
                due = Math.min(due, resident.stayStart + k * period);
            }
        }
        resident.queued = true;
        resident.queuedDue = due;
        queue.add(resident, due);
    }
}
