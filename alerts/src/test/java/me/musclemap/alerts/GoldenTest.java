package me.musclemap.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts in git are what the example record renders to; {@code -Dgolden.update} writes them anew. */
class GoldenTest {
    private static final Path RULES = Examples.REPOSITORY.resolve("alerts/rules");

    @Test
    void theAlertsInGitAreThoseOfTheExampleRecord() throws IOException {
        var rendered = Rendering.of(Examples.capacity(), Examples.run(), Rendering.RUNBOOKS)
                .files();
        if (Boolean.getBoolean("golden.update") || "".equals(System.getProperty("golden.update"))) {
            new OutputDirectory(RULES).write(rendered);
        }
        assertThat(inGit()).isEqualTo(rendered);
    }

    private static SortedMap<String, String> inGit() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> paths = Files.walk(RULES)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                files.put(RULES.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }
}
