package me.musclemap.load.lab;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import me.musclemap.load.record.RunRecord;

/** What has to be true of a deployment before anything is sent to it. */
final class Targets {
    /** Beyond this share of the requests the limiter decides what is measured. */
    private static final double LIMITED = 0.01;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Targets() {}

    static void require(URI target, boolean owned, Scenario scenario) {
        var host = target.getHost();
        if (host == null || target.getScheme() == null || !target.getScheme().startsWith("http")) {
            throw LabException.wrongArguments(
                    "--target=" + target + ": write an address such as http://127.0.0.1:3000");
        }
        var only = switch (scenario) {
            case calibrate -> "needs the CPU of every station";
            case failover -> "kills a program of the stack";
            case million -> "mints a token for each of its users";
            default -> "";
        };
        if (!only.isEmpty()) {
            throw LabException.wrongArguments("--target=" + target + ": " + scenario + " " + only
                    + ", which only the embedded stack allows here; use another scenario");
        }
        if (!owned && !isLoopback(target, host)) {
            throw LabException.wrongArguments("--target=" + target
                    + ": this is not this machine; add --i-own-this-target if it is yours to load");
        }
        ask(target).ifPresent(why -> {
            throw LabException.failed(
                    "--target=" + target + ": no answer (" + why + "): start it, or give its address");
        });
    }

    /** Fails when it is gone, or when its limiter is what is being measured. */
    static void requireStill(URI target, RunRecord record, Map<String, Long> failures) {
        var windows = record.windows();
        if (windows.isEmpty()) {
            return;
        }
        var last = windows.get(windows.size() - 1);
        if (last.completedCount() == 0 && last.failedCount() > 0) {
            ask(target).ifPresent(why -> {
                throw LabException.failed("--target=" + target + ": it no longer answers (" + why + "), since window "
                        + last.index() + " all requests failed: the record so far is kept as partial");
            });
        }
        long limited = failures.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("http 429"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        long all = windows.stream()
                .mapToLong(window -> window.completedCount() + window.failedCount())
                .sum();
        if (limited > LIMITED * all) {
            throw LabException.failed("--target=" + target + ": its limiter answered 429 to " + limited + " of " + all
                    + " requests, because all come from one address: lower --rate, or add --vary-client-address if it trusts"
                    + " X-Forwarded-For from here; the record so far is kept as partial");
        }
    }

    /** Why it gives no answer; empty when it gives any. */
    private static Optional<String> ask(URI target) {
        try {
            send(target);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(words(e));
        }
    }

    /** Why it is not there; empty when it answers, and when it does not answer in time: that may be the load. */
    static Optional<String> gone(URI target) {
        try {
            send(target);
            return Optional.empty();
        } catch (HttpTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(words(e));
        }
    }

    private static void send(URI target) throws IOException {
        try {
            var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
            var request = HttpRequest.newBuilder(target.resolve("/health"))
                    .timeout(PATIENCE)
                    .build();
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted");
        }
    }

    private static String words(IOException e) {
        if (e.getMessage() != null) {
            return e.getMessage();
        }
        return e instanceof ConnectException
                ? "connection refused"
                : e.getClass().getSimpleName();
    }

    private static boolean isLoopback(URI target, String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw LabException.failed("--target=" + target + ": the name " + host + " is not known: correct it");
        }
    }
}
