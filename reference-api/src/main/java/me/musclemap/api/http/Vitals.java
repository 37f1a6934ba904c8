package me.musclemap.api.http;

import io.javalin.http.Context;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import me.musclemap.api.errors.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands web-vitals on to the collector, byte for byte, with what it looks at in the headers: who sent them, from which
 * page and country, and whether he asks not to be measured. Its answer is ours.
 */
final class Vitals {
    private static final Logger LOG = LoggerFactory.getLogger(Vitals.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private static final List<String> HEADERS = List.of(
            "Content-Type",
            "Content-Encoding",
            "User-Agent",
            "Origin",
            "Referer",
            "Sec-GPC",
            "DNT",
            "traceparent",
            // What edges name the country and the address in; the collector is told which of them to believe.
            "CF-IPCountry",
            "CloudFront-Viewer-Country",
            "Fastly-Country-Code",
            "X-AppEngine-Country",
            "X-Client-Geo-Country",
            "X-Country-Code",
            "X-Vercel-IP-Country",
            "CF-Connecting-IP",
            "Fastly-Client-IP",
            "True-Client-IP",
            "X-Real-IP");

    private final Optional<URI> collector;
    private final HttpClient client;

    /** Hands on to the collector at {@code base}; without one every beacon is refused. */
    Vitals(Optional<URI> base) {
        collector = base.map(url -> URI.create(url.toString().replaceFirst("/+$", "") + "/api/vitals"));
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .executor(Executors.newSingleThreadExecutor(task -> {
                    var thread = new Thread(task, "vitals");
                    thread.setDaemon(true);
                    return thread;
                }))
                .build();
    }

    CompletableFuture<?> forward(Context context) {
        URI target = collector.orElseThrow(Vitals::away);
        var request = HttpRequest.newBuilder(target)
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(context.bodyAsBytes()));
        for (String name : HEADERS) {
            String value = context.header(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        request.header(FORWARDED_FOR, forwardedFor(context));
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray()).handle((answer, failure) -> {
            if (answer == null) {
                LOG.warn("collector unavailable reason={}", failure.getClass().getSimpleName());
                Errors.answer(context, away());
            } else {
                answer(context, answer);
            }
            return answer;
        });
    }

    /** All who forwarded it, then the address that we saw: we are a proxy as any other. */
    private static String forwardedFor(Context context) {
        var addresses = new ArrayList<String>(Collections.list(context.req().getHeaders(FORWARDED_FOR)));
        addresses.add(context.req().getRemoteAddr());
        return String.join(", ", addresses);
    }

    private static void answer(Context context, HttpResponse<byte[]> answer) {
        context.status(answer.statusCode());
        answer.headers().firstValue("Retry-After").ifPresent(seconds -> context.header("Retry-After", seconds));
        answer.headers().firstValue("Content-Type").ifPresent(context::contentType);
        if (answer.body().length > 0) {
            context.result(answer.body());
        }
    }

    private static ApiError away() {
        return new ApiError(ApiError.Code.SERVICE_UNAVAILABLE, "The collector is unavailable, try again");
    }
}
