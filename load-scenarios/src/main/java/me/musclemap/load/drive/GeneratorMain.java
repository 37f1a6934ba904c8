package me.musclemap.load.drive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import me.musclemap.load.schedule.Residents;
import me.musclemap.load.workload.WorkloadException;
import org.jspecify.annotations.Nullable;

/**
 * The generator's own process: reads its settings and windows as JSON lines on stdin, answers and reports as JSON lines on stdout. Ends
 * when stdin does, so that nothing is left behind when whoever started it dies.
 */
public final class GeneratorMain {
    private final Reports reports;
    private final ObjectMapper json = new ObjectMapper();

    private GeneratorMain(Reports reports) {
        this.reports = reports;
    }

    /** Exit codes: 0 told to stop, or stdin ended; 1 otherwise. */
    public static void main(String[] args) {
        // Numbers are written one way, wherever the machine stands.
        Locale.setDefault(Locale.ROOT);
        var out = System.out;
        System.setOut(System.err); // stdout is for the protocol alone, whatever a library prints
        var reports = new Reports(out);
        var code = new GeneratorMain(reports).run();
        Runtime.getRuntime().halt(code);
    }

    private int run() {
        Consumer<Throwable> crashed = cause -> {
            reports.error(text(cause));
            Runtime.getRuntime().halt(1);
        };
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var first = in.readLine();
            if (first == null) {
                return 0;
            }
            var settings = json.readTree(first);
            var part = Part.of(settings);
            try (var generator = Generator.start(GeneratorSettings.of(settings), part, reports, crashed)) {
                reports.print(Reports.object()
                        .put("ready", true)
                        .put("pid", ProcessHandle.current().pid())
                        .put("minted", generator.minted()));
                generator.report();
                return listen(in, generator);
            }
        } catch (JsonProcessingException e) {
            reports.error("the first line is no JSON: " + e.getOriginalMessage());
        } catch (GeneratorException | WorkloadException | IOException e) {
            reports.error(text(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reports.error("interrupted");
        }
        return 1;
    }

    private int listen(BufferedReader in, Generator generator) throws IOException, InterruptedException {
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            var message = json.readTree(line);
            if (message.path("stop").asBoolean()) {
                generator.stop();
                reports.print(Reports.object().put("stopped", true));
                return 0;
            }
            if (message.path("memory").asBoolean()) {
                reports.print(SelfCheck.memory());
                continue;
            }
            if (!message.has("window")) {
                throw new GeneratorException(
                        "unknown line " + line + ": write a window, {\"memory\":true} or {\"stop\":true}");
            }
            window(message.get("window"), generator);
        }
        return 0;
    }

    private void window(JsonNode window, Generator generator) {
        var index = window.path("index").asInt(-1);
        try {
            var awake = generator.accept(WindowPlan.of(window));
            reports.print(Reports.object()
                    .put("accepted", index)
                    .put("residents", awake)
                    .put("minted", generator.minted()));
        } catch (Residents.TooFewUsersException | GeneratorException e) {
            reports.print(Reports.object().put("refused", index).put("why", text(e)));
        }
    }

    private static String text(@Nullable Throwable cause) {
        if (cause == null) {
            return "unknown";
        }
        var message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
