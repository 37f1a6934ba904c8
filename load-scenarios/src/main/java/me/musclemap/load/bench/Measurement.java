package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import me.musclemap.load.lab.CoresLock;
import me.musclemap.load.lab.LabConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the benches have in common: cores of their own, a directory that goes away, a table or JSON on stdout. */
abstract class Measurement implements Callable<Integer> {
    private final Supplier<LabConfig> config;
    private final PrintStream out;
    private final PrintStream err;

    @Option(names = "--json", description = "One JSON object on stdout")
    private boolean json;

    Measurement(Supplier<LabConfig> config, PrintStream out, PrintStream err) {
        this.config = config;
        this.out = out;
        this.err = err;
    }

    /** What a bench found, for people and for programs. */
    record Found(String text, ObjectNode json) {}

    /** Refuses what cannot be measured, before anything starts. */
    abstract void check();

    abstract Found measure(Place place);

    @Override
    public Integer call() throws IOException {
        check();
        var cores = ProcessUse.cores();
        if (cores.size() < 2) {
            throw BenchException.wrong(
                    "cores: a bench needs two, one for the generator and one for its target; this process may use "
                            + cores.size());
        }
        var found = config.get();
        Path directory = null;
        var lock = CoresLock.take(found.coresLock(), "load bench", err::println);
        try {
            directory = Files.createTempDirectory(found.scratch(), "headroom-load-bench");
            var result = measure(new Place(found, cores.get(0), cores.get(1), directory, err));
            out.print(json ? result.json() + "\n" : result.text());
        } finally {
            lock.close();
            remove(directory);
        }
        return 0;
    }

    private static void remove(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static void positive(String option, double value) {
        if (!(value > 0) || !Double.isFinite(value)) {
            throw BenchException.wrong(option + "=" + value + ": write more than 0");
        }
    }
}
