package me.musclemap.capacity.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import me.musclemap.capacity.cache.CacheTiers;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.network.Network;
import me.musclemap.capacity.network.ProductForm;
import me.musclemap.capacity.plan.Phase.EdgeCache;
import me.musclemap.capacity.plan.Phase.Tier;
import me.musclemap.capacity.predict.FittedRun;

/**
 * One phase under one stack: what a headline rate does to its caches, tiers, pools and machines. Rates are of the headline, in
 * requests per second, at the users; caches take their part before anything else is loaded.
 */
public final class PhaseLoad {
    private final RunRecord run;
    private final Assumptions assumptions;
    private final Asking asking;
    private final Asking.PerUser perUser;
    private final Phase phase;
    private final Stack stack;
    private final DemandModel model;

    PhaseLoad(RunRecord run, Assumptions assumptions, Asking asking, Asking.PerUser perUser, Phase phase, Stack stack) {
        this.run = run;
        this.assumptions = assumptions;
        this.asking = asking;
        this.perUser = perUser;
        this.phase = phase;
        this.stack = stack;
        this.model = stack.best();
    }

    /** All constraints of the phase. */
    public List<Constraint> constraints() {
        var constraints = new ArrayList<Constraint>();
        for (Tier tier : phase.tiers()) {
            constraints.add(cpu(tier));
        }
        Optional<Tier> database = phase.tierOf(PhasePlanner.DATABASE);
        Optional<Tier> api = phase.tierOf(PhasePlanner.API);
        api.ifPresent(tier -> {
            if (stack.eventLoopsPerCore().isPresent()) {
                constraints.add(eventLoop(tier, stack.eventLoopsPerCore().getAsInt()));
            }
            constraints.add(memory(tier));
            constraints.add(port(tier));
            if (phase.proxiedSockets() && perUser.socketShare() > 0) {
                constraints.add(
                        perSocket("sockets", assumptions.openFiles() * assumptions.socketLimit(), tier, "open files"));
                constraints.add(perSocket("localPorts", assumptions.localPorts(), tier, "local ports of the proxy"));
            }
        });
        database.ifPresent(tier -> {
            constraints.add(databasePool(tier));
            if (!api.equals(database)) {
                constraints.add(databaseMemory(tier));
            }
        });
        constraints.add(bandwidth());
        return constraints;
    }

    /** The constraints and the objective of response times, what gives out first in front. */
    public List<Constraint> ranked() {
        var all = new ArrayList<>(constraints());
        objective().ifPresent(all::add);
        var capacities = new IdentityHashMap<Constraint, Double>();
        all.forEach(c -> capacities.put(c, c.capacity()));
        all.sort(Comparator.comparingDouble(capacities::get));
        return all;
    }

    /** The objective of response times, which may be missed before any resource is used up; empty where none were recorded. */
    private Optional<Constraint> objective() {
        if (p99Seconds(0).isEmpty()) {
            return Optional.empty();
        }
        double roundTrips = slowestRoundTrips();
        return Optional.of(new Constraint(
                "p99",
                String.format(
                        Locale.ROOT,
                        "p99 of %.0f s at most%s",
                        FittedRun.SLO_P99_SECONDS,
                        roundTrips >= 0.01
                                ? String.format(
                                        Locale.ROOT,
                                        ", of which round trips to the database take up to %.2f s",
                                        roundTrips)
                                : ""),
                Optional.empty(),
                rate -> p99Seconds(rate).orElse(0) / FittedRun.SLO_P99_SECONDS));
    }

    private Constraint cpu(Tier tier) {
        double limit = assumptions.cpuLimit();
        return new Constraint(
                "cpu",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %s%.0f cores%s",
                        limit * 100,
                        tier.machines() > 1 ? tier.machines() + " x " : "",
                        tier.cores(),
                        phase.tiers().size() > 1 ? " (" + tier.name() + ")" : ""),
                largest(tier),
                rate -> busy(tier, rate).utilisation() / limit);
    }

    private Optional<String> largest(Tier tier) {
        DemandModel own = Stack.only(model, stack.stations(), tier.stations());
        double most = -1;
        String name = "";
        for (int s = 0; s < own.demand().length; s++) {
            double cost = 0;
            for (int c = 0; c < perUser.mix().perRequest().length; c++) {
                cost += perUser.mix().perRequest()[c] * own.demandAt(s, c, assumptions.cpuLimit());
            }
            if (cost > most) {
                most = cost;
                name = tier.stations().get(s);
            }
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /**
     * Each process of the API runs on one core at most, and shares the cores with everything else on its machine: the rate at
     * which all of them are always busy is the throughput of a closed network of as many customers over the cores, beside an
     * open class for the rest.
     *
     * <p>Source: mixed product-form networks, Lazowska et al., Quantitative System Performance (1984), section 7.4.
     */
    private Constraint eventLoop(Tier tier, int perCore) {
        int loops = (int) Math.max(1, Math.round(tier.cores() * perCore));
        double limit = assumptions.poolLimit();
        return new Constraint(
                "eventLoop",
                String.format(Locale.ROOT, "%.0f %% of %d event loops a machine", limit * 100, loops),
                Optional.of(PhasePlanner.API),
                rate -> {
                    double[] cores = busy(tier, rate).busyCores();
                    int api = tier.stations().indexOf(PhasePlanner.API);
                    double others = -cores[api];
                    for (double core : cores) {
                        others += core;
                    }
                    return cores[api] / loopsCarry(tier.cores(), loops, others) / limit;
                });
    }

    /** Cores that loops which are always busy get beside other work. */
    public static double loopsCarry(double cores, int loops, double otherCores) {
        int servers = (int) Math.max(1, Math.round(cores));
        if (otherCores >= servers * 0.999) {
            return 1e-9;
        }
        var closed = Network.withoutThink(new double[][] {{1}}, new int[] {servers});
        var open = Network.withoutThink(new double[][] {{1}}, new int[] {servers});
        return ProductForm.mixed(closed, new long[] {loops}, open, new double[] {Math.max(0, otherCores)})
                .closed()
                .throughput(0);
    }

    private double sockets(double headlinePerSecond, Tier tier) {
        return headlinePerSecond / perUser.perSecond() * perUser.socketShare() / tier.machines();
    }

    private Constraint memory(Tier tier) {
        double limit = assumptions.memoryLimit() * tier.memoryGigabytes() * 1e9;
        return new Constraint(
                "memory",
                String.format(
                        Locale.ROOT, "%.0f %% of %.0f GB", assumptions.memoryLimit() * 100, tier.memoryGigabytes()),
                Optional.empty(),
                rate -> (stack.residentBytes()
                                + (phase.proxiedSockets() ? sockets(rate, tier) * stack.bytesPerSocket() : 0))
                        / limit);
    }

    private Constraint databaseMemory(Tier tier) {
        double limit = assumptions.memoryLimit() * tier.memoryGigabytes() * 1e9;
        double bytes = phase.databaseConnections() / tier.machines() * assumptions.connectionBytes();
        return new Constraint(
                "databaseMemory",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %.0f GB (%s) for %.0f connections",
                        assumptions.memoryLimit() * 100,
                        tier.memoryGigabytes(),
                        tier.name(),
                        phase.databaseConnections() / tier.machines()),
                Optional.of(PhasePlanner.DATABASE),
                rate -> bytes / limit);
    }

    private Constraint perSocket(String name, double limit, Tier tier, String words) {
        return new Constraint(
                name,
                String.format(Locale.ROOT, "%,.0f %s", limit, words),
                Optional.empty(),
                rate -> sockets(rate, tier) / limit);
    }

    private Constraint databasePool(Tier tier) {
        double limit = assumptions.poolLimit() * phase.databaseConnections();
        return new Constraint(
                "dbPool",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %.0f database connections",
                        assumptions.poolLimit() * 100,
                        phase.databaseConnections()),
                Optional.of(PhasePlanner.DATABASE),
                rate -> connections(tier, rate, busy(tier, rate).utilisation()) / limit);
    }

    /** Database connections in use, by Little's law; requests that a cache answers hold none. */
    private double connections(Tier tier, double rate, double utilisation) {
        double[] rates = originRates(rate);
        double[] work = databaseWork(rates, rate);
        double headline = 0;
        double roundTrips = 0;
        double whole = 0;
        double left = 0;
        for (int c = 0; c < rates.length; c++) {
            String name = run.classes().get(c).name();
            boolean write = assumptions.writeClasses().contains(name);
            headline += perUser.mix().headline()[c] ? rates[c] : 0;
            roundTrips += rates[c]
                    * work[c]
                    * Assumptions.of(assumptions.statementsPerRequest(), name)
                    * phase.roundTripSeconds(write);
            double cost = rates[c] * databaseDemand(c);
            whole += cost;
            left += cost * work[c];
        }
        double dearer = model.secondCore().factor(utilisation, tier.cores());
        double hold = stack.poolHold().dearer(dearer).seconds(utilisation, 0) / tier.speed();
        return headline * hold * (whole > 0 ? left / whole : 1) + roundTrips;
    }

    private double databaseDemand(int requestClass) {
        int station = stack.stations().indexOf(PhasePlanner.DATABASE);
        return station < 0 ? 0 : model.demandAt(station, requestClass, assumptions.cpuLimit());
    }

    private Constraint bandwidth() {
        double quota = phase.bandwidthTerabytesPerMonth() * 1e12;
        return new Constraint(
                "bandwidth",
                String.format(Locale.ROOT, "%.0f TB a month", phase.bandwidthTerabytesPerMonth()),
                Optional.empty(),
                rate -> bytesPerSecond(rate) * assumptions.secondsPerMonth() / assumptions.peakToMean() / quota);
    }

    private Constraint port(Tier tier) {
        double limit = assumptions.portBitsPerSecond() * assumptions.socketLimit();
        return new Constraint(
                "port",
                String.format(
                        Locale.ROOT,
                        "%.0f %% of %.0f Mbit/s a machine",
                        assumptions.socketLimit() * 100,
                        assumptions.portBitsPerSecond() / 1e6),
                Optional.empty(),
                rate -> limit == 0 ? 0 : 8 * bytesPerSecond(rate) / tier.machines() / limit);
    }

    private double bytesPerSecond(double rate) {
        double[] rates = originRates(rate);
        double bytes = 0;
        for (int c = 0; c < rates.length; c++) {
            bytes += rates[c]
                    * Assumptions.of(
                            assumptions.bytesPerRequest(), run.classes().get(c).name());
        }
        return bytes;
    }

    /** Rates by class that the edge does not answer. */
    private double[] originRates(double headlinePerSecond) {
        double[] rates = perUser.mix().rates(headlinePerSecond);
        for (EdgeCache cache : phase.edgeCache()) {
            for (int c = 0; c < rates.length; c++) {
                if (run.classes().get(c).name().equals(cache.requestClass())) {
                    rates[c] *= 1 - cache.hits(rates[c], asking.cacheLife());
                }
            }
        }
        return rates;
    }

    /** Database work of a request by class, over what it was when the stack was measured. */
    private double[] databaseWork(double[] originRates, double headlinePerSecond) {
        double[] work = new double[originRates.length];
        for (int c = 0; c < work.length; c++) {
            double hits = stack.caches() ? originHits(c, originRates[c], headlinePerSecond) : 0;
            work[c] = (1 - hits) / (1 - stack.measuredHits()[c]);
        }
        return work;
    }

    /** Each region has a cache of its own, which its users' requests alone keep warm. */
    private double originHits(int requestClass, double originPerSecond, double headlinePerSecond) {
        double users = headlinePerSecond / perUser.perSecond();
        double hits = 0;
        for (OriginCache cache : assumptions.originCache()) {
            if (run.classes().get(requestClass).name().equals(cache.requestClass())) {
                for (Phase.Region region : phase.regions()) {
                    hits += region.share()
                            * cache.hits(originPerSecond * region.share(), users * region.share(), asking.cacheLife());
                }
            }
        }
        return Math.min(hits, 0.999);
    }

    /** Rates by class at one machine of a tier; the busiest one, where they differ. */
    private double[] perMachine(Tier tier, double[] originRates) {
        double[] rates = originRates.clone();
        boolean database = tier.stations().contains(PhasePlanner.DATABASE);
        for (int c = 0; c < rates.length; c++) {
            String name = run.classes().get(c).name();
            if (database && assumptions.writeClasses().contains(name)) {
                rates[c] /= tier.shards();
            } else if (database && assumptions.fanOutClasses().contains(name)) {
                rates[c] *= tier.shards() / (double) tier.machines();
            } else {
                rates[c] /= tier.machines();
            }
        }
        return rates;
    }

    /** Cores busy on one machine of a tier: of a database, on a primary. */
    DemandModel.Load busy(Tier tier, double headlinePerSecond) {
        double[] origin = originRates(headlinePerSecond);
        return busy(tier, origin, databaseWork(origin, headlinePerSecond));
    }

    /**
     * The same for given rates.
     *
     * @param originRates by class, of requests that reach the origin
     * @param databaseWork by class, over what was measured
     */
    public DemandModel.Load busy(Tier tier, double[] originRates, double[] databaseWork) {
        DemandModel own = Stack.only(model, stack.stations(), tier.stations());
        int database = tier.stations().indexOf(PhasePlanner.DATABASE);
        if (database >= 0) {
            for (int c = 0; c < databaseWork.length; c++) {
                own.demand()[database][c] *= databaseWork[c];
            }
        }
        DemandModel scaled = tier.speed() == 1 ? own : own.scaled(1 / tier.speed());
        return scaled.at(perMachine(tier, originRates), tier.cores());
    }

    /** Rates by class at the origin, and the database's work for them, at a headline rate. */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    public record Origin(double[] rates, double[] databaseWork) {}

    /** What passes the edge at this rate. */
    public Origin origin(double headlinePerSecond) {
        double[] rates = originRates(headlinePerSecond);
        return new Origin(rates, databaseWork(rates, headlinePerSecond));
    }

    /** The database's work by class when the origin's cache is away, or was emptied so many seconds ago. */
    public double[] databaseWorkAfterLoss(double headlinePerSecond, OptionalDouble sinceSeconds) {
        double[] rates = originRates(headlinePerSecond);
        double users = headlinePerSecond / perUser.perSecond();
        double[] work = new double[rates.length];
        for (int c = 0; c < rates.length; c++) {
            double hits = 0;
            for (OriginCache cache : assumptions.originCache()) {
                if (sinceSeconds.isPresent()
                        && stack.caches()
                        && run.classes().get(c).name().equals(cache.requestClass())) {
                    for (Phase.Region region : phase.regions()) {
                        hits += region.share()
                                * cache.hitsAfterLoss(
                                        rates[c] * region.share(),
                                        users * region.share(),
                                        asking.cacheLife(),
                                        sinceSeconds.getAsDouble());
                    }
                }
            }
            work[c] = (1 - Math.min(hits, 0.999)) / (1 - stack.measuredHits()[c]);
        }
        return work;
    }

    /** Share of the cores of its tier that each station uses. */
    Map<String, Double> utilisation(double rate) {
        var utilisation = new LinkedHashMap<String, Double>();
        for (Tier tier : phase.tiers()) {
            double[] cores = busy(tier, rate).busyCores();
            for (int s = 0; s < cores.length; s++) {
                if (stack.stations().contains(tier.stations().get(s))) {
                    utilisation.put(tier.stations().get(s), cores[s] / tier.cores());
                }
            }
        }
        return utilisation;
    }

    /** The 99th percentile of a headline request's time at the origin, as the busiest tier makes it. */
    public OptionalDouble p99Seconds(double rate) {
        double busiest = 0;
        Tier tier = phase.tiers().get(0);
        for (Tier candidate : phase.tiers()) {
            double utilisation = busy(candidate, rate).utilisation();
            if (utilisation > busiest) {
                busiest = utilisation;
                tier = candidate;
            }
        }
        if (busiest >= 1) {
            return OptionalDouble.of(Double.POSITIVE_INFINITY);
        }
        double roundTrips = slowestRoundTrips();
        DemandModel onItsCores = tier.speed() == 1 ? model : model.scaled(1 / tier.speed());
        return stack.response().p99Seconds(onItsCores, perUser.mix(), busiest, tier.cores()).stream()
                .map(p99 -> p99 + roundTrips)
                .findFirst();
    }

    /** Seconds that the class with the most of them spends on its way to the database, from the worst placed region. */
    private double slowestRoundTrips() {
        double slowest = 0;
        for (int c = 0; c < run.classes().size(); c++) {
            String name = run.classes().get(c).name();
            slowest = Math.max(
                    slowest,
                    Assumptions.of(assumptions.statementsPerRequest(), name)
                            * phase.regions().stream()
                                    .mapToDouble(r -> assumptions.writeClasses().contains(name)
                                            ? r.writeSeconds()
                                            : r.readSeconds())
                                    .max()
                                    .orElse(0));
        }
        return slowest;
    }

    /** What each class's caches answer at a rate, and how much of all is left for the database. */
    PhaseAnswer.Caches caches(double rate) {
        double[] asked = perUser.mix().rates(rate);
        double[] origin = originRates(rate);
        var classes = new ArrayList<PhaseAnswer.ClassHits>();
        double cacheable = 0;
        double all = 0;
        double edge = 0;
        double kept = 0;
        for (int c = 0; c < asked.length; c++) {
            String name = run.classes().get(c).name();
            if (!perUser.mix().headline()[c]) {
                continue;
            }
            double edgeHit = asked[c] > 0 ? 1 - origin[c] / asked[c] : 0;
            double originHit = stack.caches() ? originHits(c, origin[c], rate) : 0;
            all += asked[c];
            if (!assumptions.writeClasses().contains(name)) {
                cacheable += asked[c];
                edge += asked[c] * edgeHit;
                kept += origin[c] * originHit;
            }
            if (edgeHit > 0 || originHit > 0) {
                classes.add(new PhaseAnswer.ClassHits(name, edgeHit, originHit));
            }
        }
        double first = cacheable > 0 ? edge / cacheable : 0;
        double second = cacheable > edge ? kept / (cacheable - edge) : 0;
        var tiers = new CacheTiers(0, first, Math.min(1, second), all > 0 ? 1 - cacheable / all : 0);
        return new PhaseAnswer.Caches(classes, tiers.beyondSecond(), tiers.beyondThird());
    }
}
