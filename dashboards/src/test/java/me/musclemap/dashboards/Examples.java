package me.musclemap.dashboards;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import me.musclemap.alerts.tools.Tool;
import me.musclemap.dashboards.capacity.CapacityFacts;
import me.musclemap.dashboards.capacity.RunFacts;
import me.musclemap.dashboards.panels.Dashboard;
import me.musclemap.dashboards.panels.Overview;
import org.junit.jupiter.api.Assumptions;

/** The example record of the contracts, and the programs that tests run. */
public final class Examples {
    static final Path REPOSITORY = Path.of(System.getProperty("repo.root"));
    private static final String RUN = "20261122-120000-5eed";

    private Examples() {}

    static Path capacityDirectory() {
        return REPOSITORY.resolve("capacity-model/contract/examples").resolve(RUN);
    }

    static Path recordDirectory() {
        return REPOSITORY.resolve("load-scenarios/contract/examples").resolve(RUN);
    }

    /** The overview with the limits of the example record. */
    public static Dashboard overview() {
        return Overview.of(CapacityFacts.ofRun(capacityDirectory()), RunFacts.ofRun(recordDirectory()));
    }

    /** A run directory that a test may write to. */
    static void runDirectory(Path in) {
        try {
            Files.copy(capacityDirectory().resolve("capacity.json"), in.resolve("capacity.json"));
            Files.copy(recordDirectory().resolve("run.json"), in.resolve("run.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program, or the test is skipped; in CI it must be there. */
    static Tool tool(String name) {
        Optional<Tool> tool = Tool.onPath(name, System.getenv().getOrDefault("PATH", ""));
        if (tool.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(name + " is not on PATH: CI installs it (apt-get install prometheus)");
        }
        Assumptions.assumeTrue(tool.isPresent(), name + " is not on PATH");
        return tool.orElseThrow();
    }
}
