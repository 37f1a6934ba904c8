package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which cores the system under test and the generator run on. Immutable.
 *
 * @param shared both run on the same cores, unpinned
 */
record Cores(List<Integer> systemUnderTest, List<Integer> generator, boolean shared) {
    Cores {
        systemUnderTest = List.copyOf(systemUnderTest);
        generator = List.copyOf(generator);
    }

    /** The cores that this process may use. */
    static List<Integer> allowed() {
        return ProcFiles.coreList(ProcFiles.cpusAllowed(ProcessHandle.current().pid()));
    }

    /** All of these, for both. */
    static Cores shared(List<Integer> allowed) {
        return new Cores(allowed, allowed, true);
    }

    /** The first core for the system under test, the second for the generator. */
    static Cores apart(List<Integer> allowed) {
        return new Cores(List.of(allowed.get(0)), List.of(allowed.get(1)), false);
    }

    /** The cores of both for both: what is started by a lab on them stays on them. */
    Cores together() {
        var both = new ArrayList<>(systemUnderTest);
        generator.stream().filter(core -> !both.contains(core)).forEach(both::add);
        return new Cores(both, both, true);
    }

    /** Whether a process can be pinned to a core here. */
    static boolean canPin(List<Integer> allowed) {
        if (allowed.size() < 2) {
            return false;
        }
        try {
            var trial = new ProcessBuilder("taskset", "-c", Integer.toString(allowed.get(1)), "true")
                    .redirectErrorStream(true)
                    .start();
            return trial.waitFor() == 0;
        } catch (IOException e) {
            // No taskset on PATH: the same as a machine that refuses it.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The command prefix that pins to the cores of the system under test. */
    List<String> pinSystemUnderTest() {
        return shared ? List.of() : List.of("taskset", "-c", list(systemUnderTest));
    }

    /** The command prefix that pins to the generator's cores. */
    List<String> pinGenerator() {
        return shared ? List.of() : List.of("taskset", "-c", list(generator));
    }

    /** Moves every thread of the lab itself to the generator's cores. */
    void pinSelf() {
        if (!shared) {
            moveSelf(generator);
        }
    }

    /** Lets the lab run on all of these cores again. */
    static void moveSelf(List<Integer> cores) {
        move(ProcessHandle.current().pid(), cores);
    }

    /** Lets a process of the system under test use the generator's cores too, until it is pinned again. */
    void lend(long pid) {
        if (!shared) {
            var both = new ArrayList<>(systemUnderTest);
            both.addAll(generator);
            move(pid, both);
        }
    }

    /** Keeps a process of the system under test on its own cores. */
    void pin(long pid) {
        if (!shared) {
            move(pid, systemUnderTest);
        }
    }

    /** Moves all threads of a process. */
    private static void move(long pid, List<Integer> cores) {
        try {
            var command = List.of("taskset", "-acp", list(cores), Long.toString(pid));
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw LabException.failed(
                        "taskset: cannot move process " + pid + " to core " + list(cores) + ": " + said.strip());
            }
        } catch (IOException e) {
            throw LabException.failed(
                    "taskset: cannot move process " + pid + " to core " + list(cores) + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** These cores as taskset and the host agent take them. */
    static String list(List<Integer> cores) {
        return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
