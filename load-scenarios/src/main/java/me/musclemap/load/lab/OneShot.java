package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A program that is run to its end for its answer. */
final class OneShot {
    /** What a program that ended said, and its exit code. */
    record Answer(int exitCode, String stdout, String stderr) {}

    private OneShot() {}

    /** Runs a program that must succeed, and gives its stdout. */
    static String run(String name, List<String> pin, List<String> command, Path log, BooleanSupplier stopping) {
        var answer = attempt(name, pin, command, log, stopping);
        if (answer.exitCode() != 0) {
            throw LabException.failed(
                    name + ": ended with exit code " + answer.exitCode() + ": " + lastLines(answer.stderr()));
        }
        return answer.stdout();
    }

    /** Runs a program, whatever it ends with. It is ended with this process. */
    static Answer attempt(String name, List<String> pin, List<String> command, Path log, BooleanSupplier stopping) {
        var whole = new ArrayList<>(Child.SESSION);
        whole.addAll(pin);
        whole.addAll(command);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            var process = new ProcessBuilder(whole).redirectError(log.toFile()).start();
            var end = new Thread(process::destroy, name + "-end");
            Runtime.getRuntime().addShutdownHook(end);
            process.getOutputStream().close();
            var stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (!stopping.getAsBoolean()) {
                Runtime.getRuntime().removeShutdownHook(end);
            }
            return new Answer(code, stdout, String.join("\n", ProcFiles.lines(log)));
        } catch (IOException e) {
            throw LabException.failed(name + ": cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed(name + ": interrupted");
        }
    }

    /** The last line of what a program said. */
    static String lastLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("it said nothing");
    }

    private static String lastLines(String text) {
        var lines = text.lines().toList();
        return lines.isEmpty()
                ? "it said nothing"
                : String.join("\n    ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
