package me.musclemap.capacity.simulate;

import java.util.List;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.ServiceTime;

/**
 * Stations, pools, and what each type of request does with them in turn. Immutable.
 *
 * @param stations cores, disks and delays
 * @param pools threads, connections: held over several steps, waited for in order
 * @param types of requests; an arriving request is of a type by its share
 */
public record ServiceSystem(List<Station> stations, List<Pool> pools, List<RequestType> types) {
    /**
     * Checks that every step names a station or pool there is.
     *
     * @throws IllegalArgumentException if one does not, or there is no type
     */
    public ServiceSystem {
        stations = List.copyOf(stations);
        pools = List.copyOf(pools);
        types = List.copyOf(types);
        if (types.stream().noneMatch(RequestType::counted)) {
            throw new IllegalArgumentException("no type of request that is counted: give at least one");
        }
        for (RequestType type : types) {
            for (Step step : type.steps()) {
                int known = step.action() == Action.SERVE ? stations.size() : pools.size();
                if (step.target() < 0 || step.target() >= known) {
                    throw new IllegalArgumentException("type " + type.name() + ": " + step.action() + " of number "
                            + step.target() + ", there are " + known);
                }
            }
        }
    }

    /**
     * Equal servers.
     *
     * @param servers 0 for a pure delay
     * @param pausesPerSecond how often all of them stop for everybody, as for garbage collection, while they work
     * @param pause how long they stop
     */
    public record Station(String name, int servers, Discipline discipline, double pausesPerSecond, ServiceTime pause) {
        /** Checks the servers, and that only shared ones pause. */
        public Station {
            if (servers < 0) {
                throw new IllegalArgumentException("station " + name + ": servers=" + servers + ", give 0 or more");
            }
            boolean canPause = servers > 0 && discipline == Discipline.PROCESSOR_SHARING;
            if (!(pausesPerSecond >= 0) || Double.isInfinite(pausesPerSecond) || (pausesPerSecond > 0 && !canPause)) {
                throw new IllegalArgumentException("station " + name + ": pausesPerSecond=" + pausesPerSecond
                        + ": give a finite rate from 0, above 0 for shared servers only");
            }
        }

        /** Servers that never pause. */
        public Station(String name, int servers, Discipline discipline) {
            this(name, servers, discipline, 0, ServiceTime.nothing());
        }
    }

    /**
     * What is held by one request at a time.
     *
     * @param size at least 1
     */
    public record Pool(String name, int size) {
        /** Checks the size. */
        public Pool {
            if (size < 1) {
                throw new IllegalArgumentException("pool " + name + ": size=" + size + ", give at least 1");
            }
        }
    }

    /**
     * A type of request.
     *
     * @param share weight against the other types, above 0
     * @param counted whether its responses and waits are counted; the others are load only
     */
    public record RequestType(String name, double share, List<Step> steps, boolean counted) {
        /** Checks the share. */
        public RequestType {
            if (!(share > 0) || Double.isInfinite(share)) {
                throw new IllegalArgumentException("type " + name + ": share=" + share + ", give a number above 0");
            }
            steps = List.copyOf(steps);
        }

        /** A type whose responses are counted. */
        public RequestType(String name, double share, List<Step> steps) {
            this(name, share, steps, true);
        }
    }

    /** What a step does. */
    public enum Action {
        /** Be served at a station. */
        SERVE,
        /** Take from a pool, waiting in order if it is empty. */
        TAKE,
        /** Give back to a pool. */
        GIVE
    }

    /**
     * One step of a request.
     *
     * @param target index of the station or pool
     * @param time service time; of {@code SERVE} only
     */
    public record Step(Action action, int target, ServiceTime time) {
        private static final ServiceTime NO_TIME = ServiceTime.nothing();

        /** Be served at station {@code station}. */
        public static Step serve(int station, ServiceTime time) {
            return new Step(Action.SERVE, station, time);
        }

        /** Take one of pool {@code pool}. */
        public static Step take(int pool) {
            return new Step(Action.TAKE, pool, NO_TIME);
        }

        /** Give one back to pool {@code pool}. */
        public static Step give(int pool) {
            return new Step(Action.GIVE, pool, NO_TIME);
        }
    }

    /**
     * Where requests come from.
     *
     * @param perSecond rate of Poisson arrivals; 0 where there are users
     * @param users who think between two requests; 0 where there are arrivals
     * @param think time between the end of a request and the user's next
     */
    public record Source(double perSecond, int users, ServiceTime think) {
        /** Checks that there are either arrivals or users. */
        public Source {
            if (!(perSecond >= 0) || Double.isInfinite(perSecond) || users < 0 || (perSecond > 0) == (users > 0)) {
                throw new IllegalArgumentException(
                        perSecond + " arrivals a second and " + users + " users: give one of them, above 0");
            }
        }

        /** Poisson arrivals. */
        public static Source arrivals(double perSecond) {
            return new Source(perSecond, 0, ServiceTime.nothing());
        }

        /** A fixed number of users. */
        public static Source users(int users, ServiceTime think) {
            return new Source(0, users, think);
        }
    }
}
