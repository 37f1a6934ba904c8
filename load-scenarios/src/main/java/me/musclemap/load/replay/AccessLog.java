package me.musclemap.load.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The requests of an access log: Caddy's JSON, or the common and the combined format; also gzipped. */
final class AccessLog {
    private static final Pattern COMMON = Pattern.compile(
            "(\\S+) \\S+ (\\S+) \\[([^\\]]+)] \"([A-Z]+) (\\S+)[^\"]*\" (\\d{3}) \\S+(?: \"([^\"]*)\" \"([^\"]*)\")?.*");
    private static final DateTimeFormatter COMMON_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
    private static final List<String> NAME_HEADERS =
            List.of("X-Apollo-Operation-Name", "X-Operation-Name", "X-Graphql-Operation-Name");
    private static final double MOST_UNREADABLE = 0.05;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Entry> entries = new ArrayList<>();
    private int lines;
    private int unreadable;

    private AccessLog() {}

    /**
     * A request.
     *
     * @param client who sent it, as far as the log tells people apart; never written anywhere
     * @param path without its query
     * @param operation of GraphQL; empty when the log does not name it
     * @param page the path of the page that sent it; "/" when not known
     */
    record Entry(
            long epochMillis, String client, String method, String path, String operation, String page, int status) {}

    /** Every request in the file. */
    static AccessLog read(Path file) {
        var log = new AccessLog();
        try (var in = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) {
                    log.lines++;
                    log.take(line);
                }
            }
        } catch (IOException e) {
            throw ReplayException.wrong(file + ": cannot be read: "
                    + (Files.exists(file) ? e.getMessage() : "not there; name an access log"));
        }
        if (log.entries.isEmpty() || log.unreadable > MOST_UNREADABLE * log.lines) {
            throw ReplayException.wrong(
                    file + ": " + log.unreadable + " of " + log.lines
                            + " lines are neither Caddy's JSON nor the common log format: name an access log of one of these forms");
        }
        return log;
    }

    private static InputStream open(Path file) throws IOException {
        var in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    List<Entry> entries() {
        return entries;
    }

    int unreadable() {
        return unreadable;
    }

    private void take(String line) {
        var entry = line.startsWith("{") ? caddy(line) : common(line);
        if (entry.isPresent()) {
            entries.add(entry.get());
        } else {
            unreadable++;
        }
    }

    private static Optional<Entry> caddy(String line) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return Optional.empty(); // counted by the caller
        }
        var request = node.path("request");
        var uri = request.path("uri").asText();
        if (uri.isEmpty() || !node.path("status").isNumber()) {
            return Optional.empty();
        }
        var millis = caddyMillis(node.path("ts"));
        if (millis.isEmpty()) {
            return Optional.empty();
        }
        var headers = request.path("headers");
        var client = request.path("client_ip").asText(request.path("remote_ip").asText());
        var name = NAME_HEADERS.stream()
                .map(header -> first(headers, header))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseGet(() -> operationIn(uri));
        return Optional.of(new Entry(
                millis.get(),
                client + " " + first(headers, "User-Agent"),
                request.path("method").asText(),
                OperationNames.withoutQuery(uri),
                name,
                page(first(headers, "Referer")),
                node.path("status").asInt()));
    }

    private static Optional<Long> caddyMillis(JsonNode ts) {
        if (ts.isNumber()) {
            return Optional.of(Math.round(ts.asDouble() * 1000));
        }
        try {
            return Optional.of(OffsetDateTime.parse(ts.asText()).toInstant().toEpochMilli());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String first(JsonNode headers, String name) {
        return headers.path(name).path(0).asText("");
    }

    private static Optional<Entry> common(String line) {
        var found = COMMON.matcher(line);
        if (!found.matches()) {
            return Optional.empty();
        }
        try {
            var agent = found.group(8) == null ? "" : found.group(8);
            var referer = found.group(7) == null ? "" : found.group(7);
            return Optional.of(new Entry(
                    OffsetDateTime.parse(found.group(3), COMMON_TIME)
                            .toInstant()
                            .toEpochMilli(),
                    found.group(1) + " " + found.group(2) + " " + agent,
                    found.group(4),
                    OperationNames.withoutQuery(found.group(5)),
                    operationIn(found.group(5)),
                    page(referer),
                    Integer.parseInt(found.group(6))));
        } catch (DateTimeException e) {
            return Optional.empty(); // counted by the caller
        }
    }

    /** Some clients and proxies put the operation's name behind the path. */
    private static String operationIn(String uri) {
        int query = uri.indexOf('?');
        if (query < 0) {
            return "";
        }
        for (var part : uri.substring(query + 1).split("&", -1)) {
            int equals = part.indexOf('=');
            var key = equals < 0 ? part : part.substring(0, equals);
            if (key.equals("operationName") || key.equals("op")) {
                return equals < 0 ? "" : decoded(part.substring(equals + 1));
            }
        }
        return "";
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // a broken escape names nothing
        }
    }

    private static String page(String referer) {
        int host = referer.indexOf("://");
        int path = host < 0 ? -1 : referer.indexOf('/', host + 3);
        var page = path < 0 ? "/" : OperationNames.withoutQuery(referer.substring(path));
        return page.matches("/[A-Za-z0-9/_-]{0,80}") ? page : "/";
    }
}
