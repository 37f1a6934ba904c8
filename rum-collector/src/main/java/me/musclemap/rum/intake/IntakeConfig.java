package me.musclemap.rum.intake;

import java.util.Optional;

/**
 * How beacons are taken in.
 *
 * @param keptShare of page views that is kept, above 0 and at most 1; those kept weigh as much more
 * @param testSignature if present, test traffic must carry it; if not, whoever says that he is a test is one
 */
public record IntakeConfig(double keptShare, Optional<TestSignature> testSignature) {
    /** All are kept; tests are believed. */
    public static final IntakeConfig DEFAULT = new IntakeConfig(1, Optional.empty());

    /** Checks the share. */
    public IntakeConfig {
        if (!(keptShare >= 0.01 && keptShare <= 1)) {
            throw new IllegalArgumentException("--keep-share=" + keptShare + ": use 0.01 to 1");
        }
    }
}
