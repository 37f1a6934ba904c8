package me.musclemap.alerts.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import me.musclemap.alerts.InputException;
import me.musclemap.alerts.Json;
import org.jspecify.annotations.Nullable;

/** {@code capacity.json} of a run. Where the model does not fit there is the file, but no rate in it. */
public final class CapacityFile {
    private static final String REMEDY = "make it anew with 'headroom capacity plan RUN'";

    private final Path file;

    /** That of this run; nothing is read yet. */
    public CapacityFile(Path runDirectory) {
        file = runDirectory.resolve("capacity.json");
    }

    /**
     * An answer without a capacity.
     *
     * @param title the model's verdict in one line
     * @param reasons why, the most important first
     */
    public record Refused(String runId, String title, List<String> reasons) {
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    private record MaybeRefused(String runId, Quality quality, MaybeCapacity capacity, Title verdict) {}

    private record Quality(List<String> reasons) {}

    private record MaybeCapacity(@Nullable JsonNode policy) {}

    private record Title(String title) {}

    /**
     * Why there is no capacity in it, where the model refused to answer.
     *
     * @throws InputException when the file is missing or broken
     */
    public Optional<Refused> refused() {
        var answer = Json.read(file, MaybeRefused.class, REMEDY);
        JsonNode policy = answer.capacity().policy();
        return policy != null && policy.isNull()
                ? Optional.of(new Refused(
                        answer.runId(),
                        answer.verdict().title(),
                        answer.quality().reasons()))
                : Optional.empty();
    }

    /**
     * The answer as this record.
     *
     * @param lost what cannot be had of a model that refused, as in "no rules can be made of it"
     * @throws InputException when the file is missing or broken, or holds no capacity
     */
    public <T> T read(Class<T> type, String lost) {
        refused().ifPresent(refused -> {
            throw new InputException(
                    file + ": holds no capacity (" + refused.title() + "), so that " + lost + ": record the run again");
        });
        return Json.read(file, type, REMEDY);
    }
}
