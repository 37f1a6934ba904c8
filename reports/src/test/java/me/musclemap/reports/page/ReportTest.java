package me.musclemap.reports.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import me.musclemap.reports.ExampleRun;
import me.musclemap.reports.charts.Typeface;
import me.musclemap.reports.record.MeasuredRun;
import me.musclemap.reports.record.RecordException;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final List<String> EMPTY_LISTS =
            List.of("curve", "phases", "claims", "thresholds", "demands", "background");
    private static final Path GOLDEN =
            Path.of(System.getProperty("repo.root"), "reports/src/test/resources/report.txt");

    @TempDir
    private static Path fonts;

    @TempDir
    private Path directory;

    private static byte[] document = {};

    private ExampleRun example;

    @BeforeEach
    void anExample() throws IOException {
        example = ExampleRun.in(directory);
    }

    /** The whole text, so that a change of wording or rounding shows itself. {@code -Dgolden.update=true} writes it anew. */
    @Test
    void thePageSaysWhatItSaid() throws Exception {
        String text = text(report().html());

        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, text);
        }
        assertThat(text).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void theSameRunMakesTheSameBytes() throws Exception {
        assertThat(report().html()).isEqualTo(report().html());
        assertThat(report().pdf().orElseThrow()).isEqualTo(document());
    }

    @Test
    void thePageNeedsNothingFromElsewhere() throws Exception {
        String html = report().html();

        assertThat(html)
                .doesNotContain("<script", "<link", "@import", "<img")
                .doesNotContainPattern("(src|href)=[\"']?[a-z]+://");
        assertThat(Pattern.compile("url\\((?!data:|#)").matcher(html).find()).isFalse();
    }

    @Test
    void thePageCanBeReadByMachinesForPeople() throws Exception {
        String html = report().html();

        assertThat(html).contains("<html lang=\"en\">", "<caption>", "scope=\"col\"", "scope=\"row\"", "role=\"img\"");
        assertThat(html.split("role=\"img\" aria-label=\"[^\"]{30,}\"", -1)).hasSize(1 + 4 * 2);
    }

    @Test
    void everyChartNamesItsRunAndStack() throws Exception {
        String html = report().html();

        assertThat(html.split("run 20261122-120000-5eed · reference-embedded</text>", -1))
                .hasSize(1 + 4 * 2);
    }

    @Test
    void theClaimOfFifteenToTwentyFiveThousandUsersComesFirst() throws Exception {
        example.capacity(answer -> {
            ArrayNode claims = (ArrayNode) answer.get("claims");
            claims.add(claims.remove(0));
        });

        String html = report().html();
        String claims = html.substring(html.indexOf("<section id=\"claims\">"));

        assertThat(claims.indexOf("15,000 to 25,000")).isPositive().isLessThan(claims.indexOf("contradicts itself"));
    }

    @Test
    void textOfARecordCannotBecomeMarkup() throws Exception {
        example.capacity(
                answer -> ((ObjectNode) answer.get("verdict")).put("title", "<script>alert(1)</script> & more"));

        assertThat(report().html())
                .doesNotContain("<script>alert")
                .contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</h1>");
        assertThat(pages(report().pdf().orElseThrow())).contains("<script>alert(1)</script> & more");
    }

    @Test
    void anAnswerWithEmptyListsAndNothingHeldOutStillMakesAReport() throws Exception {
        example.capacity(answer -> {
            EMPTY_LISTS.forEach(answer::putArray);
            answer.putNull("heldOut");
            ((ObjectNode) answer.get("fit")).putNull("conditionNumber").putArray("stations");
        });

        assertThat(report().html()).contains("No window was held out");
        assertThat(report().pdf()).isPresent();
    }

    /** The answer gives growth and errors of logarithms: ln 2 a day is a doubling, not 69 %. */
    @Test
    void theOutlookSaysHowTheNumberGrowsAndWhatHasNoDateOrNoEnd() throws Exception {
        ExampleRun whole = ExampleRun.ofTheContracts(Files.createDirectory(directory.resolve("whole")))
                .capacity(answer -> {
                    ObjectNode forecast = (ObjectNode) answer.get("forecast");
                    ((ObjectNode) forecast.get("growthPerDay"))
                            .put("mid", Math.log(2))
                            .put("low", Math.log(1.5))
                            .put("high", Math.log(3));
                    ((ObjectNode) forecast.at("/errors/0")).put("error", Math.log(1.25));
                    forecast.put("lastWeekError", Math.log(1.4));
                    ((ObjectNode) forecast.at("/exhaustion/0"))
                            .putNull("p10")
                            .putNull("p50")
                            .putNull("p90")
                            .putNull("whyNone");
                    ((ObjectNode) answer.at("/whatIf/storms/0/resources/0/waitSeconds"))
                            .putNull("p10")
                            .putNull("p50")
                            .putNull("p90");
                });

        Report report = new Report(MeasuredRun.read(whole.directory()), Typeface.load(fonts));
        String outlook = text(report.html()).replace('\u00a0', ' ').replace('\u202f', ' ');
        outlook = outlook.substring(outlook.lastIndexOf("They grow by"));
        outlook = outlook.substring(0, outlook.indexOf("What the plan claims"));

        assertThat(outlook)
                .startsWith("They grow by 100 % a day (50 % to 200 %).")
                .contains("25 %", "40 %", "no date", "without end")
                .doesNotContainIgnoringCase("null")
                .doesNotContain("without end–");
        assertThat(report.pdf()).isPresent();
    }

    @Test
    void theDocumentIsTaggedAndCarriesItsOwnFonts() throws Exception {
        try (PDDocument document = Loader.loadPDF(document())) {
            assertThat(document.getDocumentCatalog().getMarkInfo().isMarked()).isTrue();
            assertThat(document.getDocumentInformation().getTitle()).startsWith("Indicative (one restart)");
            assertThat(document.getDocumentCatalog().getDocumentOutline()).isNotNull();
            for (PDPage page : document.getPages()) {
                for (COSName name : page.getResources().getFontNames()) {
                    PDFont font = page.getResources().getFont(name);
                    assertThat(font.isEmbedded()).as(font.getName()).isTrue();
                }
            }
        }
    }

    @Test
    void theChartsInTheDocumentAreVectorsNotPictures() throws Exception {
        try (PDDocument document = Loader.loadPDF(document())) {
            for (PDPage page : document.getPages()) {
                for (COSName name : page.getResources().getXObjectNames()) {
                    assertThat(page.getResources().isImageXObject(name)).isFalse();
                }
            }
        }
    }

    @Test
    void theDocumentSaysWhatThePageSays() throws Exception {
        assertThat(pages(document()))
                .contains(
                        "One such core carries 312",
                        "14,200 in session",
                        "How sure we are",
                        "does not hold",
                        "20261122-120000-5eed");
    }

    @Test
    void withoutATypefaceThereIsAPageWithTablesAndNoDocument() throws Exception {
        Report report = new Report(MeasuredRun.read(directory), Optional.empty());

        assertThat(report.html()).doesNotContain("<svg").contains("This chart could not be drawn here", "14,200");
        assertThat(report.pdf()).isEmpty();
    }

    @Test
    void aDocumentOfAnEarlierReportDoesNotStayBesideANewPage() throws Exception {
        Files.createDirectories(directory.resolve("report"));
        Files.writeString(directory.resolve("report/report.pdf"), "old");

        new Report(MeasuredRun.read(directory), Optional.empty()).write(directory);

        assertThat(directory.resolve("report/report.pdf")).doesNotExist();
    }

    private Report report() throws IOException, RecordException {
        return new Report(MeasuredRun.read(directory), Typeface.load(fonts));
    }

    /** The PDF of the example as it is, made once. */
    private byte[] document() throws IOException, RecordException {
        if (document.length == 0) {
            document = report().pdf().orElseThrow();
        }
        return document;
    }

    private static String text(String html) {
        return html.replaceAll("(?s)<style>.*?</style>|<svg.*?</svg>", "")
                        .replaceAll("</(p|h1|h2|h3|li|tr|caption|figcaption|title|pre|a)>", "\n")
                        .replaceAll("</(td|th)>|<small[^>]*>", " | ")
                        .replaceAll("(?s)<[^>]*>", "")
                        .replaceAll("[\\n\\s]*\\n[\\n\\s]*", "\n")
                        .strip()
                + "\n";
    }

    private static String pages(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper()
                    .getText(document)
                    .replace('\u202f', ' ')
                    .replace('\u00a0', ' ');
        }
    }
}
