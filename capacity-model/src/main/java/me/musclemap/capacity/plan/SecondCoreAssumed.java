package me.musclemap.capacity.plan;

import java.util.Locale;
import java.util.OptionalDouble;
import me.musclemap.capacity.fit.DemandFit;
import me.musclemap.capacity.fit.SecondCoreEvidence;

/**
 * What the phases' machines are taken to be: how much dearer work is there beside a busy core.
 *
 * @param evidence what the run says of its own machine
 * @param fittedShare the share of its busy time in which the fitted cores had a busy neighbour
 * @param stated what the plan says instead; empty where it takes the run's machine
 */
public record SecondCoreAssumed(SecondCoreEvidence evidence, double fittedShare, OptionalDouble stated) {
    static SecondCoreAssumed of(DemandFit fit, Assumptions assumptions) {
        return new SecondCoreAssumed(
                fit.secondCore(), fit.model().secondCore().fittedShare(), assumptions.secondCore());
    }

    /** A sentence for people. */
    String words() {
        if (stated.isPresent()) {
            return String.format(
                    Locale.ROOT,
                    "Beside a busy core work is taken to cost %.2f times as much on the plan's machines, as the plan states.",
                    stated.getAsDouble());
        }
        String known = evidence.words();
        return known.substring(0, 1).toUpperCase(Locale.ROOT)
                + known.substring(1)
                + (evidence.ratio().isPresent() ? "; the plan's cores are taken to be like these." : ".");
    }
}
