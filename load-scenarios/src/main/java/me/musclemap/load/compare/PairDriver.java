package me.musclemap.load.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Drives pairs of runs, one build after the other, the first of each pair changing sides from pair to pair. The seed is the same in all:
 * it also draws the data set, and runs on different data are not comparable.
 */
final class PairDriver {
    private static final int NOT_VALID = 4;
    private static final int MOST_ATTEMPTS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int pairs;
    private final List<String> arguments;
    private final Path runs;
    private final PrintStream err;

    /** @param arguments as after {@code headroom load run}, separated by spaces */
    PairDriver(int pairs, String arguments, Path runs, PrintStream err) {
        if (pairs < 1 || pairs > SignFlip.MOST_PAIRS) {
            throw new CompareException("--pairs=" + pairs + ": use 1 to " + SignFlip.MOST_PAIRS);
        }
        this.pairs = pairs;
        this.arguments = List.of(arguments.strip().split("\\s+"));
        this.runs = runs;
        this.err = err;
        for (var own : List.of("--json", "--runs")) {
            if (this.arguments.stream().anyMatch(word -> word.equals(own) || word.startsWith(own + "="))) {
                throw new CompareException("--run: leave out " + own + ", a campaign sets it for each run");
            }
        }
    }

    /** What was driven, in the order of the pairs. */
    record Driven(List<ComparedRun> base, List<ComparedRun> candidate) {}

    Driven drive(Checkout base, Checkout candidate) {
        var left = new ArrayList<ComparedRun>();
        var right = new ArrayList<ComparedRun>();
        for (int pair = 0; pair < pairs; pair++) {
            if (pair % 2 == 0) {
                left.add(run(pair, "base", base));
                right.add(run(pair, "candidate", candidate));
            } else {
                right.add(run(pair, "candidate", candidate));
                left.add(run(pair, "base", base));
            }
        }
        return new Driven(left, right);
    }

    /** One run; one that the machine spoilt is driven once more. */
    private ComparedRun run(int pair, String side, Checkout checkout) {
        for (int attempt = 1; ; attempt++) {
            err.println("pair " + (pair + 1) + " of " + pairs + ", " + side + (attempt > 1 ? ", again" : ""));
            var answer = execute(checkout);
            if (answer.code() == 0 || answer.code() == NOT_VALID && attempt == MOST_ATTEMPTS) {
                return ComparedRun.read(answer.directory());
            }
            if (answer.code() != NOT_VALID) {
                throw CompareException.failed(checkout.directory() + ": 'load run' ended with exit code "
                        + answer.code() + "; its last words stand above");
            }
        }
    }

    private record Ended(int code, Path directory) {}

    private Ended execute(Checkout checkout) {
        var command = new ArrayList<String>();
        command.add(checkout.directory().resolve("headroom").toString());
        command.addAll(List.of("load", "run"));
        command.addAll(arguments);
        command.addAll(List.of("--runs", runs.toString(), "--json"));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            // A signal to this process reaches the run too, and the run stops what it started.
            var end = new Thread(() -> stop(process), "pair-end");
            Runtime.getRuntime().addShutdownHook(end);
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            try {
                Runtime.getRuntime().removeShutdownHook(end);
            } catch (IllegalStateException stopping) {
                throw CompareException.failed("stopped in the middle of a campaign");
            }
            return new Ended(code, code == 0 || code == NOT_VALID ? directory(said) : runs);
        } catch (IOException e) {
            throw CompareException.failed(checkout.directory() + ": its launcher cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CompareException.failed("interrupted in the middle of a campaign");
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path directory(String said) {
        try {
            var directory = JSON.readTree(said).path("directory").asText();
            if (directory.isEmpty()) {
                throw CompareException.failed("'load run --json' named no directory: " + said.strip());
            }
            return Path.of(directory);
        } catch (JsonProcessingException e) {
            throw CompareException.failed("'load run --json' answered something else than JSON: " + said.strip());
        }
    }
}
