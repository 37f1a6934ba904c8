package me.musclemap.load.compare;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is compared, in the order in which it is printed and tested. */
enum Metric {
    CAPACITY("capacity", "capacity (policy)", "requests/s", true),
    CORRECTED_P99("corrected-p99", "p99 from the intended start", "s", false),
    CPU_PER_REQUEST("cpu-per-request", "CPU per request", "s", false),
    CORRECTED_P95("corrected-p95", "p95 from the intended start", "s", false),
    CORRECTED_P50("corrected-p50", "p50 from the intended start", "s", false),
    SERVICE_P99("service-p99", "p99 from the send", "s", false),
    FAILED_SHARE("failed-share", "failed requests", "share", false);

    private final String word;
    private final String title;
    private final String unit;
    private final boolean higherIsBetter;

    Metric(String word, String title, String unit, boolean higherIsBetter) {
        this.word = word;
        this.title = title;
        this.unit = unit;
        this.higherIsBetter = higherIsBetter;
    }

    /** The metric of this word. */
    static Metric of(String word) {
        return Arrays.stream(values())
                .filter(metric -> metric.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new CompareException("--primary=" + word + ": use one of "
                        + Arrays.stream(values()).map(Metric::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return word;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** Turns log(candidate ÷ base) into how much worse the candidate is, and back. */
    double worse(double logRatio) {
        return higherIsBetter ? -logRatio : logRatio;
    }

    boolean isHigherBetter() {
        return higherIsBetter;
    }

    /** A value with its unit, short. */
    String words(double value) {
        return switch (unit) {
            case "s" ->
                value < 0.01
                        ? String.format(Locale.ROOT, "%.3f ms", value * 1000)
                        : String.format(Locale.ROOT, "%.1f ms", value * 1000);
            case "share" -> String.format(Locale.ROOT, "%.3f %%", value * 100);
            default -> String.format(Locale.ROOT, "%.0f/s", value);
        };
    }
}
