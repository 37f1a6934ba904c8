package me.musclemap.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Reads JSON contracts into records: a number written as text or a missing key is refused by its name. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new NullnessIntrospector())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private Json() {}

    /**
     * The file as a record.
     *
     * @param remedy what to do when it is missing or broken
     * @throws InputException when it is
     */
    public static <T> T read(Path file, Class<T> type, String remedy) {
        try {
            return parse(file.toString(), Files.readString(file), type, remedy);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; " + remedy, e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The text as a record; {@code name} stands for it in messages. */
    public static <T> T parse(String name, String text, Class<T> type, String remedy) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonMappingException e) {
            throw new InputException("%s: %s: %s; %s".formatted(name, key(e), firstLine(e), remedy), e);
        } catch (JsonProcessingException e) {
            throw new InputException("%s: not JSON: %s; %s".formatted(name, firstLine(e), remedy), e);
        }
    }

    private static String key(JsonMappingException e) {
        String key = e.getPath().stream()
                .map(part -> part.getFieldName() != null ? "." + part.getFieldName() : "[" + part.getIndex() + "]")
                .collect(Collectors.joining());
        return key.isEmpty() ? "the whole file" : key.substring(key.startsWith(".") ? 1 : 0);
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    }
}
