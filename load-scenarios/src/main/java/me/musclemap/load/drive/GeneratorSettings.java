package me.musclemap.load.drive;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the generator is told in its first line. Immutable.
 *
 * @param api where GraphQL and REST requests go
 * @param rum where web vitals go; the API when empty
 * @param seed of every choice and pause
 * @param datasetSeed of the users' ids
 * @param users how many users the data set has
 * @param signingKey file with the ES256 key as JWK; empty: nobody starts with a token
 * @param outDir where {@code latency.hlog} goes
 * @param maxInFlight the most requests that can be in flight at one moment
 * @param sockets how many WebSockets stay open; empty: the workload's share of the residents
 * @param mintedTokenSeconds how long a minted token is good for
 * @param stretch every pause and every period of a poll is this many times as long; 1 or more
 * @param mintAll tokens are minted when residents are made, not when their first request is due
 * @param accounts file with the accounts of a target that has no users of ours; empty: the users of the data set
 * @param clientAddresses whether each user has an address of its own in {@code X-Forwarded-For}
 * @param writesFile where sets whose writing the server acknowledged are noted; empty: nowhere
 */
record GeneratorSettings(
        URI api,
        Optional<URI> rum,
        Path workload,
        long seed,
        long datasetSeed,
        int users,
        Optional<Path> signingKey,
        Path outDir,
        int maxInFlight,
        OptionalInt sockets,
        long mintedTokenSeconds,
        double stretch,
        boolean mintAll,
        Optional<Path> accounts,
        boolean clientAddresses,
        Optional<Path> writesFile) {
    /** More requests in flight than this and the generator itself would be the queue. */
    static final int MAX_IN_FLIGHT = 800;

    private static final int MOST_IN_FLIGHT = 20_000;

    static GeneratorSettings of(JsonNode line) {
        var target = required(line, "target");
        var dataset = required(line, "dataset");
        return new GeneratorSettings(
                url(required(target, "api")),
                target.hasNonNull("rum") ? Optional.of(url(target.get("rum"))) : Optional.empty(),
                Path.of(required(line, "workload").asText()),
                required(line, "seed").asLong(),
                required(dataset, "seed").asLong(),
                positive(dataset, "users", 10_000_000),
                line.hasNonNull("signingKey")
                        ? Optional.of(Path.of(line.get("signingKey").asText()))
                        : Optional.empty(),
                Path.of(required(line, "outDir").asText()),
                line.hasNonNull("maxInFlight") ? positive(line, "maxInFlight", MOST_IN_FLIGHT) : MAX_IN_FLIGHT,
                line.hasNonNull("sockets") ? OptionalInt.of(line.get("sockets").asInt()) : OptionalInt.empty(),
                line.hasNonNull("mintedTokenSeconds") ? positive(line, "mintedTokenSeconds", 86_400 * 30) : 3600,
                stretch(line),
                line.path("mintAll").asBoolean(false),
                file(line, "accounts"),
                line.path("clientAddresses").asBoolean(true),
                file(line, "writesFile"));
    }

    private static Optional<Path> file(JsonNode line, String key) {
        return line.hasNonNull(key) ? Optional.of(Path.of(line.get(key).asText())) : Optional.empty();
    }

    private static double stretch(JsonNode line) {
        double stretch = line.path("stretch").asDouble(1);
        if (!(stretch >= 1) || !Double.isFinite(stretch)) {
            throw new GeneratorException("stretch=" + line.get("stretch") + ": write 1 or more; pauses are never cut");
        }
        return stretch;
    }

    private static JsonNode required(JsonNode node, String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) {
            throw new GeneratorException(key + " is missing in the generator's settings: add it");
        }
        return value;
    }

    private static int positive(JsonNode node, String key, int most) {
        var value = required(node, key);
        if (!value.canConvertToInt() || value.asInt() < 1 || value.asInt() > most) {
            throw new GeneratorException(key + "=" + value + ": write a whole number from 1 to " + most);
        }
        return value.asInt();
    }

    private static URI url(JsonNode node) {
        try {
            var url = new URI(node.asText());
            if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                throw new GeneratorException("target=" + node + ": write a URL like http://127.0.0.1:8080");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new GeneratorException("target=" + node + ": write a URL like http://127.0.0.1:8080", e);
        }
    }

    /** The address without a slash at its end, to which paths are appended. */
    static String base(URI url) {
        var text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
