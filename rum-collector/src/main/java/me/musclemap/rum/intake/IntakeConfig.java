package me.musclemap.rum.intake;

import java.util.Optional;
import me.musclemap.rum.privacy.RouteWords;

/**
 * How beacons are taken in.
 *
 * @param keptShare of page views that is kept, above 0 and at most 1; those kept weigh as much more
 * @param testSignature if present, test traffic must carry it; if not, whoever says that he is a test is one
 * @param routes the words that stay in routes
 */
public record IntakeConfig(double keptShare, Optional<TestSignature> testSignature, RouteWords routes) {
    /** All are kept; tests are believed; the routes are those of MuscleMap. */
    public static final IntakeConfig DEFAULT = new IntakeConfig(1, Optional.empty(), RouteWords.MUSCLEMAP);

    /** Checks the share. */
    public IntakeConfig {
        if (!(keptShare >= 0.01 && keptShare <= 1)) {
            throw new IllegalArgumentException("--keep-share=" + keptShare + ": use 0.01 to 1");
        }
    }
}
