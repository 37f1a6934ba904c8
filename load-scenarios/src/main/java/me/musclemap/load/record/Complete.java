package me.musclemap.load.record;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what a record read from JSON lacks: a component that is null although it is not declared so. */
final class Complete {
    private Complete() {}

    /** The path of the first missing component, or empty. */
    static Optional<String> missing(Record record) {
        return in(record, "");
    }

    private static Optional<String> in(Object value, String path) {
        if (value instanceof Record record) {
            for (var component : record.getClass().getRecordComponents()) {
                var found = component(record, component, path);
                if (found.isPresent()) {
                    return found;
                }
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                var found = in(list.get(i), path + "[" + i + "]");
                if (found.isPresent()) {
                    return found;
                }
            }
        } else if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .filter(entry -> entry.getValue() == null)
                    .map(entry -> path + "." + entry.getKey())
                    .findFirst();
        }
        return Optional.empty();
    }

    private static Optional<String> component(Record record, RecordComponent component, String path) {
        var name = path.isEmpty() ? component.getName() : path + "." + component.getName();
        Object value;
        try {
            value = component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + name, e);
        }
        if (value == null) {
            return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    ? Optional.empty()
                    : Optional.of(name);
        }
        return in(value, name);
    }
}
