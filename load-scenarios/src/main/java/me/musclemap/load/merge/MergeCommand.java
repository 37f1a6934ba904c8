package me.musclemap.load.merge;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.musclemap.load.record.Validity;
import me.musclemap.load.record.Window;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code load merge}: the shards of a run put together. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        versionProvider = ShardCommand.VersionText.class,
        description = {
            "Puts the shards of a run together without loss; names a lost one and the command that drives it alone.",
            "Exit codes: 0 done, 2 the directories do not belong together, 4 a shard is lost or not valid."
        })
public final class MergeCommand implements Callable<Integer> {
    private static final int NOT_VALID = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "What 'load shard' wrote, one directory a shard")
    private List<Path> directories = new ArrayList<>();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the whole run goes")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "One JSON object on stdout")
    private boolean json;

    /** Results go to {@code out}. */
    public MergeCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var merge = Merge.of(directories);
        var record = merge.write(directory);
        boolean valid = record.validity().verdict() != Validity.Outcome.notValid;
        if (json) {
            var answer = JSON.createObjectNode();
            answer.put("directory", directory.toString())
                    .put("verdict", record.validity().verdict().name());
            merge.lost().forEach(answer.putArray("lost")::add);
            merge.lost().forEach(index -> answer.withArray("commands").add(merge.commandFor(index)));
            out.println(answer);
            return valid ? 0 : NOT_VALID;
        }
        for (var window : record.windows()) {
            out.println(words(window));
        }
        for (var check : record.validity().checks()) {
            if (check.outcome() != Validity.Finding.ok) {
                out.println("  " + check.name() + ": " + check.message());
            }
        }
        merge.lost().forEach(index -> out.println("drive it alone: " + merge.commandFor(index)));
        out.println("record " + directory.resolve("run.json"));
        return valid ? 0 : NOT_VALID;
    }

    private static String words(Window window) {
        var latency = window.latencySeconds().corrected();
        return String.format(
                Locale.ROOT,
                "%s %s: scheduled %.0f/s, offered %.1f/s, served %.1f/s, %,d residents%s",
                window.role().word(),
                window.mixName(),
                window.scheduledPerSecond(),
                window.offeredPerSecond(),
                window.servedPerSecond(),
                window.residents(),
                latency == null ? "" : String.format(Locale.ROOT, ", p99 %.1f ms", latency.p99() * 1000));
    }
}
