package me.musclemap.api.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import me.musclemap.api.Problem;

/**
 * Starts programs that the kernel ends when this process dies, however it dies.
 *
 * <p>The kernel ties such a child to the <em>thread</em> that started it, so all are started by one thread that lives as
 * long as this object.
 */
final class Children implements AutoCloseable {
    private final ExecutorService starter = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "children");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts {@code command} under {@code setpriv}, which sets the signal that the child gets when we die.
     *
     * @param cpus the list of cores that it may run on, as {@code taskset} writes it; empty for all
     * @param privileges the command that gives up privileges, put in front; may be empty
     */
    Child start(String name, String cpus, List<String> privileges, String deathSignal, List<String> command, Path log) {
        var whole = new ArrayList<String>();
        if (!cpus.isEmpty()) {
            whole.addAll(List.of("taskset", "-c", cpus));
        }
        whole.addAll(privileges);
        whole.addAll(List.of("setpriv", "--pdeathsig", deathSignal));
        whole.addAll(command);
        var builder = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("PG") || key.startsWith("LC_"));
        builder.environment().put("LANG", "C");
        try {
            return new Child(name, starter.submit(builder::start).get(), log);
        } catch (ExecutionException e) {
            throw Problem.failed(
                    "cannot start " + name + " (setpriv, unshare and taskset come with the package util-linux)",
                    e.getCause() instanceof IOException io ? io : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted while starting " + name);
        }
    }

    @Override
    public void close() {
        starter.shutdown();
    }

    /** A running child. */
    record Child(String name, Process process, Path log) {
        long pid() {
            return process.pid();
        }

        boolean alive() {
            return process.isAlive();
        }

        /** Sends {@code signal} and waits; kills when the child takes longer than {@code patience}. */
        void stop(String signal, Duration patience) {
            try {
                // Java itself can only send TERM and KILL.
                new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (IOException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }

        /** The last line of its log that says something is wrong, else the last line. */
        String lastWords() {
            try {
                List<String> lines = Files.readString(log, Charset.defaultCharset())
                        .lines()
                        .filter(l -> !l.isBlank())
                        .toList();
                var wrong = lines.stream()
                        .filter(l -> l.matches(".*(FATAL|PANIC|ERROR|error|cannot|could not|failed).*"))
                        .toList();
                List<String> telling = wrong.isEmpty() ? lines : wrong;
                return telling.isEmpty()
                        ? "it said nothing"
                        : telling.get(telling.size() - 1).strip();
            } catch (IOException e) {
                return "its log " + log + " cannot be read";
            }
        }
    }
}
