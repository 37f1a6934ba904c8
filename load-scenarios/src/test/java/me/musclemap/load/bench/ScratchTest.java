package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @TempDir
    private Path parent;

    /** A bench that waits for a program which would run for a minute. */
    static final class Waiting {
        private Waiting() {}

        public static void main(String[] args) throws Exception {
            try (var scratch = Scratch.in(Path.of(args[0]), System.err)) {
                Files.writeString(scratch.directory().resolve("plain.log"), "said");
                var sleeps = new ProcessBuilder("sleep", "60").start();
                System.out.println(sleeps.pid());
                sleeps.waitFor();
                TimeUnit.SECONDS.sleep(60);
            }
        }
    }

    @Test
    void theDirectoryGoesAwayWithTheBench() throws IOException {
        try (var scratch = Scratch.in(parent, System.err)) {
            Files.createDirectories(scratch.directory().resolve("results/one"));
            Files.writeString(scratch.directory().resolve("results/one/simulation.log"), "x");
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aSignalEndsWhatRunsAndThenTheDirectoryGoesAway() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Waiting.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var said = process.inputReader(StandardCharsets.UTF_8)) {
            long sleeps = Long.parseLong(said.readLine());
            assertThat(parent).isNotEmptyDirectory();
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(parent).isEmptyDirectory();
            assertThat(ProcessHandle.of(sleeps).filter(ProcessHandle::isAlive)).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPlaceThatIsNotThereIsOneLineWithItsRemedy() {
        assertThatThrownBy(() -> Scratch.in(parent.resolve("nowhere"), System.err))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("nowhere: no directory can be made there")
                .hasMessageContaining("TMPDIR");
    }

    @Test
    void whatCannotBeRemovedIsSaidAndHidesNothing() throws IOException {
        var err = new ByteArrayOutputStream();
        try (var scratch = Scratch.in(parent, new PrintStream(err, true, StandardCharsets.UTF_8))) {
            Files.delete(scratch.directory());
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("cannot be removed")
                .hasLineCount(1);
    }

    @Test
    void aProgramWhoseFirstAnswerIsAnErrorIsEnded() {
        int core = ProcessUse.cores().get(0);
        var program = Program.start(
                "target",
                core,
                List.of("sh", "-c", "echo '{\"error\":\"no port\"}'; cat"),
                parent.resolve("target.log"));
        assertThatThrownBy(() -> program.begun(() -> program.next("ready")))
                .isInstanceOf(BenchException.class)
                .hasMessage("target: no port");
        assertThat(ProcessHandle.of(program.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
