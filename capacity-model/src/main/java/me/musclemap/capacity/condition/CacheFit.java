package me.musclemap.capacity.condition;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import me.musclemap.capacity.fit.Observation;
import me.musclemap.capacity.measure.StationUse;
import me.musclemap.capacity.queue.ServiceTime;
import me.musclemap.capacity.regression.Nnls;

/**
 * How one key class behaved in the run: lookups by class of request, and how far its misses were from what the formula says of
 * its time to live and keys. Immutable by agreement: the arrays are not to be changed.
 *
 * @param lookupsPerRequest by class of the run
 * @param measuredHitRatio of all fitted windows together
 * @param lookups counted in them
 * @param correction factor on the keys that makes the formula's misses those measured
 * @param corrections the same by draw, because misses are few and random
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
record CacheFit(
        String keyClass,
        CacheSettings settings,
        double[] lookupsPerRequest,
        double measuredHitRatio,
        double lookups,
        double correction,
        double[] corrections) {
    private static final Pattern SERIES =
            Pattern.compile("(?:[a-z]+:)?cache_requests_total\\{cache_key_class=\"([^\"]+)\",result=\"(hit|miss)\"}");
    private static final double CORRECTION_MAX = 1e4;

    /** Every key class that a window has counted and whose settings are known. */
    static List<CacheFit> of(
            List<Observation> windows,
            java.util.Map<String, CacheSettings> settings,
            double perUser,
            int draws,
            long seed) {
        var fits = new ArrayList<CacheFit>();
        settings.forEach((name, known) -> {
            double[] hits = counts(windows, name, "hit");
            double[] misses = counts(windows, name, "miss");
            if (IntStream.range(0, hits.length).anyMatch(w -> hits[w] + misses[w] > 0)) {
                fits.add(of(name, known, windows, hits, misses, perUser, draws, seed));
            }
        });
        return fits;
    }

    private static double[] counts(List<Observation> windows, String keyClass, String result) {
        return windows.stream()
                .mapToDouble(o -> o.window().use().stream()
                        .mapToDouble(use -> count(use, keyClass, result))
                        .sum())
                .toArray();
    }

    private static double count(StationUse use, String keyClass, String result) {
        double count = 0;
        for (var series : use.counters().entrySet()) {
            Matcher name = SERIES.matcher(series.getKey());
            if (name.matches()
                    && name.group(1).equals(keyClass)
                    && name.group(2).equals(result)) {
                count += series.getValue();
            }
        }
        return count;
    }

    private static CacheFit of(
            String name,
            CacheSettings settings,
            List<Observation> windows,
            double[] hits,
            double[] misses,
            double perUser,
            int draws,
            long seed) {
        double[][] rates = new double[hits.length][];
        double[] lookups = new double[hits.length];
        double[] weight = new double[hits.length];
        double[] seconds = new double[hits.length];
        double[] users = new double[hits.length];
        for (int w = 0; w < hits.length; w++) {
            Observation o = windows.get(w);
            rates[w] = o.ratesPerSecond();
            seconds[w] = o.window().durationSeconds();
            lookups[w] = (hits[w] + misses[w]) / seconds[w];
            weight[w] = 1 / Math.max(1, o.totalPerSecond());
            users[w] = o.headlinePerSecond() / perUser;
        }
        double counted = IntStream.range(0, hits.length)
                .mapToDouble(w -> hits[w] + misses[w])
                .sum();
        double missed =
                IntStream.range(0, misses.length).mapToDouble(w -> misses[w]).sum();
        var expected = new Expected(settings, lookups, seconds, users);
        double[] corrections = new double[draws];
        var random = new SplittableRandom(seed ^ name.hashCode());
        for (int d = 0; d < draws; d++) {
            // what the mean may be when so many were counted: a gamma variate, Jeffreys' prior
            corrections[d] = expected.correctionFor(
                    ServiceTime.gamma(missed + 0.5, 1 / (missed + 0.5)).sample(random));
        }
        return new CacheFit(
                name,
                settings,
                Nnls.fit(rates, lookups, weight).coefficients(),
                1 - missed / counted,
                counted,
                expected.correctionFor(Math.max(0.5, missed)),
                corrections);
    }

    /** The misses that the formula expects of the windows. */
    private record Expected(CacheSettings settings, double[] lookups, double[] seconds, double[] users) {
        double misses(double correction) {
            double misses = 0;
            for (int w = 0; w < lookups.length; w++) {
                misses += seconds[w] * lookups[w] * (1 - settings.hitRatio(lookups[w], users[w], correction));
            }
            return misses;
        }

        /** Misses rise with the keys, so bisection finds how many keys make them so many. */
        double correctionFor(double misses) {
            double low = Math.log(1 / CORRECTION_MAX);
            double high = Math.log(CORRECTION_MAX);
            for (int round = 0; round < 50; round++) {
                double middle = (low + high) / 2;
                if (misses(Math.exp(middle)) < misses) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return Math.exp((low + high) / 2);
        }
    }

    /** Lookups per second at these rates by class. */
    double lookupsPerSecond(double[] ratesPerSecond) {
        double lookupsPerSecond = 0;
        for (int c = 0; c < ratesPerSecond.length; c++) {
            lookupsPerSecond += ratesPerSecond[c] * lookupsPerRequest[c];
        }
        return lookupsPerSecond;
    }

    /** Share of hits under these settings. */
    double hitRatio(CacheSettings as, double[] ratesPerSecond, double activeUsers, int draw) {
        double factor = draw < 0 ? correction : corrections[draw];
        return as.hitRatio(lookupsPerSecond(ratesPerSecond), activeUsers, factor);
    }
}
