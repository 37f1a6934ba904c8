package me.musclemap.alerts.proofs;

import java.util.List;

/**
 * One claim about an alert under a given input.
 *
 * @param claim what is shown, as a sentence
 * @param atMinutes when the alert is looked at
 * @param fires whether it fires then
 */
record Proof(String claim, int atMinutes, boolean fires, List<InputSeries> input) {
    /** Seconds between two samples of a proof that is over within the hour. */
    static final int SHORT_STEP_SECONDS = 30;

    /** Seconds between two samples of a longer one: promtool evaluates every rule at every step. */
    static final int LONG_STEP_SECONDS = 120;

    Proof {
        input = List.copyOf(input);
    }

    /** Seconds between two samples. */
    int stepSeconds() {
        return atMinutes > 60 ? LONG_STEP_SECONDS : SHORT_STEP_SECONDS;
    }
}
