package me.musclemap.load.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the run's result may be used, check by check. */
public record Validity(Outcome verdict, List<Check> checks) {
    public Validity {
        checks = List.copyOf(checks);
    }

    /** The verdict that the worst of these checks allows. */
    public static Validity of(List<Check> checks) {
        var worst = Outcome.valid;
        for (var check : checks) {
            worst = worst.worse(check.outcome().verdict);
        }
        return new Validity(worst, checks);
    }

    /** What the run is worth. */
    public enum Outcome {
        valid,
        indicative,
        notValid;

        private Outcome worse(Outcome other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** What one check found. */
    public enum Finding {
        ok(Outcome.valid),
        indicative(Outcome.indicative),
        notValid(Outcome.notValid);

        private final Outcome verdict;

        Finding(Outcome verdict) {
            this.verdict = verdict;
        }
    }

    /** Who spoilt it; a smoke in CI may accept {@code machine}. */
    public enum Cause {
        machine,
        generator,
        target,
        plan
    }

    /** One check with its figure, its limit, who spoilt it and a sentence. */
    public record Check(
            String name,
            Finding outcome,
            @Nullable Double value,
            @Nullable Double limit,
            @Nullable Cause cause,
            String message) {}
}
