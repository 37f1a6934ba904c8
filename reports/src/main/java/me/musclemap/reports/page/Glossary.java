package me.musclemap.reports.page;

import java.util.List;
import me.musclemap.reports.page.ReportPage.Fact;

/** The words of the report that a reader may not know. */
final class Glossary {
    static final List<Fact> WORDS = List.of(
            new Fact(
                    "User in session",
                    "A user between opening the app and leaving it, asking at the rate of the workload."),
            new Fact(
                    "Policy capacity",
                    "The highest rate at which no resource passes the share of it that we allow ourselves."),
            new Fact("Objective (SLO)", "The latency that the service is held to, and the highest rate that keeps it."),
            new Fact("Knee", "The rate from which a little more load costs much more latency."),
            new Fact("Headroom", "What is left: one minus load over capacity. Below zero it does not fit."),
            new Fact("Station", "A part of the system with its own use of CPU: the API, PostgreSQL, Redis and so on."),
            new Fact("Held out", "Measured after the prediction was sealed, so that the model could not have seen it."),
            new Fact(
                    "Interval",
                    "Where the figure would lie in nine of ten repetitions; 10–90 % of the model's draws for capacities."),
            new Fact(
                    "Indicative",
                    "Measured with care but too little of it: as one restart, whose luck is not in the intervals."),
            new Fact(
                    "p95, p99",
                    "The latency that 95 or 99 of 100 requests stay below, counted from when each was meant to start."),
            new Fact(
                    "Scaled, estimated, assumed",
                    "Computed from what was measured here; from demands measured elsewhere; from the plan's own words."),
            new Fact(
                    "Little's law",
                    "Users = rate of sessions × their length; or requests per second ÷ requests per second of a user."));

    private Glossary() {}
}
