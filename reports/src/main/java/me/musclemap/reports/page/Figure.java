package me.musclemap.reports.page;

import java.util.regex.Matcher;
import me.musclemap.reports.charts.Drawing;
import me.musclemap.reports.charts.Theme;
import org.jspecify.annotations.Nullable;

/**
 * A chart with what is said of it.
 *
 * @param drawing null where this Java cannot draw
 * @param description for those who cannot see it
 */
public record Figure(String id, @Nullable Drawing drawing, String description, String caption) {
    /** The SVG for a broad screen, in the page's colours; empty where there is none. */
    public String wide() {
        return drawing == null ? "" : Theme.adaptable(drawing.wide());
    }

    /** The SVG for a telephone, in the page's colours; empty where there is none. */
    public String narrow() {
        return drawing == null ? "" : Theme.adaptable(drawing.narrow());
    }

    /** The SVG for paper, described by an attribute that tagged PDF takes; empty where there is none. */
    public String print() {
        return drawing == null
                ? ""
                : drawing.print()
                        .replaceFirst(
                                "<svg ", Matcher.quoteReplacement("<svg alt=\"" + attribute(description) + "\" "));
    }

    private static String attribute(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
