package me.musclemap.telemetry.stations;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Shell processes that burn CPU on command; all are ended with the test. */
final class ChildProcesses implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();

    /** Starts a shell that runs {@code script} and prints a line when told to by it. */
    Shell start(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return new Shell(
                process, new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** One shell. */
    record Shell(Process process, BufferedReader out) {
        long pid() {
            return process.pid();
        }

        /** Waits for the script's next line. */
        String line() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the script ended");
            }
            return line;
        }

        /** Lets a script go on that reads a line. */
        void goOn() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
    }
}
