package me.musclemap.reports.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the report shows, in the words it is shown in.
 *
 * @param answer null where there is no answer to show
 */
public record ReportPage(
        String runId,
        String title,
        Badge badge,
        List<String> lead,
        List<Fact> facts,
        @Nullable Answer answer,
        Table checks,
        Table windows,
        Table operations,
        Reproduction reproduction,
        List<Fact> glossary) {

    /** How far the run may be trusted. */
    public record Badge(String label, String kind, List<String> reasons) {}

    /** A name and what stands behind it. */
    public record Fact(String name, String value) {}

    /** One of the numbers at the top. */
    public record Headline(String name, String figure, String unit, String interval, String scope) {}

    /** What only a run with an answer of the model has. */
    public record Answer(
            List<Headline> headlines,
            String legend,
            Figure latency,
            Figure utilisation,
            String largestConsumer,
            String usersIntroduction,
            Table users,
            Figure phases,
            Table phaseTable,
            List<String> phaseNotes,
            String claimSummary,
            Table claims,
            String errorSummary,
            Table errors,
            Table heldOut,
            List<String> fitNotes,
            Table fit,
            Table thresholds,
            Figure cost,
            Table demands,
            @Nullable Outlook outlook) {}

    /** When it is exhausted, what moves the answer, what may be done and what storms do; empty tables where nobody asked. */
    public record Outlook(
            String growth,
            Table exhaustion,
            Table forms,
            String moved,
            Figure tornado,
            Table sensitivity,
            String untouched,
            Table levers,
            Table storms) {}

    /** How to get the same again. */
    public record Reproduction(List<String> commands, List<Fact> facts, Table files) {}
}
