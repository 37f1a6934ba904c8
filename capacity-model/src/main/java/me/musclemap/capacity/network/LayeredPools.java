package me.musclemap.capacity.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users who think, then take a thread, run on the processors, take a connection, run the database's part on the same
 * processors, then the disk, and give both back. Both pools queue in order; processors are shared equally.
 *
 * <p>Such nested holding has no product form. With exponential times it is a Markov chain, solved here while it is small;
 * otherwise it is simulated.
 *
 * @param users at least 0
 * @param thinkSeconds mean, not negative
 * @param threads at least 1
 * @param connections at least 1
 * @param cores processors, at least 1
 * @param apiSeconds mean processor time before the connection is asked for
 * @param databaseSeconds mean processor time with the connection
 * @param diskSeconds mean time of the one disk, with the connection
 */
public record LayeredPools(
        int users,
        double thinkSeconds,
        int threads,
        int connections,
        int cores,
        double apiSeconds,
        double databaseSeconds,
        double diskSeconds) {
    /** Chains that cost more multiplications than this are left to the simulator. */
    private static final double WORK_MAX = 1e9;

    /**
     * Checks the parameters.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public LayeredPools {
        if (users < 0 || threads < 1 || connections < 1 || cores < 1) {
            throw new IllegalArgumentException("users=" + users + " threads=" + threads + " connections=" + connections
                    + " cores=" + cores + ": give at least one of each, and no negative number of users");
        }
        for (double seconds : new double[] {thinkSeconds, apiSeconds, databaseSeconds, diskSeconds}) {
            if (!(seconds >= 0) || Double.isInfinite(seconds)) {
                throw new IllegalArgumentException(seconds + " s: give mean times, finite and not negative");
            }
        }
    }

    /**
     * Means of the layered system.
     *
     * @param throughputPerSecond requests done
     * @param responseSeconds from the request to its end, think time left out
     * @param processorUtilisation share of the cores that is busy
     * @param diskUtilisation share of time in which the disk is busy
     * @param meanThreadWaitSeconds wait for a thread
     * @param meanConnectionWaitSeconds wait for a connection
     */
    public record Means(
            double throughputPerSecond,
            double responseSeconds,
            double processorUtilisation,
            double diskUtilisation,
            double meanThreadWaitSeconds,
            double meanConnectionWaitSeconds) {}

    /** Exact means for exponential times; empty where the chain is too large, or a time is 0. */
    public Optional<Means> exact() {
        if (users == 0) {
            return Optional.of(new Means(0, 0, 0, 0, 0, 0));
        }
        if (thinkSeconds == 0 || apiSeconds == 0 || databaseSeconds == 0 || diskSeconds == 0) {
            return Optional.empty();
        }
        double states = states(Math.min(users, threads));
        if (states > 2000 || users * Math.pow(states, 3) > WORK_MAX) {
            return Optional.empty();
        }
        Chain chain = new Chain();
        return Optional.of(chain.means(LevelChain.finite(chain, users)));
    }

    /** How many phases there are with {@code inside} threads held. */
    private double states(int inside) {
        double held = Math.min(connections, inside);
        double few = held * (held + 1) / 2;
        return few + (held + 1) * (inside - held + 1);
    }

    /** Where the requests that hold a thread are. */
    private record Phase(int api, int waiting, int database, int disk) {}

    private final class Chain implements LevelChain.StateSpace {
        private final Map<Integer, List<Phase>> phases = new HashMap<>();
        private final Map<Integer, Map<Phase, Integer>> index = new HashMap<>();

        private List<Phase> phasesOf(int level) {
            return phases.computeIfAbsent(Math.min(level, threads), this::list);
        }

        private List<Phase> list(int inside) {
            List<Phase> list = new ArrayList<>();
            Map<Phase, Integer> at = new HashMap<>();
            for (int database = 0; database <= Math.min(connections, inside); database++) {
                for (int disk = 0; database + disk <= Math.min(connections, inside); disk++) {
                    int rest = inside - database - disk;
                    int mostWaiting = database + disk == connections ? rest : 0;
                    for (int waiting = 0; waiting <= mostWaiting; waiting++) {
                        Phase phase = new Phase(rest - waiting, waiting, database, disk);
                        at.put(phase, list.size());
                        list.add(phase);
                    }
                }
            }
            index.put(inside, at);
            return list;
        }

        private int indexOf(int level, Phase phase) {
            phasesOf(level);
            Integer at = index.getOrDefault(Math.min(level, threads), Map.of()).get(phase);
            if (at == null) {
                throw new IllegalStateException(phase + " is no phase of level " + level);
            }
            return at;
        }

        @Override
        public int phases(int level) {
            return phasesOf(level).size();
        }

        @Override
        public void transitions(int level, int index, LevelChain.Transitions to) {
            Phase at = phasesOf(level).get(index);
            if (level < users) {
                Phase after = level < threads ? new Phase(at.api() + 1, at.waiting(), at.database(), at.disk()) : at;
                to.add(1, indexOf(level + 1, after), (users - level) / thinkSeconds);
            }
            double each = Math.min(1, (double) cores / Math.max(1, at.api() + at.database()));
            if (at.api() > 0) {
                to.add(0, indexOf(level, afterApi(at)), at.api() * each / apiSeconds);
            }
            if (at.database() > 0) {
                Phase after = new Phase(at.api(), at.waiting(), at.database() - 1, at.disk() + 1);
                to.add(0, indexOf(level, after), at.database() * each / databaseSeconds);
            }
            if (at.disk() > 0) {
                to.add(-1, indexOf(level - 1, afterDisk(at, level > threads)), 1 / diskSeconds);
            }
        }

        private Phase afterApi(Phase at) {
            return at.database() + at.disk() < connections
                    ? new Phase(at.api() - 1, at.waiting(), at.database() + 1, at.disk())
                    : new Phase(at.api() - 1, at.waiting() + 1, at.database(), at.disk());
        }

        private Phase afterDisk(Phase at, boolean threadWanted) {
            int next = at.waiting() > 0 ? 1 : 0;
            return new Phase(
                    at.api() + (threadWanted ? 1 : 0), at.waiting() - next, at.database() + next, at.disk() - 1);
        }

        Means means(double[][] share) {
            double present = 0;
            double busyCores = 0;
            double busyDisk = 0;
            double threadQueue = 0;
            double connectionQueue = 0;
            for (int level = 0; level <= users; level++) {
                for (int i = 0; i < share[level].length; i++) {
                    Phase phase = phasesOf(level).get(i);
                    double p = share[level][i];
                    present += p * level;
                    busyCores += p * Math.min(cores, phase.api() + phase.database());
                    busyDisk += phase.disk() > 0 ? p : 0;
                    threadQueue += p * Math.max(0, level - threads);
                    connectionQueue += p * phase.waiting();
                }
            }
            double throughput = busyDisk / diskSeconds;
            return new Means(
                    throughput,
                    present / throughput,
                    busyCores / cores,
                    busyDisk,
                    threadQueue / throughput,
                    connectionQueue / throughput);
        }
    }
}
