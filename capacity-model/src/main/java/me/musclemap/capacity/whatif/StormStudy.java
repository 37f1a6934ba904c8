package me.musclemap.capacity.whatif;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import me.musclemap.capacity.plan.Phase.Tier;
import me.musclemap.capacity.plan.PhaseLoad;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.plan.Stack;
import me.musclemap.capacity.plan.Storm;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * What a storm does to each station, second by second: work that arrives beyond what the cores (or the API's event loops) can
 * do piles up, and is worked off when the storm is over. A fluid: right for seconds and minutes of overload, blind to the
 * milliseconds. Nobody asks again and nobody gives up, so that a real storm with retries lasts longer.
 *
 * <p>Source: fluid limits of queues, Newell, Applications of Queueing Theory (1982), chapter 2.
 *
 * @param users in session when it begins
 * @param resources in the order of the phase's tiers
 * @param givesOut the resource with the longest wait; empty where none is overloaded
 * @param poolFull seconds after which all database connections are waiting; empty where they never are
 */
public record StormStudy(
        String name,
        String what,
        double users,
        double headlinePerSecond,
        List<Resource> resources,
        Optional<String> givesOut,
        Optional<Quantiles> poolFull,
        double poolFullShare) {
    /** Share of what a phase carries that is in session when a storm begins, unless it is said otherwise. */
    public static final double USUAL_SHARE = 0.6;

    private static final double HOURS_MAX = 24 * 3600;
    private static final double STEP_SECONDS = 1;
    /** After so long an emptied cache is as full as it gets. */
    private static final double REFILL_SECONDS = 600;

    /** Copies the list. */
    public StormStudy {
        resources = List.copyOf(resources);
    }

    /**
     * Cores or event loops of one tier.
     *
     * @param highest offered over what can be done, in the worst second
     * @param waitSeconds the longest that work waits
     * @param lastsSeconds from the beginning of the storm to the end of the backlog; infinite when it never ends
     * @param overloaded share of the draws in which work waits more than a second
     * @param byStation share of the work in the worst second, by station
     */
    public record Resource(
            String name,
            Quantiles highest,
            Quantiles waitSeconds,
            Quantiles lastsSeconds,
            double overloaded,
            Map<String, Double> byStation) {}

    /** What one draw went through at one resource. */
    private static final class Backlog {
        private double work;
        private double highest;
        private double longest;
        private double ended;
        private double[] worst = new double[0];

        void add(double second, double offered, double can, double[] busy) {
            if (offered / can > highest) {
                highest = offered / can;
                worst = busy.clone();
            }
            work = Math.max(0, work + (offered - can) * STEP_SECONDS);
            longest = Math.max(longest, work / can);
            if (work > 0) {
                ended = second + STEP_SECONDS;
            }
        }
    }

    /** Lets a storm of the plan break loose over so many users in session. */
    public static StormStudy of(Question question, String name, Storm storm, double users) {
        Phases phases = question.phases();
        List<Stack> drawn = question.study().drawn(phases, question.phase(), question.stack());
        List<Draw> draws = drawn.parallelStream()
                .map(stack -> new Draw(question, storm, users, stack).run())
                .toList();
        var resources = new ArrayList<Resource>();
        Draw first = draws.get(0);
        String worst = "";
        double longest = 0;
        for (String resource : first.backlogs.keySet()) {
            List<Backlog> all = draws.stream().map(d -> d.backlog(resource)).toList();
            Resource answer = resource(resource, all, stations(question, resource));
            resources.add(answer);
            if (answer.waitSeconds().p50() > longest) {
                longest = answer.waitSeconds().p50();
                worst = resource;
            }
        }
        double[] full = draws.stream()
                .mapToDouble(d -> d.poolFull)
                .filter(Double::isFinite)
                .toArray();
        return new StormStudy(
                name,
                storm.what(),
                users,
                users * question.perUser(),
                resources,
                worst.isEmpty() ? Optional.empty() : Optional.of(worst),
                full.length == 0 ? Optional.empty() : Optional.of(Quantiles.of(full)),
                full.length / (double) draws.size());
    }

    private static List<String> stations(Question question, String resource) {
        return question.phase().tiers().stream()
                .filter(t -> resource.equals(cpu(t)) || resource.equals(loops(t)))
                .findFirst()
                .orElseThrow()
                .stations();
    }

    private static Resource resource(String name, List<Backlog> all, List<String> stations) {
        var shares = new TreeMap<String, Double>();
        Backlog typical = all.get(all.size() / 2);
        double sum = Arrays.stream(typical.worst).sum();
        for (int s = 0; s < typical.worst.length && sum > 0; s++) {
            if (typical.worst[s] / sum >= 0.005) {
                shares.put(stations.get(s), typical.worst[s] / sum);
            }
        }
        return new Resource(
                name,
                quantiles(all.stream().mapToDouble(b -> b.highest).toArray()),
                quantiles(all.stream().mapToDouble(b -> b.longest).toArray()),
                quantiles(all.stream().mapToDouble(b -> b.ended).toArray()),
                all.stream().filter(b -> b.longest > 1).count() / (double) all.size(),
                shares);
    }

    private static Quantiles quantiles(double[] values) {
        Arrays.sort(values);
        // No interpolation: a backlog that never ends has no middle with one that does.
        return new Quantiles(at(values, 0.1), at(values, 0.5), at(values, 0.9));
    }

    private static double at(double[] sorted, double p) {
        return sorted[(int) Math.round(p * (sorted.length - 1))];
    }

    private static String cpu(Tier tier) {
        return "cores of " + tier.name();
    }

    private static String loops(Tier tier) {
        return "event loops of " + tier.name();
    }

    /** The storm under one draw. */
    private static final class Draw {
        private final Question question;
        private final Storm storm;
        private final Stack stack;
        private final PhaseLoad load;
        private final double headline;
        private final double[] extra;
        private final Map<String, Backlog> backlogs = new LinkedHashMap<>();
        private double poolFull = Double.POSITIVE_INFINITY;

        Draw(Question question, Storm storm, double users, Stack stack) {
            this.question = question;
            this.storm = storm;
            this.stack = stack;
            this.load = question.study().load(question.phases(), question.phase(), stack);
            this.headline = users * question.perUser();
            this.extra = extra(question, storm, users);
        }

        /** Requests per second by class that the storm adds while users come. */
        private static double[] extra(Question question, Storm storm, double users) {
            var classes = question.study().run().classes();
            double[] extra = new double[classes.size()];
            double sockets = storm.ofSockets()
                    ? question.study().perUser(question.phases()).socketShare()
                    : 1;
            for (int c = 0; c < extra.length && storm.share() > 0; c++) {
                extra[c] = users
                        * sockets
                        * storm.share()
                        / storm.withinSeconds()
                        * storm.perUser().getOrDefault(classes.get(c).name(), 0.0);
            }
            return extra;
        }

        private Backlog backlog(String resource) {
            Backlog backlog = backlogs.get(resource);
            if (backlog == null) {
                throw new IllegalStateException("no resource " + resource + " in this draw");
            }
            return backlog;
        }

        Draw run() {
            double over = Math.max(storm.withinSeconds(), storm.lastsSeconds());
            PhaseLoad.Origin calm = load.origin(headline);
            PhaseLoad.Origin loud = load.origin(headline * storm.factor());
            boolean cacheMatters = storm.cache() != Storm.CacheState.WARM && stack.caches();
            double settled = cacheMatters ? over + REFILL_SECONDS : over;
            // Between its beginning and its end a storm that spares the cache asks the same every second.
            var same = new HashMap<Integer, List<Asked>>();
            for (double second = 0; second < HOURS_MAX; second += STEP_SECONDS) {
                boolean coming = second < storm.withinSeconds();
                boolean peak = second < storm.lastsSeconds();
                PhaseLoad.Origin usual = peak ? loud : calm;
                List<Asked> asked;
                if (cacheMatters) {
                    asked = asked(usual, coming, work(second, peak ? headline * storm.factor() : headline));
                } else {
                    asked = same.computeIfAbsent(
                            (coming ? 1 : 0) + (peak ? 2 : 0), key -> asked(usual, coming, usual.databaseWork()));
                }
                for (Asked a : asked) {
                    a.during(second);
                }
                if (second >= settled && backlogs.values().stream().allMatch(b -> b.work == 0)) {
                    return this;
                }
            }
            backlogs.values().forEach(b -> b.ended = b.work > 0 ? Double.POSITIVE_INFINITY : b.ended);
            return this;
        }

        /** The database's work while the cache is away, or fills again. */
        private double[] work(double second, double perSecond) {
            double since = second - (storm.cache() == Storm.CacheState.GONE ? storm.lastsSeconds() : 0);
            return load.databaseWorkAfterLoss(perSecond, since < 0 ? OptionalDouble.empty() : OptionalDouble.of(since));
        }

        private List<Asked> asked(PhaseLoad.Origin usual, boolean coming, double[] databaseWork) {
            double[] rates = usual.rates().clone();
            for (int c = 0; c < rates.length && coming; c++) {
                rates[c] += extra[c];
            }
            return question.phase().tiers().stream()
                    .map(tier -> new Asked(tier, rates, databaseWork))
                    .toList();
        }

        /** What one tier is asked for in a second. */
        private final class Asked {
            private final Tier tier;
            private final double[] busy;
            private final double all;
            private final double requests;
            private final double[] api;
            private final double loopsCarry;

            Asked(Tier tier, double[] rates, double[] databaseWork) {
                this.tier = tier;
                this.busy = load.busy(tier, rates, databaseWork).busyCores();
                this.all = Arrays.stream(busy).sum();
                this.requests = Arrays.stream(rates).sum();
                this.api = new double[busy.length];
                int station = tier.stations().indexOf("api");
                if (station < 0 || stack.eventLoopsPerCore().isEmpty()) {
                    this.loopsCarry = 0;
                    return;
                }
                api[station] = busy[station];
                int loops = (int) Math.max(
                        1, Math.round(tier.cores() * stack.eventLoopsPerCore().getAsInt()));
                this.loopsCarry =
                        PhaseLoad.loopsCarry(tier.cores(), loops, Math.min(all - busy[station], tier.cores() * 0.95));
            }

            void during(double second) {
                Backlog cores = backlogs.computeIfAbsent(cpu(tier), name -> new Backlog());
                cores.add(second, all, tier.cores(), busy);
                if (loopsCarry > 0) {
                    backlogs.computeIfAbsent(loops(tier), name -> new Backlog())
                            .add(second, Arrays.stream(api).sum(), loopsCarry, api);
                }
                int database = tier.stations().indexOf("postgres");
                // A request waits at the database for its share of the backlog. Event loops on the same cores take the
                // next
                // request only when they are free: what waits then waits before them and holds no connection.
                double held = database < 0 || loopsCarry > 0 || all == 0
                        ? 0
                        : cores.work / tier.cores() * busy[database] / all * requests;
                if (held > question.phase().databaseConnections()) {
                    poolFull = Math.min(poolFull, second);
                }
            }
        }
    }
}
