package me.musclemap.reports.page;

import gg.jte.html.HtmlInterceptor;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.util.Base64;
import me.musclemap.reports.charts.Typeface;
import me.musclemap.reports.page.generated.JtereportGenerated;

/** Turns a report into one HTML page that needs nothing else. */
final class HtmlPage {
    private HtmlPage() {}

    /** Where a page is shown. */
    enum Medium {
        /** In a browser: drawings for broad and narrow screens, the typeface embedded. */
        SCREEN,
        /** On A4, through the PDF renderer, which knows less CSS. */
        PAPER;

        boolean isScreen() {
            return this == SCREEN;
        }
    }

    static String render(ReportPage page, Medium medium) throws IOException {
        StringOutput output = new StringOutput(300_000);
        JtereportGenerated.render(
                new OwaspHtmlTemplateOutput(output),
                (HtmlInterceptor) null,
                page,
                css(page, medium),
                medium.isScreen());
        return output.toString();
    }

    private static String css(ReportPage page, Medium medium) throws IOException {
        return medium.isScreen()
                ? text("screen.css") + faces()
                : text("paper.css").replace("RUN_ID", page.runId());
    }

    private static String faces() throws IOException {
        return face("Regular", 400) + face("Medium", 500) + face("Bold", 700);
    }

    private static String face(String name, int weight) throws IOException {
        byte[] file = Typeface.file(Typeface.FAMILY + "-" + name + ".woff2");
        return "@font-face{font-family:%s;font-weight:%d;font-display:swap;src:url(data:font/woff2;base64,%s) format('woff2')}%n"
                .formatted(Typeface.FAMILY, weight, Base64.getEncoder().encodeToString(file));
    }

    private static String text(String name) throws IOException {
        try (var in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + ": not in reports.jar; build the room again");
            }
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
