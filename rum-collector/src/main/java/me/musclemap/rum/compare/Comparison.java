package me.musclemap.rum.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import me.musclemap.rum.beacon.Vital;
import me.musclemap.rum.sketch.GroupKey;
import org.apache.commons.math3.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Whether the p75 of a vital is worse in one release than in another.
 *
 * <p>The candidate's page views are weighted to the baseline's mix of routes, devices and connections, so that other
 * visitors do not look like a slower release. The interval of the ratio comes from leaving out one group of sessions after
 * the other: page views of one session are alike, and count as such.
 *
 * <p>Source: Kott, "The delete-a-group jackknife", Journal of Official Statistics 17 (2001), section 2: variance
 * (G - 1)/G times the squared distances of the estimates without one group, and Student's t with G - 1 degrees of freedom.
 *
 * @param basePercentile75 of the baseline
 * @param candidatePercentile75 of the candidate, weighted to the baseline's mix
 * @param covered share of the baseline's page views whose like the candidate has
 */
public record Comparison(
        Vital vital,
        long baseViews,
        long candidateViews,
        double basePercentile75,
        double candidatePercentile75,
        double covered,
        Verdict verdict) {
    private static final double PERCENTILE = 0.75;
    private static final int VIEWS_MIN = 200;
    private static final int GROUPS_MIN = 10;
    private static final int STRATUM_VIEWS_MIN = 40;
    private static final double COVERED_MIN = 0.8;

    /**
     * What is asked for.
     *
     * @param alpha how often a release that did not change may be called worse: one-sided, shared by all vitals compared
     * @param margin an increase below this does not matter
     * @param vitals how many are compared at once
     */
    public record Rule(double alpha, double margin, int vitals) {
        /** 2.5 in a hundred, and an increase of 5 %. */
        public static Rule of(int vitals) {
            return new Rule(0.025, 0.05, vitals);
        }

        double t(int groups) {
            return new TDistribution(null, groups - 1).inverseCumulativeProbability(1 - alpha / vitals);
        }
    }

    /** Compares. */
    public static Comparison of(Vital vital, ReleaseViews base, ReleaseViews candidate, Rule rule) {
        long baseViews = base.views();
        long candidateViews = candidate.views();
        int groups = Math.min(base.groups(), candidate.groups());
        if (Math.min(baseViews, candidateViews) < VIEWS_MIN || groups < GROUPS_MIN) {
            long least = Math.min(baseViews, candidateViews);
            String why = "%,d and %,d page views in %d groups of sessions are too few"
                    .formatted(baseViews, candidateViews, groups);
            return new Comparison(
                    vital,
                    baseViews,
                    candidateViews,
                    Double.NaN,
                    Double.NaN,
                    0,
                    new Verdict.Undecided(why, Math.max(VIEWS_MIN - least, 0)));
        }
        return new Estimate(vital, base, candidate).comparison(rule);
    }

    /** The numbers of one comparison. */
    private static final class Estimate {
        private final Vital vital;
        private final ReleaseViews base;
        private final ReleaseViews candidate;
        private final Buckets buckets;
        private final Map<Stratum, double[][]> baseCounts;
        private final Map<Stratum, double[][]> candidateCounts;
        private final Map<Stratum, double[]> baseSums;
        private final Map<Stratum, double[]> candidateSums;

        Estimate(Vital vital, ReleaseViews allOfBase, ReleaseViews allOfCandidate) {
            this.vital = vital;
            base = allOfBase.pooled(allOfCandidate, STRATUM_VIEWS_MIN);
            candidate = allOfCandidate.pooled(allOfBase, STRATUM_VIEWS_MIN);
            buckets = new Buckets(base, candidate);
            baseCounts = base.counts(buckets);
            candidateCounts = candidate.counts(buckets);
            baseSums = sums(baseCounts);
            candidateSums = sums(candidateCounts);
        }

        private Map<Stratum, double[]> sums(Map<Stratum, double[][]> counts) {
            var sums = new HashMap<Stratum, double[]>();
            counts.forEach((stratum, groups) -> {
                var sum = new double[buckets.count()];
                for (double[] group : groups) {
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += group[i];
                    }
                }
                sums.put(stratum, sum);
            });
            return sums;
        }

        Comparison comparison(Rule rule) {
            var whole = quantiles(-1);
            double baseP75 = whole[0];
            double candidateP75 = whole[1];
            double covered = whole[2];
            if (covered < COVERED_MIN) {
                String why = "the candidate was seen on the like of only %.0f %% of the baseline's page views"
                        .formatted(covered * 100);
                return answer(baseP75, candidateP75, covered, new Verdict.Undecided(why, 0));
            }
            double[] logs = IntStream.range(0, GroupKey.GROUPS)
                    .filter(this::isSeen)
                    .mapToObj(this::quantiles)
                    .mapToDouble(without -> logRatio(without[0], without[1]))
                    .toArray();
            int groups = logs.length;
            double mean = Arrays.stream(logs).average().orElseThrow();
            double squares = 0;
            for (double log : logs) {
                squares += (log - mean) * (log - mean);
            }
            double error = Math.sqrt(squares * (groups - 1) / groups);
            double change = logRatio(baseP75, candidateP75);
            return answer(baseP75, candidateP75, covered, verdict(change, error, rule.t(groups), rule.margin()));
        }

        /** A group without a page view is no group: to leave it out changes nothing and would make the answer look surer. */
        private boolean isSeen(int group) {
            return Stream.of(baseCounts, candidateCounts)
                    .flatMap(counts -> counts.values().stream())
                    .anyMatch(groups -> total(groups[group]) > 0);
        }

        private Verdict verdict(double change, double error, double t, double margin) {
            double lower = change - t * error;
            double upper = change + t * error;
            if (lower > 0) {
                return new Verdict.Regressed(Math.expm1(change), Math.expm1(lower), Math.expm1(upper));
            }
            double most = Math.log1p(margin);
            if (upper < most) {
                return new Verdict.Fine(Math.expm1(change), Math.expm1(lower), Math.expm1(upper), margin);
            }
            // The error falls with the root of the page views; the nearer of the two verdicts is reached first.
            double wanted = Math.max(change, most - change) / t;
            double factor = Math.pow(error / wanted, 2);
            long more = (long) Math.ceil((factor - 1) * Math.min(base.views(), candidate.views()));
            return new Verdict.Undecided(
                    "p75 changed by %+.1f %% (%+.1f to %+.1f %%)"
                            .formatted(Math.expm1(change) * 100, Math.expm1(lower) * 100, Math.expm1(upper) * 100),
                    rounded(Math.max(more, 1)));
        }

        /** To two digits: it is an estimate. */
        private static long rounded(long count) {
            double step = Math.pow(10, Math.max(0, Math.floor(Math.log10((double) count)) - 1));
            return (long) (Math.ceil(count / step) * step);
        }

        private Comparison answer(double baseP75, double candidateP75, double covered, Verdict verdict) {
            return new Comparison(vital, base.views(), candidate.views(), baseP75, candidateP75, covered, verdict);
        }

        /** A vital may be zero; a hundredth of what is good is nothing that anybody sees. */
        private double logRatio(double ofBase, double ofCandidate) {
            double nothing = vital.goodMax() / 100;
            return Math.log((ofCandidate + nothing) / (ofBase + nothing));
        }

        /** p75 of the baseline and of the weighted candidate without one group (-1: with all), and what is covered. */
        private double[] quantiles(int without) {
            var ofBase = new double[buckets.count()];
            var ofCandidate = new double[buckets.count()];
            double views = 0;
            double covered = 0;
            for (var entry : baseSums.entrySet()) {
                Stratum stratum = entry.getKey();
                double[] baseLeft = left(entry.getValue(), baseCounts.get(stratum), without);
                double baseTotal = total(baseLeft);
                views += baseTotal;
                double[] candidateSum = candidateSums.get(stratum);
                if (candidateSum == null) {
                    continue;
                }
                double[] candidateLeft = left(candidateSum, candidateCounts.get(stratum), without);
                double candidateTotal = total(candidateLeft);
                if (candidateTotal <= 0 || baseTotal <= 0) {
                    continue;
                }
                covered += baseTotal;
                for (int i = 0; i < ofBase.length; i++) {
                    ofBase[i] += baseLeft[i];
                    ofCandidate[i] += candidateLeft[i] * baseTotal / candidateTotal;
                }
            }
            return new double[] {
                buckets.quantile(ofBase, PERCENTILE),
                buckets.quantile(ofCandidate, PERCENTILE),
                views > 0 ? covered / views : 0
            };
        }

        private static double[] left(double[] sum, double @Nullable [][] groups, int without) {
            if (without < 0 || groups == null) {
                return sum;
            }
            double[] left = sum.clone();
            for (int i = 0; i < left.length; i++) {
                left[i] -= groups[without][i];
            }
            return left;
        }

        private static double total(double[] weights) {
            double total = 0;
            for (double weight : weights) {
                total += weight;
            }
            return total;
        }
    }

    /** What p75 moved by, as a ratio less one; empty if nothing was computed. */
    public OptionalDouble change() {
        return Double.isNaN(basePercentile75) || basePercentile75 <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(candidatePercentile75 / basePercentile75 - 1);
    }
}
