package me.musclemap.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report on a machine without fonts, in a Java of its own, since Java looks for fonts once. */
final class NoFontsTest {
    @TempDir
    private Path directory;

    @Test
    void whereNoFontIsInstalledBothAreMadeAllTheSame() throws Exception {
        Result result = report(List.of());

        assertThat(result.code()).as(result.text()).isZero();
        assertThat(run().resolve("report/index.html")).content().contains("<svg");
        assertThat(run().resolve("report/report.pdf")).exists();
        assertThat(directory.resolve("home")).isEmptyDirectory();
    }

    @Test
    void whereJavaCannotDrawThePageIsMadeAndTheMissingDocumentExplained() throws Exception {
        Result result = report(List.of("-Dsun.awt.fontconfig=" + directory.resolve("none.properties")));

        assertThat(result.code()).as(result.text()).isZero();
        assertThat(result.text()).contains("no PDF and no charts", "apt-get install libfreetype6 fontconfig");
        assertThat(run().resolve("report/index.html")).content().contains("This chart could not be drawn here");
        assertThat(run().resolve("report/report.pdf")).doesNotExist();
    }

    private Path run() {
        return directory.resolve("a run");
    }

    private Result report(List<String> options) throws IOException, InterruptedException {
        ExampleRun.in(Files.createDirectories(run()));
        Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(directory.resolve("a place"));
        Path nothing = Files.writeString(
                directory.resolve("fonts.conf"),
                "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-Duser.home=" + directory.resolve("home"),
                "-Djava.io.tmpdir=" + directory.resolve("a place"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                run().toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FONTCONFIG_FILE", nothing.toString());
        Process process =
                builder.redirectOutput(directory.resolve("output").toFile()).start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(directory.resolve("output")));
    }

    private record Result(int code, String text) {}
}
