package me.musclemap.reports.record;

/** The tenth, fiftieth and ninetieth percentile of a quantity over the model's draws. */
public record Quantiles(double p10, double p50, double p90) {
    public Quantiles {
        if (!(p10 <= p50 && p50 <= p90)) {
            throw new IllegalArgumentException(
                    "p10, p50, p90 = %s, %s, %s: they must not fall".formatted(p10, p50, p90));
        }
    }
}
