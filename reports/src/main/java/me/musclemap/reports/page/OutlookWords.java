package me.musclemap.reports.page;

import static me.musclemap.reports.page.Table.Column.number;
import static me.musclemap.reports.page.Table.Column.text;

import java.util.ArrayList;
import java.util.List;
import me.musclemap.reports.charts.Charts;
import me.musclemap.reports.charts.Drawing;
import me.musclemap.reports.page.Table.Cell;
import me.musclemap.reports.record.CapacityAnswer;
import me.musclemap.reports.record.CapacityAnswer.Exhaustion;
import me.musclemap.reports.record.CapacityAnswer.Forecast;
import me.musclemap.reports.record.CapacityAnswer.Lever;
import me.musclemap.reports.record.CapacityAnswer.OpenQuantiles;
import me.musclemap.reports.record.CapacityAnswer.Storm;
import me.musclemap.reports.record.CapacityAnswer.StormResource;
import me.musclemap.reports.record.CapacityAnswer.Turned;
import me.musclemap.reports.record.CapacityAnswer.WhatIf;
import me.musclemap.reports.record.Quantiles;
import me.musclemap.reports.words.Figures;
import me.musclemap.reports.words.Nouns;
import org.jspecify.annotations.Nullable;

/** Says when capacity is exhausted, what moves the answer and what may be done. Immutable. */
final class OutlookWords {
    private static final double SOON_SECONDS = 1;

    private final CapacityAnswer answer;

    OutlookWords(CapacityAnswer answer) {
        this.answer = answer;
    }

    /** @param tornado null where it cannot be drawn, or there is nothing to draw */
    ReportPage.@Nullable Outlook outlook(@Nullable Drawing tornado) {
        Forecast forecast = answer.forecast();
        WhatIf whatIf = answer.whatIf();
        if (forecast == null && whatIf == null) {
            return null;
        }
        return new ReportPage.Outlook(
                forecast == null ? "" : growth(forecast),
                exhaustion(forecast),
                forms(forecast),
                whatIf == null ? "" : moved(whatIf),
                tornado(tornado),
                sensitivity(whatIf),
                whatIf == null || whatIf.tornado().withoutEffect().isEmpty()
                        ? ""
                        : "Nothing of its uncertainty moves this answer: "
                                + String.join(", ", whatIf.tornado().withoutEffect()) + ".",
                levers(whatIf),
                storms(whatIf));
    }

    private static String growth(Forecast forecast) {
        var text = new StringBuilder("%d daily peaks from %s to %s; the highest of the last week is %s."
                .formatted(
                        forecast.days(),
                        forecast.from(),
                        forecast.to(),
                        Figures.rate(forecast.presentPeakPerSecond())));
        var perDay = forecast.growthPerDay();
        if (perDay != null) {
            text.append(" They grow by %s a day (%s to %s)."
                    .formatted(aDay(perDay.mid()), aDay(perDay.low()), aDay(perDay.high())));
        }
        if (forecast.whyNoDate() != null) {
            text.append(" No date is given: ").append(Nouns.sentence(forecast.whyNoDate()));
        }
        return text.toString();
    }

    /** The answer gives growth of the logarithm; people mean that of the number. */
    private static String aDay(double ofLogarithm) {
        return Figures.significant(Math.expm1(ofLogarithm) * 100, 2) + Figures.GAP + "%";
    }

    /** A mean difference of logarithms as a share. */
    private static String off(@Nullable Double ofLogarithm) {
        return ofLogarithm == null ? "–" : Figures.percent(Math.expm1(ofLogarithm));
    }

    private Table exhaustion(@Nullable Forecast forecast) {
        List<List<Cell>> rows = forecast == null
                ? List.of()
                : forecast.exhaustion().stream().map(OutlookWords::row).toList();
        return new Table(
                "When the daily peaks pass what is carried, by the draws of the model and of the growth; run "
                        + answer.runId(),
                List.of(text("What"), text("Stack"), number("Carries"), number("Within 24 months"), text("Exhausted")),
                rows);
    }

    private static List<Cell> row(Exhaustion exhaustion) {
        String date = exhaustion.p50();
        String why = exhaustion.whyNone();
        Cell when = date == null
                ? Cell.of("no date", why == null ? "" : Nouns.sentence(why))
                : Cell.of(
                        date,
                        exhaustion.p10() + " to "
                                + (exhaustion.p90() == null ? "later than 24 months" : exhaustion.p90()));
        return List.of(
                Cell.of(Nouns.capital(exhaustion.capacity())),
                Cell.of(exhaustion.stack(), exhaustion.label()),
                Cell.of(
                        Figures.rate(exhaustion.requestsPerSecond().p50()),
                        Figures.range(exhaustion.requestsPerSecond())),
                Cell.of(Figures.percent(exhaustion.probabilityWithin24Months())),
                when);
    }

    private Table forms(@Nullable Forecast forecast) {
        List<List<Cell>> rows = new ArrayList<>();
        if (forecast != null && !forecast.errors().isEmpty()) {
            forecast.errors()
                    .forEach(e -> rows.add(List.of(
                            Cell.of(Nouns.capital(e.form())),
                            Cell.of(off(e.error())),
                            e.form().equals(forecast.chosen())
                                    ? Cell.chip("chosen", "good")
                                    : Cell.of(e.whyNot() == null ? "" : Nouns.sentence(e.whyNot())))));
            rows.add(List.of(
                    Cell.of("The last week again"),
                    Cell.of(off(forecast.lastWeekError())),
                    Cell.of("For comparison.")));
        }
        return new Table(
                "How far each form of growth was off on days that it had not seen",
                List.of(text("Form"), number("Error"), text("")),
                rows);
    }

    private static String moved(WhatIf whatIf) {
        return "For %s on %s%s (%s), at %s for each user in session. As stated it carries %s users."
                .formatted(
                        whatIf.phase(),
                        whatIf.stack(),
                        whatIf.estimated() ? ", estimated" : "",
                        whatIf.scope(),
                        Figures.ratePerUser(whatIf.requestsPerSecondPerUser()),
                        Figures.plain(whatIf.tornado().users()));
    }

    private Figure tornado(@Nullable Drawing drawing) {
        return new Figure(
                "tornado",
                drawing,
                "Users in session with each uncertain input at either end of its uncertainty, widest first.",
                "One input is turned at a time, the others stay as stated; the table has the figures. Run "
                        + answer.runId() + ".");
    }

    private Table sensitivity(@Nullable WhatIf whatIf) {
        List<List<Cell>> rows = whatIf == null
                ? List.of()
                : whatIf.tornado().rows().stream()
                        .limit(Charts.TORNADO_ROWS)
                        .map(OutlookWords::row)
                        .toList();
        return new Table(
                "Users in session with one input at either end of its stated uncertainty, widest first; run "
                        + answer.runId(),
                List.of(text("Input"), text("Turned to"), number("Users at the first"), number("Users at the second")),
                rows);
    }

    private static List<Cell> row(Turned turned) {
        return List.of(
                Cell.of(turned.input(), "stated: " + turned.stated()),
                Cell.of(turned.low() + ", then " + turned.high()),
                Cell.of(Figures.plain(turned.usersAtLow())),
                Cell.of(Figures.plain(turned.usersAtHigh())));
    }

    private Table levers(@Nullable WhatIf whatIf) {
        List<List<Cell>> rows = whatIf == null
                ? List.of()
                : whatIf.levers().rows().stream().map(OutlookWords::row).toList();
        return new Table(
                "What may be done, each alone, by the users that it gains; run " + answer.runId(),
                List.of(text("Lever"), number("Users gained"), number("Gain"), text("Then gives out first")),
                rows);
    }

    private static List<Cell> row(Lever lever) {
        Quantiles gained = lever.gainedUsers();
        return List.of(
                Cell.of(Nouns.capital(lever.name()), lever.effort()),
                Cell.of(Figures.plain(gained.p50()), Figures.range(gained)),
                Cell.of(Figures.percent(lever.gainedRatio())),
                Cell.of(lever.binding()));
    }

    private Table storms(@Nullable WhatIf whatIf) {
        List<List<Cell>> rows = new ArrayList<>();
        if (whatIf != null) {
            whatIf.storms().forEach(storm -> storm.resources().forEach(r -> rows.add(row(storm, r))));
        }
        String users = whatIf == null || whatIf.storms().isEmpty()
                ? ""
                : " over " + Figures.plain(whatIf.storms().get(0).users()) + " users in session";
        return new Table(
                "What comes at once" + users + ": work that piles up, worked off in order, nobody asking again; run "
                        + answer.runId(),
                List.of(
                        text("Storm"),
                        text("Where"),
                        number("Asked of it at worst"),
                        number("Work waits up to"),
                        number("Over after")),
                rows);
    }

    private static List<Cell> row(Storm storm, StormResource resource) {
        boolean first = resource.name().equals(storm.givesOut());
        return List.of(
                Cell.of(Nouns.capital(storm.name()), Nouns.sentence(storm.what())),
                first ? new Cell(resource.name(), "gives out first", "bad") : Cell.of(resource.name()),
                Cell.of(
                        Figures.percent(resource.highestUse().p50()),
                        Figures.percent(resource.highestUse().p10()) + "–"
                                + Figures.percent(resource.highestUse().p90())),
                cell(resource.waitSeconds()),
                cell(resource.lastsSeconds()));
    }

    private static Cell cell(OpenQuantiles seconds) {
        String low = seconds(seconds.p10());
        String high = seconds(seconds.p90());
        return Cell.of(seconds(seconds.p50()), low.equals(high) ? "" : low + "–" + high);
    }

    private static String seconds(@Nullable Double seconds) {
        if (seconds == null) {
            return "without end";
        }
        return seconds == 0 ? "0" : seconds < SOON_SECONDS ? "below 1" + Figures.GAP + "s" : Figures.seconds(seconds);
    }
}
