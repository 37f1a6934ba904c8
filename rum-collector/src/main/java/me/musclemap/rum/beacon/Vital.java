package me.musclemap.rum.beacon;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is measured in the browser, with the bounds of its ratings. Milliseconds, but for CLS, which has no unit.
 *
 * <p>Source of the bounds: the thresholds that web-vitals exports; both are inclusive. The last four are the scaling
 * plan's own; their bounds are budgets of ours.
 */
public enum Vital {
    /** Largest contentful paint. */
    LCP(2500, 4000, 600_000),
    /** Interaction to next paint. */
    INP(200, 500, 60_000),
    /** Cumulative layout shift. */
    CLS(0.1, 0.25, 100),
    /** First contentful paint. */
    FCP(1800, 3000, 600_000),
    /** Time to first byte. */
    TTFB(800, 1800, 600_000),
    /** First input delay, which INP has replaced; older pages still send it. */
    FID(100, 300, 60_000),
    /** From opening the app to the first logged set. */
    FIRST_WORKOUT_LOG(30_000, 60_000, 3_600_000),
    /** Loading the 3D body model. */
    MODEL_LOAD(2000, 4000, 600_000),
    /** A GraphQL request as the page sees it. */
    GRAPHQL_LATENCY(200, 1000, 600_000),
    /** Sending what was queued while offline. */
    OFFLINE_SYNC(5000, 15_000, 3_600_000);

    private static final Map<String, Vital> BY_NAME = new HashMap<>();

    static {
        for (Vital vital : values()) {
            BY_NAME.put(vital.name(), vital);
            BY_NAME.put(vital.name() + "_MS", vital);
        }
        // The plan's own words for them.
        BY_NAME.put("TIME_TO_FIRST_WORKOUT_LOG", FIRST_WORKOUT_LOG);
        BY_NAME.put("3D_MODEL_LOAD", MODEL_LOAD);
        BY_NAME.put("3D_MODEL_LOAD_TIME", MODEL_LOAD);
        BY_NAME.put("GRAPHQL_QUERY_LATENCY", GRAPHQL_LATENCY);
        BY_NAME.put("OFFLINE_QUEUE_SYNC", OFFLINE_SYNC);
        BY_NAME.put("OFFLINE_QUEUE_SYNC_TIME", OFFLINE_SYNC);
    }

    private final double goodMax;
    private final double needsImprovementMax;
    private final double possibleMax;

    Vital(double goodMax, double needsImprovementMax, double possibleMax) {
        this.goodMax = goodMax;
        this.needsImprovementMax = needsImprovementMax;
        this.possibleMax = possibleMax;
    }

    /** The vital that a page calls by this name, in any case, with or without {@code _ms}, or in the plan's words. */
    public static Optional<Vital> named(String name) {
        Vital exact = BY_NAME.get(name);
        return exact != null || name.length() > 40
                ? Optional.ofNullable(exact)
                : Optional.ofNullable(
                        BY_NAME.get(name.replace('-', '_').replace(' ', '_').toUpperCase(java.util.Locale.ROOT)));
    }

    /** Whether it is one of the scaling plan's own, which a page view may have many values of. */
    public boolean isOfThePlan() {
        return compareTo(FID) > 0;
    }

    /** The largest value that is good. */
    public double goodMax() {
        return goodMax;
    }

    /** The word in labels and answers. */
    public String label() {
        return this.compareTo(FID) <= 0 ? name() : name().toLowerCase(java.util.Locale.ROOT);
    }

    /** {@code ms}, or empty for CLS. */
    public String unit() {
        return this == CLS ? "" : "ms";
    }

    /** Whether a page can have measured this: a finite number, not negative, not beyond the largest possible. */
    public boolean isPossible(double value) {
        return value >= 0 && value <= possibleMax;
    }

    /** How good a value is. */
    public Rating rate(double value) {
        if (value <= goodMax) {
            return Rating.GOOD;
        }
        return value <= needsImprovementMax ? Rating.NEEDS_IMPROVEMENT : Rating.POOR;
    }
}
