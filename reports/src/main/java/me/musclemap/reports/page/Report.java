package me.musclemap.reports.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import me.musclemap.reports.charts.Charts;
import me.musclemap.reports.charts.Typeface;
import me.musclemap.reports.record.CapacityAnswer;
import me.musclemap.reports.record.MeasuredRun;
import me.musclemap.reports.record.Quality;
import me.musclemap.reports.words.Nouns;

/** The capacity report of one run. */
public final class Report {
    private final MeasuredRun measured;
    private final Optional<Typeface> typeface;
    private final ReportPage page;

    /** A report of {@code measured}; without a typeface it has no charts and no PDF. */
    public Report(MeasuredRun measured, Optional<Typeface> typeface) {
        this.measured = measured;
        this.typeface = typeface;
        this.page = page();
    }

    /** What was written. */
    public record Written(String title, Path html, Optional<Path> pdf) {}

    /** The verdict. */
    public String title() {
        return page.title();
    }

    /** The page for a browser. */
    public String html() throws IOException {
        return HtmlPage.render(page, HtmlPage.Medium.SCREEN);
    }

    /** The document for paper; empty where Java cannot draw text. */
    public Optional<byte[]> pdf() throws IOException {
        if (typeface.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(PdfDocument.render(
                HtmlPage.render(page, HtmlPage.Medium.PAPER),
                page.title(),
                Instant.ofEpochMilli(measured.run().startedEpochMillis())));
    }

    /** Writes {@code report/index.html} and {@code report/report.pdf} below {@code runDirectory}: both in full, or nothing. */
    public Written write(Path runDirectory) throws IOException {
        byte[] html = html().getBytes(StandardCharsets.UTF_8);
        Optional<byte[]> pdf = pdf();
        Path report = runDirectory.resolve("report");
        Path draft = Files.createTempDirectory(runDirectory, ".report-");
        try {
            Path draftHtml = Files.write(draft.resolve("index.html"), html);
            Optional<Path> draftPdf = Optional.empty();
            if (pdf.isPresent()) {
                draftPdf = Optional.of(Files.write(draft.resolve("report.pdf"), pdf.get()));
            }
            Files.createDirectories(report);
            Path finalPdf = report.resolve("report.pdf");
            if (draftPdf.isPresent()) {
                move(draftPdf.get(), finalPdf);
            } else {
                // One that an earlier run left would be of other figures.
                Files.deleteIfExists(finalPdf);
            }
            Path finalHtml = report.resolve("index.html");
            move(draftHtml, finalHtml);
            return new Written(page.title(), finalHtml, draftPdf.map(written -> finalPdf));
        } finally {
            delete(draft);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private ReportPage page() {
        ReportWords words = new ReportWords(measured);
        Optional<CapacityAnswer> believed = measured.capacity().filter(answer -> words.quality() != Quality.NOT_VALID);
        Optional<Charts> charts = believed.flatMap(answer -> typeface.map(face -> new Charts(face, measured, answer)));
        return new ReportPage(
                measured.run().id(),
                believed.map(answer -> answer.verdict().title()).orElseGet(words::titleWithoutAnswer),
                words.badge(),
                believed.map(answer -> answer.verdict().sentences().stream()
                                .map(Nouns::sentence)
                                .toList())
                        .orElse(List.of()),
                words.facts(),
                believed.map(answer -> new AnswerWords(answer).answer(charts)).orElse(null),
                words.checks(),
                words.windows(),
                words.operations(),
                words.reproduction(),
                Glossary.WORDS);
    }
}
