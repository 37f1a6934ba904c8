package me.musclemap.load.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Reads and writes run records. Strict: a wrong type, a missing key, a removed window or a changed file is an error. */
public final class RunRecords {
    static final String RUN_JSON = "run.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .withCoercionConfig(
                    LogicalType.Textual,
                    c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private RunRecords() {}

    /**
     * The record in this directory, checked.
     *
     * @throws RecordException if run.json is missing or malformed, or a file beside it is not the one that was written
     */
    public static RunRecord read(Path directory) {
        var file = directory.resolve(RUN_JSON);
        RunRecord record;
        try {
            record = JSON.readValue(file.toFile(), RunRecord.class);
        } catch (JsonProcessingException e) {
            throw RecordException.malformed(file + ": " + place(e) + reason(e), e);
        } catch (IOException e) {
            var why = Files.exists(file) ? String.valueOf(e.getMessage()) : "not there; name the directory of a run";
            throw RecordException.malformed(file + ": " + why, e);
        }
        Complete.missing(record).ifPresent(path -> {
            throw malformed(file, path + " is missing");
        });
        for (var recorded : record.files()) {
            checkFile(directory, recorded);
        }
        return record;
    }

    static byte[] bytes(RunRecord record) throws JsonProcessingException {
        return JSON.writeValueAsBytes(record);
    }

    private static void checkFile(Path directory, RunRecord.RecordedFile recorded) {
        var file = directory.resolve(recorded.name()).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw malformed(file, "lies outside the run; the record was changed after it was written");
        }
        try {
            if (!Sha256.of(file).equals(recorded.sha256())) {
                throw malformed(file, "is not the file that the run wrote (sha256 differs from run.json)");
            }
        } catch (NoSuchFileException e) {
            throw RecordException.malformed(file + ": run.json lists it, but it is not there", e);
        } catch (IOException e) {
            throw RecordException.malformed(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static RecordException malformed(Path file, String why) {
        return RecordException.malformed(file + ": " + why, new IllegalStateException(why));
    }

    private static String place(JsonProcessingException problem) {
        if (problem instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            return mapping.getPath().stream()
                            .map(step -> step.getFieldName() == null
                                    ? "[" + step.getIndex() + "]"
                                    : "." + step.getFieldName())
                            .collect(Collectors.joining())
                            .replaceFirst("^\\.", "")
                    + ": ";
        }
        var location = problem.getLocation();
        return location == null ? "" : "line " + location.getLineNr() + ": ";
    }

    private static String reason(JsonProcessingException problem) {
        if (problem instanceof ValueInstantiationException && problem.getCause() != null) {
            var cause = problem.getCause();
            return cause instanceof NullPointerException ? "a key is missing" : String.valueOf(cause.getMessage());
        }
        var text = problem.getOriginalMessage().lines().findFirst().orElse("malformed");
        return text.replaceFirst(" \\(set Deserialization.*", "").replaceFirst(" \\(but could if.*", "");
    }
}
