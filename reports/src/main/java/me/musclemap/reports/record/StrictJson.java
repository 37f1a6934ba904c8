package me.musclemap.reports.record;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into records and believes nothing: what a record does not mark {@code @Nullable} must be there, and a number written as text is refused.
 * Keys it does not know are passed over, since a contract may grow. Safe for use by many threads.
 */
final class StrictJson {
    private final JsonMapper mapper = JsonMapper.builder()
            .annotationIntrospector(new RequiredUnlessNullable())
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(
                                    com.fasterxml.jackson.databind.cfg.CoercionInputShape.Integer,
                                    com.fasterxml.jackson.databind.cfg.CoercionAction.Fail)
                            .setCoercion(
                                    com.fasterxml.jackson.databind.cfg.CoercionInputShape.Float,
                                    com.fasterxml.jackson.databind.cfg.CoercionAction.Fail)
                            .setCoercion(
                                    com.fasterxml.jackson.databind.cfg.CoercionInputShape.Boolean,
                                    com.fasterxml.jackson.databind.cfg.CoercionAction.Fail))
            .build();

    /** The record that {@code json} holds; {@code name} is what errors call it. */
    <T> T read(String name, String json, Class<T> type) throws RecordException {
        try {
            return mapper.readValue(json, type);
        } catch (ValueInstantiationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new RecordException("%s%s: %s".formatted(name, place(e), cause.getMessage()), e);
        } catch (MismatchedInputException e) {
            String found = found(json, e);
            throw new RecordException(
                    found.isEmpty()
                            ? "%s%s: %s".formatted(name, place(e), firstLine(e.getOriginalMessage()))
                            : "%s%s=%s: %s is needed".formatted(name, place(e), found, wanted(e.getTargetType())),
                    e);
        } catch (JsonMappingException e) {
            throw new RecordException("%s%s: %s".formatted(name, place(e), firstLine(e.getOriginalMessage())), e);
        } catch (JsonProcessingException e) {
            throw new RecordException(
                    "%s: not JSON at line %d: %s"
                            .formatted(
                                    name,
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getLineNr(),
                                    firstLine(e.getOriginalMessage())),
                    e);
        }
    }

    private static String place(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                .collect(Collectors.joining());
        return path.isEmpty() ? "" : ": " + (path.startsWith(".") ? path.substring(1) : path);
    }

    /** What stands at the place that the error names; empty where nothing does, or more than one value. */
    private String found(String json, JsonMappingException e) {
        try {
            JsonNode node = mapper.readTree(json);
            for (JsonMappingException.Reference step : e.getPath()) {
                node = step.getFieldName() == null ? node.path(step.getIndex()) : node.path(step.getFieldName());
            }
            return node.isMissingNode() || node.isContainerNode() ? "" : node.toString();
        } catch (JsonProcessingException unreadable) {
            return "";
        }
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getFields())
                    .filter(field -> field.isEnumConstant())
                    .map(field -> field.getAnnotation(com.fasterxml.jackson.annotation.JsonProperty.class))
                    .map(annotation -> annotation == null ? "" : annotation.value())
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        return type == int.class || type == Integer.class || type == long.class || type == Long.class
                ? "a whole number"
                : type == double.class || type == Double.class ? "a number" : "a " + type.getSimpleName();
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
    }

    /** Takes JSpecify's {@code @Nullable} on a record component as the one mark of a value that may be absent. */
    private static final class RequiredUnlessNullable extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
            return mayBeNull(member) ? super.hasRequiredMarker(member) : Boolean.TRUE;
        }

        @Override
        public JsonSetter.Value findSetterInfo(Annotated annotated) {
            return annotated instanceof AnnotatedParameter && !mayBeNull(annotated)
                    ? JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL)
                    : super.findSetterInfo(annotated);
        }

        private static boolean mayBeNull(Annotated annotated) {
            if (!(annotated instanceof AnnotatedParameter parameter)
                    || !(parameter.getOwner().getAnnotated() instanceof Executable constructor)) {
                return true;
            }
            return constructor.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(Nullable.class);
        }
    }
}
