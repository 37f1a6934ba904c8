package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import me.musclemap.load.lab.CoresLock;
import me.musclemap.load.lab.LabConfig;
import picocli.CommandLine.Option;

/** What the benches have in common: cores of their own, a directory that goes away, a table or JSON on stdout. */
abstract class Measurement implements Callable<Integer> {
    private static final int MOST_SECONDS = 120;

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
    public Integer call() {
        check();
        var cores = ProcessUse.cores();
        if (cores.size() < 2) {
            throw BenchException.wrong(
                    "cores: a bench needs two, one for the generator and one for its target; this process may use "
                            + cores.size());
        }
        var found = config.get();
        var result = apart(found, cores);
        out.print(json ? result.json() + "\n" : result.text());
        return 0;
    }

    /** While no other run measures. */
    private Found apart(LabConfig found, List<Integer> cores) {
        try (var lock = CoresLock.take(found.coresLock(), "load bench", err::println);
                var scratch = Scratch.in(found.scratch(), err)) {
            return measure(new Place(found, cores.get(0), cores.get(1), scratch.directory(), err));
        } catch (IOException e) {
            throw BenchException.failed("the lock on the cores cannot be released: " + e.getMessage());
        }
    }

    /** A program is asked what it did in a stretch of time, and is waited for no longer than {@link Program} is patient. */
    static void stretch(String option, int seconds) {
        positive(option, seconds);
        if (seconds > MOST_SECONDS) {
            throw BenchException.wrong(option + "=" + seconds + ": write at most " + MOST_SECONDS);
        }
    }

    static void positive(String option, double value) {
        if (!(value > 0) || !Double.isFinite(value)) {
            throw BenchException.wrong(option + "=" + value + ": write more than 0");
        }
    }
}
