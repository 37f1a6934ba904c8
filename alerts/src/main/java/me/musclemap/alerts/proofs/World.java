package me.musclemap.alerts.proofs;

import java.util.ArrayList;
import java.util.List;

/** Input series of a made-up service, built up for one proof. */
final class World {
    private static final String REQUESTS =
            "http_server_request_duration_seconds_count{job=\"api\",instance=\"api:1\",http_request_method=\"POST\","
                    + "http_route=\"%s\",http_response_status_code=\"%s\"}";

    private final int minutes;
    private final List<InputSeries> series = new ArrayList<>();

    /** A service that is watched for so long. */
    World(int minutes) {
        this.minutes = minutes;
    }

    World with(InputSeries input) {
        series.add(input);
        return this;
    }

    World gauge(String name, double value) {
        return with(InputSeries.of(name).steady(value, minutes));
    }

    World counter(String name, double perSecond) {
        return with(InputSeries.of(name).rising(perSecond, minutes));
    }

    /** Headline requests that are answered; they belong to no class, so each counts as one of the mix. */
    World requests(double perSecond) {
        return with(requestSeries("200").rising(perSecond, minutes));
    }

    World failing(double perSecond) {
        return with(requestSeries("503").rising(perSecond, minutes));
    }

    static InputSeries requestSeries(String status) {
        return InputSeries.of(REQUESTS.formatted("/api/graphql", status));
    }

    /** Requests of which this share is answered within {@code seconds}, the rest within ten times as long. */
    World answered(double perSecond, double shareWithin, double seconds) {
        bucket(number(seconds), perSecond * shareWithin);
        bucket(number(seconds * 10), perSecond);
        bucket("+Inf", perSecond);
        return requests(perSecond);
    }

    private void bucket(String bound, double perSecond) {
        counter(
                "http_server_request_duration_seconds_bucket{job=\"api\",http_route=\"/api/graphql\",le=\"" + bound
                        + "\"}",
                perSecond);
    }

    World cpu(String station, double cores) {
        return counter("headroom_station_cpu_seconds_total{job=\"agent\",station=\"" + station + "\"}", cores);
    }

    World pool(double active, double max) {
        gauge("hikaricp_connections_active{job=\"api\",instance=\"api:1\",pool=\"db\"}", active);
        return gauge("hikaricp_connections_max{job=\"api\",instance=\"api:1\",pool=\"db\"}", max);
    }

    private static String number(double value) {
        return InputSeries.decimal(value).stripTrailingZeros().toPlainString();
    }

    /** That the alert fires in the last minute. */
    Proof fires(String claim) {
        return new Proof(claim, minutes - 1, true, series);
    }

    /** That the alert does not fire in the last minute. */
    Proof isQuiet(String claim) {
        return new Proof(claim, minutes - 1, false, series);
    }

    /** What holds after so many minutes. */
    Proof at(int minute, boolean firing, String claim) {
        return new Proof(claim, minute, firing, series);
    }
}
