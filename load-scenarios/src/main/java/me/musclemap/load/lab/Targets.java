package me.musclemap.load.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What has to be true of a deployment before anything is sent to it. */
final class Targets {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Targets() {}

    static void require(URI target, boolean owned, MeasuringRun.Scenario scenario) {
        var host = target.getHost();
        if (host == null || target.getScheme() == null || !target.getScheme().startsWith("http")) {
            throw LabException.wrongArguments(
                    "--target=" + target + ": write an address such as http://127.0.0.1:3000");
        }
        if (scenario == MeasuringRun.Scenario.calibrate) {
            throw LabException.wrongArguments(
                    "--target=" + target
                            + ": calibrate needs the CPU of every station, which only the embedded stack gives here; use the scenario smoke");
        }
        if (!owned && !isLoopback(target, host)) {
            throw LabException.wrongArguments("--target=" + target
                    + ": this is not this machine; add --i-own-this-target if it is yours to load");
        }
        try {
            var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
            var request = HttpRequest.newBuilder(target.resolve("/health"))
                    .timeout(PATIENCE)
                    .build();
            http.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw LabException.failed(
                    "--target=" + target + ": no answer (" + why + "): start it, or give its address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LabException.failed("interrupted");
        }
    }

    private static boolean isLoopback(URI target, String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw LabException.failed("--target=" + target + ": the name " + host + " is not known: correct it");
        }
    }
}
