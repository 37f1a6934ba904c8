package me.musclemap.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Orders that whoever started {@code serve} may write to its standard input: {@code refresh-views}, which does at once what
 * happens at intervals, so that its cost can be measured by itself. Each is answered with one JSON line. Thread-safe.
 */
final class ServeOrders {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Consumer<String> answers;
    private final CompletableFuture<Supplier<CompletableFuture<Boolean>>> refresh = new CompletableFuture<>();

    /** @param answers takes each answer, from any thread */
    ServeOrders(Consumer<String> answers) {
        this.answers = answers;
    }

    /** From now on views can be made anew; an order that came before is obeyed now. */
    void refreshBy(Supplier<CompletableFuture<Boolean>> how) {
        refresh.complete(how);
    }

    /** Obeys one line. */
    void obey(String order) {
        var word = order.strip();
        if (word.isEmpty()) {
            return;
        }
        if (!word.equals("refresh-views")) {
            answer("error", "order '" + word + "': write refresh-views");
            return;
        }
        var unused = refresh.thenAccept(this::refresh);
    }

    private void refresh(Supplier<CompletableFuture<Boolean>> how) {
        long began = System.nanoTime();
        var unused = how.get().whenComplete((all, failure) -> refreshed(all, failure, began));
    }

    private void refreshed(@Nullable Boolean all, @Nullable Throwable failure, long beganNanos) {
        if (failure != null) {
            var cause = failure.getCause() == null ? failure : failure.getCause();
            refused(String.valueOf(cause.getMessage()));
        } else if (!Boolean.TRUE.equals(all)) {
            refused("another instance is at it");
        } else {
            answers.accept(JSON.createObjectNode()
                    .put("refreshed", true)
                    .put("seconds", (System.nanoTime() - beganNanos) / 1e9)
                    .toString());
        }
    }

    private void refused(String reason) {
        answers.accept(JSON.createObjectNode()
                .put("refreshed", false)
                .put("reason", reason)
                .toString());
    }

    private void answer(String key, String text) {
        answers.accept(JSON.createObjectNode().put(key, text).toString());
    }
}
