package me.musclemap.capacity.condition;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import me.musclemap.capacity.fit.DemandModel;
import me.musclemap.capacity.plan.PoolHold;
import me.musclemap.capacity.predict.FittedRun;
import me.musclemap.capacity.predict.ResponseQuantity;
import me.musclemap.capacity.predict.TrafficMix;
import me.musclemap.capacity.queue.Erlang;

/**
 * One draw of what the condition may meet: the costs, the caches and the pool, at any headline rate. Seconds and requests per
 * second throughout.
 */
final class World {
    /** Beyond this utilisation response times are not known. */
    static final double BUSY_MAX = 0.995;

    private final FittedRun fitted;
    private final NamedCondition condition;
    private final Setting setting;
    private final int draw;
    private final DemandModel model;
    private final double cpuSecondsPerMiss;

    /**
     * What all draws share.
     *
     * @param caches fitted, and as the condition sets them, in the same order
     * @param database index of its station; -1 without one
     * @param statements per request by class
     */
    @SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
    record Setting(
            TrafficMix mix,
            List<CacheFit> caches,
            Map<String, CacheSettings> asked,
            PoolHold hold,
            int database,
            int redis,
            double[] statements) {}

    World(
            FittedRun fitted,
            NamedCondition condition,
            Setting setting,
            int draw,
            DemandModel model,
            double cpuSecondsPerMiss) {
        this.fitted = fitted;
        this.condition = condition;
        this.setting = setting;
        this.draw = draw;
        this.model = model;
        this.cpuSecondsPerMiss = cpuSecondsPerMiss;
    }

    DemandModel model() {
        return model;
    }

    /** Cores busy by station, the misses that the run did not have included. */
    double[] busyCores(double perSecond) {
        double[] busy = model.at(setting.mix().rates(perSecond), condition.cores())
                .busyCores()
                .clone();
        if (setting.database() >= 0) {
            busy[setting.database()] = Math.max(0, busy[setting.database()] + moreDatabaseCores(perSecond));
        }
        return busy;
    }

    double utilisation(double perSecond) {
        double busy = 0;
        for (double cores : busyCores(perSecond)) {
            busy += cores;
        }
        return busy / condition.cores();
    }

    private double moreDatabaseCores(double perSecond) {
        if (condition.caches().isEmpty() && !condition.activeUsersFixed()) {
            return 0; // as in the run: its costs hold its misses
        }
        double[] rates = setting.mix().rates(perSecond);
        double misses = 0;
        for (CacheFit cache : setting.caches()) {
            double before = cache.hitRatio(cache.settings(), rates, perSecond / condition.perUser(), draw);
            misses += cache.lookupsPerSecond(rates) * (before - hitRatio(cache, perSecond));
        }
        return misses * cpuSecondsPerMiss;
    }

    double hitRatio(CacheFit cache, double perSecond) {
        return cache.hitRatio(
                setting.asked().getOrDefault(cache.keyClass(), cache.settings()),
                setting.mix().rates(perSecond),
                condition.activeUsersAt(perSecond),
                draw);
    }

    /** Seconds that a headline request holds a connection, round trips included. */
    double holdSeconds(double perSecond) {
        double busy = utilisation(perSecond);
        return setting.hold()
                .dearer(model.secondCore().factor(busy, condition.cores()))
                .seconds(busy, meanStatements() * condition.roundTripSeconds());
    }

    private double meanStatements() {
        double mean = 0;
        for (int c = 0; c < setting.statements().length; c++) {
            mean += setting.mix().headline()[c] ? setting.mix().perRequest()[c] * setting.statements()[c] : 0;
        }
        return mean;
    }

    double connections(double perSecond) {
        return perSecond * holdSeconds(perSecond);
    }

    /** The response by the formula; empty where the cores or the pool do not carry the rate, or nothing was measured. */
    OptionalDouble seconds(ResponseQuantity quantity, double perSecond) {
        double busy = utilisation(perSecond);
        double connections = connections(perSecond);
        boolean pooled = condition.poolSize().isPresent();
        if (busy >= BUSY_MAX || (pooled && connections >= condition.poolSize().getAsInt())) {
            return OptionalDouble.empty();
        }
        OptionalDouble cores = fitted.seconds(draw, quantity, model, setting.mix(), busy, condition.cores());
        if (cores.isEmpty()) {
            return cores;
        }
        double wait =
                pooled ? poolWait(quantity, condition.poolSize().getAsInt(), connections, holdSeconds(perSecond)) : 0;
        if (condition.roundTripSeconds() == 0) {
            return OptionalDouble.of(cores.getAsDouble() + wait);
        }
        return OptionalDouble.of(wait
                + switch (quantity) {
                    case MEAN -> cores.getAsDouble() + meanStatements() * condition.roundTripSeconds();
                    case P95 -> overNetwork(busy, 0.05);
                    case P99 -> overNetwork(busy, 0.01);
                });
    }

    /** What a share {@code beyond} exceeds when each class makes its round trips on top of what all take alike. */
    private double overNetwork(double busy, double beyond) {
        double p95 = fitted.seconds(draw, ResponseQuantity.P95, model, setting.mix(), busy, condition.cores())
                .orElseThrow();
        double p99 = Math.max(
                1.0001 * p95,
                fitted.seconds(draw, ResponseQuantity.P99, model, setting.mix(), busy, condition.cores())
                        .orElseThrow());
        double low = 0;
        double high = p99;
        while (survival(high, p95, p99) > beyond) {
            high *= 2;
        }
        for (int round = 0; round < 40; round++) {
            double middle = (low + high) / 2;
            if (survival(middle, p95, p99) > beyond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** Without the network: exponential up to the p95, and through p95 and p99 beyond it. */
    private double survival(double seconds, double p95, double p99) {
        double survival = 0;
        for (int c = 0; c < setting.statements().length; c++) {
            if (setting.mix().headline()[c]) {
                double left = seconds - setting.statements()[c] * condition.roundTripSeconds();
                double beyond = left <= 0
                        ? 1
                        : left <= p95
                                ? Math.exp(-left / p95 * Math.log(20))
                                : 0.05 * Math.exp(-(left - p95) / (p99 - p95) * Math.log(5));
                survival += setting.mix().perRequest()[c] * beyond;
            }
        }
        return survival;
    }

    /** Waiting for one of the connections, as if each were held for an exponential time. */
    private static double poolWait(ResponseQuantity quantity, int size, double inUse, double hold) {
        double waiting = Erlang.waiting(size, inUse);
        double mean = hold / (size - inUse);
        return switch (quantity) {
            case MEAN -> waiting * mean;
            case P95 -> waiting <= 0.05 ? 0 : mean * Math.log(waiting / 0.05);
            case P99 -> waiting <= 0.01 ? 0 : mean * Math.log(waiting / 0.01);
        };
    }

    /** What is used of the one thread of Redis. */
    double redisCore(double perSecond) {
        return setting.redis() < 0 ? 0 : busyCores(perSecond)[setting.redis()];
    }
}
