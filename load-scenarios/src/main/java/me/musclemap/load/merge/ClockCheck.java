package me.musclemap.load.merge;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;

/**
 * How far this machine's clock is from the target's. The {@code Date} header has whole seconds, so the target is asked until the second
 * changes: at that moment its clock shows no fraction.
 */
final class ClockCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LONGEST_MILLIS = 2500;
    private static final long PAUSE_MILLIS = 10;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /**
     * What was found.
     *
     * @param offsetMillis this clock minus the target's; empty when the target gives no date
     * @param errorMillis how wrong that can be: the time between two answers
     */
    record Offset(OptionalLong offsetMillis, long errorMillis) {}

    /** @throws ShardException when the target does not answer */
    Offset against(URI target) {
        long began = System.currentTimeMillis();
        long before = 0;
        var last = OptionalLong.empty();
        while (System.currentTimeMillis() - began < LONGEST_MILLIS) {
            long asked = System.currentTimeMillis();
            var second = epochMillis(target);
            if (second.isEmpty()) {
                return new Offset(OptionalLong.empty(), 0);
            }
            long answered = System.currentTimeMillis();
            if (last.isPresent() && second.getAsLong() > last.getAsLong()) {
                // The second began between the answer before and this one.
                long middle = (before + answered) / 2;
                return new Offset(OptionalLong.of(middle - second.getAsLong()), (answered - before + 1) / 2);
            }
            last = second;
            before = asked;
            sleep();
        }
        return new Offset(OptionalLong.empty(), 0);
    }

    private OptionalLong epochMillis(URI target) {
        try {
            var request = HttpRequest.newBuilder(target.resolve("/health"))
                    .timeout(PATIENCE)
                    .build();
            var date = http.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Date");
            return date.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(ZonedDateTime.parse(date.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()
                            .toEpochMilli());
        } catch (DateTimeParseException e) {
            return OptionalLong.empty(); // a date of another form is none that we can use
        } catch (IOException e) {
            var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw ShardException.failed(
                    "--target=" + target + ": no answer (" + why + "): start it, or give its address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ShardException.failed("interrupted");
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ShardException.failed("interrupted");
        }
    }
}
