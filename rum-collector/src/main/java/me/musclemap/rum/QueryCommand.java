package me.musclemap.rum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks a running collector. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Asks a running collector: p75 and shares of a vital.")
final class QueryCommand implements Callable<Integer> {
    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8090",
            description = "the collector (default: ${DEFAULT-VALUE})")
    private URI url = URI.create("http://127.0.0.1:8090");

    @Option(names = "--metric", required = true, description = "LCP, INP, CLS, FCP, TTFB, FID, first_workout_log, ...")
    private String metric = "";

    @Option(
            names = "--group",
            paramLabel = "DIMENSION",
            split = ",",
            description = "route, navigation, device, connection, country, release, source")
    private List<String> group = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "DIMENSION=VALUE",
            description = "page views with this value only; 'any' lifts a default")
    private Map<String, String> only = new LinkedHashMap<>();

    @Option(names = "--from", paramLabel = "TIME", description = "for example 2026-11-22T14:00:00Z; default: a day ago")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", description = "default: now")
    private String to = "";

    @Option(names = "--step", defaultValue = "", description = "minute, hour or day: split by time too")
    private String step = "";

    @Option(names = "--json", description = "the collector's answer as it is")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var parameters = new LinkedHashMap<String, String>(only);
        parameters.put("metric", metric);
        parameters.put("group", String.join(",", group));
        if (!from.isEmpty()) {
            parameters.put("from", from);
        }
        if (!to.isEmpty()) {
            parameters.put("to", to);
        }
        if (!step.isEmpty()) {
            parameters.put("step", step);
        }
        JsonNode answer = new RunningCollector(url).ask("/v1/query", parameters);
        if (json) {
            System.out.println(answer);
        } else {
            print(answer);
        }
        return 0;
    }

    private void print(JsonNode answer) {
        System.out.printf(
                "%s, %s to %s, %s%n",
                answer.path("metric").asText(),
                answer.path("from").asText(),
                answer.path("to").asText(),
                answer.path("only"));
        var columns = new ArrayList<>(group);
        if (!step.isEmpty()) {
            columns.add(0, "at");
        }
        System.out.printf(
                "%-40s %10s %10s %8s %8s %8s%n",
                String.join(", ", columns), "count", "p75", "good", "middling", "poor");
        for (JsonNode row : answer.path("groups")) {
            row(
                    String.join(
                            ", ",
                            columns.stream()
                                    .map(name -> row.path(name).asText())
                                    .toList()),
                    row,
                    answer);
        }
        row("total", answer.path("total"), answer);
    }

    private static void row(String name, JsonNode row, JsonNode answer) {
        if (row.path("count").asLong() == 0) {
            System.out.printf("%-40s %10d%n", name, 0);
            return;
        }
        System.out.printf(
                "%-40s %10d %8.4g%2s %7.1f%% %7.1f%% %7.1f%%%n",
                name,
                row.path("count").asLong(),
                row.path("p75").asDouble(),
                answer.path("unit").asText(),
                row.path("good").asDouble() * 100,
                row.path("needsImprovement").asDouble() * 100,
                row.path("poor").asDouble() * 100);
    }
}
