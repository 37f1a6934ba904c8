package me.musclemap.rum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

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
            description = "route, navigation, device, connection, release, source")
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
        var query = new ArrayList<String>();
        parameters.forEach((name, value) -> query.add(encoded(name) + "=" + encoded(value)));
        JsonNode answer =
                ask(URI.create(url.toString().replaceFirst("/+$", "") + "/v1/query?" + String.join("&", query)));
        if (json) {
            System.out.println(answer);
        } else {
            print(answer);
        }
        return 0;
    }

    private JsonNode ask(URI uri) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        HttpResponse<String> response;
        try {
            response = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IOException("--url=" + url + ": no collector answers there: " + e, e);
        }
        JsonNode answer = JsonMapper.builder().build().readTree(response.body());
        if (response.statusCode() == 400) {
            throw new IllegalArgumentException(answer.path("error").asText());
        }
        if (response.statusCode() != 200) {
            throw new IOException("--url=" + url + ": answered " + response.statusCode());
        }
        return answer;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void print(JsonNode answer) {
        System.out.printf(
                "%s, %s to %s, %s%n",
                answer.path("metric").asText(),
                answer.path("from").asText(),
                answer.path("to").asText(),
                answer.path("only"));
        System.out.printf(
                "%-40s %10s %10s %8s %8s %8s%n", String.join(", ", group), "count", "p75", "good", "middling", "poor");
        for (JsonNode row : answer.path("groups")) {
            row(
                    String.join(
                            ", ",
                            group.stream().map(name -> row.path(name).asText()).toList()),
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
