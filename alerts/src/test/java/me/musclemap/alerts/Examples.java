package me.musclemap.alerts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.RunFacts;
import me.musclemap.alerts.tools.Tool;
import org.junit.jupiter.api.Assumptions;

/** The example record of the contracts, and the programs that tests run. */
public final class Examples {
    static final Path REPOSITORY = Path.of(System.getProperty("repo.root"));
    private static final String RUN = "20261122-120000-5eed";

    private Examples() {}

    /** The example's capacity answer. */
    public static CapacityAnswer capacity() {
        return CapacityAnswer.ofRun(
                REPOSITORY.resolve("capacity-model/contract/examples").resolve(RUN));
    }

    /** The example's run. */
    public static RunFacts run() {
        return RunFacts.ofRun(
                REPOSITORY.resolve("load-scenarios/contract/examples").resolve(RUN));
    }

    /** A run directory that a test may write to. */
    static Path runDirectory(Path in) {
        try {
            for (String room : new String[] {"capacity-model", "load-scenarios"}) {
                String file = room.equals("capacity-model") ? "capacity.json" : "run.json";
                Files.copy(
                        REPOSITORY
                                .resolve(room)
                                .resolve("contract/examples")
                                .resolve(RUN)
                                .resolve(file),
                        in.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return in;
    }

    /** The program, or the test is skipped; in CI it must be there. */
    static Tool tool(String name) {
        Optional<Tool> tool = Tool.onPath(name, System.getenv().getOrDefault("PATH", ""));
        if (tool.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(
                    name + " is not on PATH: CI installs it (apt-get install prometheus prometheus-alertmanager)");
        }
        Assumptions.assumeTrue(tool.isPresent(), name + " is not on PATH");
        return tool.orElseThrow();
    }
}
