package me.musclemap.reports;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.musclemap.reports.charts.Typeface;
import me.musclemap.reports.page.Report;
import me.musclemap.reports.record.MeasuredRun;
import me.musclemap.reports.record.RecordException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of report. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "The capacity report of a run: report/index.html and report/report.pdf in its directory.")
public final class Main implements Callable<Integer> {
    private static final String NO_PDF = "this Java cannot draw text, since a font library is missing;"
            + " install libfreetype6 and fontconfig (Debian: apt-get install libfreetype6 fontconfig)";

    private final PrintStream out;
    private final PrintStream err;

    @Parameters(paramLabel = "RUN_DIR", description = "The directory of a run, such as runs/20261122-140210-7f3a.")
    private Path runDirectory = Path.of("");

    @Option(names = "--json", description = "Print one JSON object instead of lines.")
    private boolean json;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the command and exits with its code. */
    public static void main(String[] args) {
        // Numbers are written one way, wherever the machine stands.
        Locale.setDefault(Locale.ROOT);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new Main(out, err)).execute(args));
    }

    @Override
    public Integer call() {
        try {
            MeasuredRun measured = MeasuredRun.read(runDirectory);
            // Java reads the typeface from files, as long as it draws.
            Path scratch = Files.createTempDirectory("headroom-report-");
            try {
                print(new Report(measured, Typeface.load(scratch)).write(runDirectory));
            } finally {
                delete(scratch);
            }
            return CommandLine.ExitCode.OK;
        } catch (RecordException e) {
            err.println("report: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            err.println("report: " + runDirectory + ": the report could not be written (" + e + ")");
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void print(Report.Written written) throws IOException {
        if (json) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("title", written.title());
            answer.put("html", written.html().toString());
            answer.put("pdf", written.pdf().map(Path::toString).orElse(null));
            answer.put("pdfMissing", written.pdf().isPresent() ? null : NO_PDF);
            out.println(new ObjectMapper().writeValueAsString(answer));
            return;
        }
        out.println(written.title());
        out.println(written.html());
        written.pdf().ifPresentOrElse(out::println, () -> err.println("report: no PDF and no charts: " + NO_PDF));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"report " + (version == null ? "not packaged" : version)};
        }
    }
}
