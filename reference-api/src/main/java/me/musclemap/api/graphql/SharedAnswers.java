package me.musclemap.api.graphql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import me.musclemap.telemetry.http.GraphqlTelemetry;
import org.jspecify.annotations.Nullable;

/**
 * Whole answers that are the same for everybody, by the bytes of the request that asked for them: a client sends the same
 * bytes for the same question, and then nothing has to be parsed, looked up or written. Bounded by its bytes, and no older
 * than the values that this process keeps. Safe for use by many threads.
 */
final class SharedAnswers {
    private static final int REQUEST_BYTES_MAX = 8 * 1024;
    private static final long BYTES_MAX = 32L * 1024 * 1024;
    private static final Duration LIFE = Duration.ofSeconds(5);

    private final Cache<Request, Stored> answers = Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .weigher((Request request, Stored stored) -> request.bytes.length + stored.answer.size())
            .expireAfterWrite(LIFE)
            .build();

    record Stored(String operation, GraphqlTelemetry.Type type, GraphqlEndpoint.Answer answer) {}

    Optional<Stored> find(byte[] request) {
        return request.length > REQUEST_BYTES_MAX
                ? Optional.empty()
                : Optional.ofNullable(answers.getIfPresent(new Request(request)));
    }

    void keep(byte[] request, Stored stored) {
        if (request.length <= REQUEST_BYTES_MAX) {
            answers.put(new Request(request), stored);
        }
    }

    /** Bytes that are equal when they hold the same. */
    private static final class Request {
        private final byte[] bytes;
        private final int hash;

        Request(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Request request && Arrays.equals(bytes, request.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
