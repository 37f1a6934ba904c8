package me.musclemap.rum;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares two releases. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Asks a running collector whether a release made vitals worse.",
            "Exit code 0: fine. 3: something regressed. 4: nothing regressed, but more page views are needed to say fine."
        })
final class CompareCommand implements Callable<Integer> {
    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8090",
            description = "the collector (default: ${DEFAULT-VALUE})")
    private URI url = URI.create("http://127.0.0.1:8090");

    @Option(names = "--base", required = true, paramLabel = "RELEASE", description = "what is compared with")
    private String base = "";

    @Option(names = "--candidate", required = true, paramLabel = "RELEASE", description = "what may be worse")
    private String candidate = "";

    @Option(
            names = "--metric",
            split = ",",
            defaultValue = "LCP,INP,CLS",
            description = "one or more (default: ${DEFAULT-VALUE})")
    private List<String> metrics = List.of();

    @Option(
            names = "--only",
            paramLabel = "DIMENSION=VALUE",
            description = "page views with this route, source, navigation, device or connection only")
    private Map<String, String> only = new LinkedHashMap<>();

    @Option(names = "--from", defaultValue = "", paramLabel = "TIME", description = "default: seven days ago")
    private String from = "";

    @Option(names = "--to", defaultValue = "", paramLabel = "TIME", description = "default: now")
    private String to = "";

    @Option(names = "--json", description = "the collector's answer as it is")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var parameters = new LinkedHashMap<String, String>(only);
        parameters.put("base", base);
        parameters.put("candidate", candidate);
        parameters.put("metric", String.join(",", metrics));
        if (!from.isEmpty()) {
            parameters.put("from", from);
        }
        if (!to.isEmpty()) {
            parameters.put("to", to);
        }
        JsonNode answer = new RunningCollector(url).ask("/v1/compare", parameters);
        if (json) {
            System.out.println(answer);
        } else {
            print(answer);
        }
        return switch (answer.path("verdict").asText()) {
            case "fine" -> 0;
            case "regressed" -> 3;
            default -> 4;
        };
    }

    private static void print(JsonNode answer) {
        System.out.printf(
                "%s against %s, %s to %s%n",
                answer.path("candidate").asText(),
                answer.path("base").asText(),
                answer.path("from").asText(),
                answer.path("to").asText());
        for (JsonNode metric : answer.path("metrics")) {
            String unit = metric.path("unit").asText();
            String values = metric.has("baseP75")
                    ? "p75 %.4g%s -> %.4g%s"
                            .formatted(
                                    metric.path("baseP75").asDouble(),
                                    unit,
                                    metric.path("candidateP75").asDouble(),
                                    unit)
                    : "";
            System.out.printf(
                    "%-18s %9d %9d views  %-28s %s%n",
                    metric.path("metric").asText(),
                    metric.path("baseViews").asLong(),
                    metric.path("candidateViews").asLong(),
                    values,
                    metric.path("summary").asText());
        }
    }
}
