package me.musclemap.capacity.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.ServiceTime;
import me.musclemap.capacity.simulate.ServiceSystem.Action;
import me.musclemap.capacity.simulate.ServiceSystem.RequestType;
import me.musclemap.capacity.simulate.ServiceSystem.Source;
import me.musclemap.capacity.simulate.ServiceSystem.Step;

/**
 * A discrete-event simulation of a {@link ServiceSystem}: what product forms cannot do, such as pools held one within
 * another, and percentiles. Immutable.
 */
public final class SystemSimulation {
    private final List<Replication> replications;

    private SystemSimulation(List<Replication> replications) {
        this.replications = replications;
    }

    /**
     * Simulates the system. An open system must be able to carry its arrivals: nothing else ends the growth of its queues.
     */
    public static SystemSimulation run(ServiceSystem system, Source source, Plan plan) {
        return new SystemSimulation(plan.run(random -> {
                    Replication replication = new Replication(system, source, random);
                    replication.run(plan);
                    return replication;
                })
                .toList());
    }

    /** Requests done per second. */
    public Estimate throughput() {
        return estimate(r -> r.done / r.seconds());
    }

    /** Mean seconds from a request to its end. */
    public Estimate meanResponse() {
        return estimate(r -> r.response.mean());
    }

    /** The response that a share {@code quantile} does not exceed. */
    public Estimate responsePercentile(double quantile) {
        Tally all = new Tally();
        replications.forEach(r -> all.add(r.response));
        Estimate scatter = estimate(r -> r.response.percentile(quantile));
        return new Estimate(all.percentile(quantile), scatter.halfWidth());
    }

    /** Share of the servers of {@code station} that is busy; at a pure delay the mean number present. */
    public Estimate utilisation(int station) {
        return estimate(r -> r.stations[station].busySeconds / r.seconds() / r.stations[station].capacity());
    }

    /** Mean seconds that a request waits for {@code pool}, those that do not wait included. */
    public Estimate meanPoolWait(int pool) {
        return estimate(r -> r.done == 0 ? 0 : r.pools[pool].waitedSeconds / r.done);
    }

    /** Share of time in which all of {@code pool} is held. */
    public Estimate poolFull(int pool) {
        return estimate(r -> r.pools[pool].fullSeconds / r.seconds());
    }

    private Estimate estimate(ToDoubleFunction<Replication> measure) {
        double[] each = replications.stream().mapToDouble(measure).toArray();
        return Estimate.of(Arrays.stream(each).average().orElse(0), each);
    }

    /** One run. */
    private static final class Replication {
        private static final int ARRIVAL = -1;
        /** Station k begins a pause at PAUSE - 2k, and ends it at one less. */
        private static final int PAUSE = -2;

        Tally response = new Tally();
        final StationState[] stations;
        final PoolState[] pools;
        long done;

        private final SplittableRandom random;
        private final Source source;
        private final Step[][] script;
        private final boolean[] counted;
        private final double[] upTo;
        private final EventHeap events = new EventHeap();
        private final IndexPool slots = new IndexPool();
        private int[] type = new int[64];
        private int[] step = new int[64];
        private double[] startedAt = new double[64];
        private double now;
        private double countedFrom;

        Replication(ServiceSystem system, Source source, SplittableRandom random) {
            this.random = random;
            this.source = source;
            this.stations = system.stations().stream().map(StationState::new).toArray(StationState[]::new);
            this.pools = system.pools().stream()
                    .map(pool -> new PoolState(pool.size()))
                    .toArray(PoolState[]::new);
            this.script = system.types().stream()
                    .map(t -> t.steps().toArray(new Step[0]))
                    .toArray(Step[][]::new);
            this.counted = new boolean[script.length];
            for (int t = 0; t < counted.length; t++) {
                counted[t] = system.types().get(t).counted();
            }
            double[] share =
                    system.types().stream().mapToDouble(RequestType::share).toArray();
            Arrays.parallelPrefix(share, Double::sum);
            this.upTo =
                    Arrays.stream(share).map(s -> s / share[share.length - 1]).toArray();
        }

        double seconds() {
            return now - countedFrom;
        }

        void run(Plan plan) {
            if (source.users() > 0) {
                IntStream.range(0, source.users()).forEach(user -> {
                    int slot = newSlot();
                    step[slot] = -1; // thinking
                    events.add(source.think().sample(random), slot);
                });
            } else {
                events.add(random.nextExponential() / source.perSecond(), ARRIVAL);
            }
            for (int k = 0; k < stations.length; k++) {
                schedulePause(k);
            }
            while (done < plan.warmUp()) {
                advance();
            }
            forget();
            while (done < plan.requests()) {
                advance();
            }
            settle();
        }

        /** Starts counting. */
        private void forget() {
            settle();
            done = 0;
            response = new Tally();
            countedFrom = now;
            for (StationState station : stations) {
                station.busySeconds = 0;
            }
            for (PoolState pool : pools) {
                pool.waitedSeconds = 0;
                pool.fullSeconds = 0;
            }
        }

        private void settle() {
            for (StationState station : stations) {
                station.settle(now);
            }
            for (PoolState pool : pools) {
                pool.settle(now);
            }
        }

        /** Goes to the next event. */
        private void advance() {
            StationState next = null;
            double at = events.isEmpty() ? Double.POSITIVE_INFINITY : events.firstTime();
            for (StationState station : stations) {
                double end = station.nextEnd();
                if (end < at) {
                    at = end;
                    next = station;
                }
            }
            now = at;
            if (next != null) {
                continueWith(next.end(now));
                return;
            }
            int slot = events.removeFirst();
            if (slot <= PAUSE) {
                pauseOrGoOn((PAUSE - slot) / 2, (PAUSE - slot) % 2 == 0);
            } else if (slot == ARRIVAL) {
                events.add(now + random.nextExponential() / source.perSecond(), ARRIVAL);
                begin(newSlot());
            } else if (step[slot] < 0) {
                begin(slot);
            } else {
                Step ended = script[type[slot]][step[slot]];
                stations[ended.target()].leave(now, events);
                continueWith(slot);
            }
        }

        private void schedulePause(int k) {
            if (stations[k].pausesPerSecond > 0) {
                events.add(now + random.nextExponential() / stations[k].pausesPerSecond, PAUSE - 2 * k);
            }
        }

        private void pauseOrGoOn(int k, boolean pause) {
            stations[k].pause(now, pause);
            if (pause) {
                events.add(now + stations[k].pauseTime.sample(random), PAUSE - 2 * k - 1);
            } else {
                schedulePause(k);
            }
        }

        private int newSlot() {
            int slot = slots.take();
            if (slot >= type.length) {
                int length = 2 * slot;
                type = Arrays.copyOf(type, length);
                step = Arrays.copyOf(step, length);
                startedAt = Arrays.copyOf(startedAt, length);
            }
            return slot;
        }

        private void begin(int slot) {
            double draw = upTo.length == 1 ? 0 : random.nextDouble();
            int chosen = 0;
            while (draw >= upTo[chosen] && chosen < upTo.length - 1) {
                chosen++;
            }
            type[slot] = chosen;
            step[slot] = -1;
            startedAt[slot] = now;
            continueWith(slot);
        }

        /** Takes the steps of a request until one of them takes time. */
        private void continueWith(int slot) {
            Step[] steps = script[type[slot]];
            while (++step[slot] < steps.length) {
                Step next = steps[step[slot]];
                if (next.action() == Action.SERVE) {
                    stations[next.target()].enter(now, slot, next.time().sample(random), events);
                    return;
                }
                PoolState pool = pools[next.target()];
                if (next.action() == Action.GIVE) {
                    int granted = pool.give(now);
                    if (granted >= 0) {
                        continueWith(granted);
                    }
                } else if (!pool.take(now)) {
                    pool.queue.add(slot, now);
                    return;
                }
            }
            finish(slot);
        }

        private void finish(int slot) {
            if (counted[type[slot]]) {
                done++;
                response.add(now - startedAt[slot]);
            }
            if (source.users() > 0) {
                step[slot] = -1;
                events.add(now + source.think().sample(random), slot);
            } else {
                slots.give(slot);
            }
        }
    }

    /** Requests in order, each with a number: its work, or when it came. */
    private static final class Queue {
        private int[] slot = new int[64];
        private double[] value = new double[64];
        private int first;
        private int size;

        boolean isEmpty() {
            return size == 0;
        }

        void add(int newSlot, double newValue) {
            if (size == slot.length) {
                int[] longerSlot = new int[2 * size];
                double[] longerValue = new double[2 * size];
                for (int i = 0; i < size; i++) {
                    longerSlot[i] = slot[(first + i) % size];
                    longerValue[i] = value[(first + i) % size];
                }
                slot = longerSlot;
                value = longerValue;
                first = 0;
            }
            int at = (first + size++) % slot.length;
            slot[at] = newSlot;
            value[at] = newValue;
        }

        double firstValue() {
            return value[first];
        }

        int remove() {
            int removed = slot[first];
            first = (first + 1) % slot.length;
            size--;
            return removed;
        }
    }

    /** A station: either its own heap of requests that share it, or a queue in front of servers. */
    private static final class StationState {
        double busySeconds;
        private final int servers;
        private final boolean sharing;
        private final double pausesPerSecond;
        private final ServiceTime pauseTime;
        private boolean paused;
        private final EventHeap sharers = new EventHeap();
        private final Queue queue = new Queue();
        private int present;
        private double clock;
        private double since;

        StationState(ServiceSystem.Station station) {
            this.servers = station.servers();
            this.sharing = servers > 0 && station.discipline() == Discipline.PROCESSOR_SHARING;
            this.pausesPerSecond = station.pausesPerSecond();
            this.pauseTime = station.pause();
        }

        int capacity() {
            return Math.max(1, servers);
        }

        /** While they pause, the servers work for nobody, and are busy. */
        private int busy() {
            return paused ? servers : servers == 0 ? present : Math.min(present, servers);
        }

        private double rate() {
            return Math.min(1, (double) servers / present);
        }

        void settle(double now) {
            busySeconds += busy() * (now - since);
            if (sharing && present > 0 && !paused) {
                clock += rate() * (now - since);
            }
            since = now;
        }

        void pause(double now, boolean begins) {
            settle(now);
            paused = begins;
        }

        void enter(double now, int slot, double work, EventHeap events) {
            settle(now);
            present++;
            if (sharing) {
                sharers.add(clock + work, slot);
            } else if (servers == 0 || present <= servers) {
                events.add(now + work, slot);
            } else {
                queue.add(slot, work);
            }
        }

        /** One service of the servers has ended; the next in the queue begins. */
        void leave(double now, EventHeap events) {
            settle(now);
            present--;
            if (!queue.isEmpty()) {
                double work = queue.firstValue();
                events.add(now + work, queue.remove());
            }
        }

        /** When the first of the sharers ends if nobody comes before. */
        double nextEnd() {
            return sharing && present > 0 && !paused
                    ? since + Math.max(0, sharers.firstTime() - clock) / rate()
                    : Double.POSITIVE_INFINITY;
        }

        /** Ends the first of the sharers. */
        int end(double now) {
            settle(now);
            clock = sharers.firstTime();
            present--;
            int slot = sharers.removeFirst();
            if (present == 0) {
                clock = 0;
            }
            return slot;
        }
    }

    /** A pool and the requests that wait for it. */
    private static final class PoolState {
        final Queue queue = new Queue();
        double waitedSeconds;
        double fullSeconds;
        private final int size;
        private int held;
        private double since;

        PoolState(int size) {
            this.size = size;
        }

        void settle(double now) {
            if (held == size) {
                fullSeconds += now - since;
            }
            since = now;
        }

        boolean take(double now) {
            if (held == size) {
                return false;
            }
            settle(now);
            held++;
            return true;
        }

        /** The request that gets what is given back; -1 if nobody waits. */
        int give(double now) {
            if (!queue.isEmpty()) {
                waitedSeconds += now - queue.firstValue();
                return queue.remove();
            }
            settle(now);
            held--;
            return -1;
        }
    }
}
