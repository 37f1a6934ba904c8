package me.musclemap.capacity.claims;

import java.util.Optional;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * One statement of the plan and what became of it.
 *
 * @param place section and lines of the plan
 * @param formula what was evaluated, if anything was
 * @param verdict holds, doesNotHold, selfContradicted, undecided or untestable
 * @param measured the figure that decided, where the run gave one
 * @param wouldHoldIf what would have to be true, where it fails
 */
public record Claim(
        String id,
        String statement,
        String place,
        Optional<String> formula,
        String verdict,
        Optional<Quantiles> measured,
        Optional<String> unit,
        String why,
        Optional<String> wouldHoldIf) {}
