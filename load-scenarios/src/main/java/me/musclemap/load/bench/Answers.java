package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.FullHttpRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What the target answers: the same few bytes to everything, or to each operation an answer as large as the API's. Immutable. */
final class Answers {
    /**
     * One answer.
     *
     * @param zipped the same, compressed, for those who accept it; null for one that is too small
     * @param keepsToken whether a cookie comes with it
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, read for each answer
    record Answer(byte[] plain, byte @Nullable [] zipped, boolean keepsToken) {}

    private static final Pattern NAME = Pattern.compile("\"operationName\":\"([A-Za-z]+)\"");
    private static final String REFRESH = "/api/auth/refresh";
    /** Below this nobody compresses. */
    private static final int SMALLEST_ZIPPED = 1024;

    static final Answers SMALL = new Answers(Map.of(), answer("", 100));

    private final Map<String, Answer> byOperation;
    private final Answer other;

    private Answers(Map<String, Answer> byOperation, Answer other) {
        this.byOperation = Map.copyOf(byOperation);
        this.other = other;
    }

    /** Sizes by operation or path, from a JSON object; {@code default} is that of the others. */
    static Answers read(Path file) throws IOException {
        return of(new ObjectMapper().readTree(file.toFile()));
    }

    static Answers of(JsonNode sizes) {
        var answers = new HashMap<String, Answer>();
        sizes.fields()
                .forEachRemaining(each -> answers.put(
                        each.getKey(), answer(each.getKey(), each.getValue().asInt())));
        return new Answers(answers, answer("", sizes.path("default").asInt(100)));
    }

    Answer to(FullHttpRequest request) {
        if (byOperation.isEmpty()) {
            return other;
        }
        var path = request.uri();
        if (!path.startsWith("/api/graphql")) {
            int query = path.indexOf('?');
            return byOperation.getOrDefault(query < 0 ? path : path.substring(0, query), other);
        }
        var found = NAME.matcher(request.content().toString(StandardCharsets.UTF_8));
        return found.find() ? byOperation.getOrDefault(found.group(1), other) : other;
    }

    private static Answer answer(String operation, int bytes) {
        boolean keepsToken = operation.equals("Login") || operation.equals(REFRESH);
        var filler = new StringBuilder();
        for (int i = 0; filler.length() < bytes; i++) {
            // Rows that differ, so that they compress as rows do.
            filler.append(
                    "{\"id\":\"%08x\",\"name\":\"row %d\",\"value\":%d},".formatted(i * 0x9e3779b9, i, i * 37L % 1009));
        }
        var head = head(operation);
        int rest = Math.max(0, bytes - head.length() - 12);
        var text = head + ",\"rows\":\""
                + filler.toString().replace("\"", "'").substring(0, Math.min(rest, filler.length())) + "\"}}";
        var plain = text.getBytes(StandardCharsets.UTF_8);
        return new Answer(plain, plain.length < SMALLEST_ZIPPED ? null : zipped(plain), keepsToken);
    }

    /** What the generator looks for in an answer. */
    private static String head(String operation) {
        return switch (operation) {
            case "Login", "Register" ->
                "{\"data\":{\"login\":{\"token\":\"" + "t".repeat(300) + "\",\"user\":{\"id\":\"u\"}}";
            case REFRESH -> "{\"data\":{\"token\":{\"token\":\"" + "t".repeat(300) + "\"}";
            case "StartWorkoutSession" ->
                "{\"data\":{\"startWorkoutSession\":{\"session\":{\"id\":\"ws_1\",\"userId\":\"u\"}}";
            default -> "{\"data\":{\"answer\":true";
        };
    }

    private static byte[] zipped(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }
}
