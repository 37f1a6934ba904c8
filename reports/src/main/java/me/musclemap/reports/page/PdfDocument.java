package me.musclemap.reports.page;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.svgsupport.BatikSVGDrawer;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import java.util.logging.Level;
import java.util.logging.Logger;
import me.musclemap.reports.charts.Typeface;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;

/** Turns a page into a PDF: A4, fonts embedded, charts as vectors, and the same bytes for the same run. */
final class PdfDocument {
    /** Held on to, since a logger that nobody holds loses its level. */
    private static final Logger PDFBOX = Logger.getLogger("org.apache.pdfbox");

    private PdfDocument() {}

    /** The PDF of {@code html}, which must be well-formed XML, dated {@code measuredAt}. */
    static byte[] render(String html, String title, Instant measuredAt) throws IOException {
        XRLog.setLoggingEnabled(false);
        // It tells of the fonts that this machine has, which the document does not use.
        PDFBOX.setLevel(Level.SEVERE);
        PdfRendererBuilder builder = new PdfRendererBuilder();
        builder.usePdfUaAccessibility(true);
        builder.useSVGDrawer(new BatikSVGDrawer());
        font(builder, Typeface.FAMILY + "-Regular.ttf", Typeface.FAMILY, 400);
        font(builder, Typeface.FAMILY + "-Medium.ttf", Typeface.FAMILY, 500);
        font(builder, Typeface.FAMILY + "-Bold.ttf", Typeface.FAMILY, 700);
        font(builder, "DejaVuSansMono.ttf", "Mono", 400);
        builder.withHtmlContent(html, null);
        builder.withProducer("Headroom");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        builder.toStream(bytes);
        try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
            renderer.createPDFWithoutClosing();
            PDDocument document = renderer.getPdfDocument();
            PDDocumentInformation information = new PDDocumentInformation();
            information.setTitle(title);
            information.setProducer("Headroom");
            information.setCreationDate(calendar(measuredAt));
            information.setModificationDate(calendar(measuredAt));
            document.setDocumentInformation(information);
            // PDFBox makes the document's id from the clock unless it is given one.
            document.setDocumentId(measuredAt.toEpochMilli());
            document.save(bytes);
        }
        return bytes.toByteArray();
    }

    private static Calendar calendar(Instant instant) {
        return GregorianCalendar.from(
                instant.atZone(TimeZone.getTimeZone(ZoneOffset.UTC).toZoneId()));
    }

    private static void font(PdfRendererBuilder builder, String file, String family, int weight) throws IOException {
        byte[] bytes;
        try {
            bytes = Typeface.file(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        builder.useFont(() -> new ByteArrayInputStream(bytes), family, weight, FontStyle.NORMAL, true);
    }
}
