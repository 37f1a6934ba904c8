package me.musclemap.capacity.plan;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import me.musclemap.capacity.measure.RunRecord;
import me.musclemap.capacity.measure.StrictNode;
import me.musclemap.capacity.predict.TrafficMix;

/**
 * How the users to come differ from those of the run's workload. With everything at 1 they are the same.
 *
 * @param requests requests of a user over those of the workload
 * @param pollingInterval times as long between two polls
 * @param pollShare share of each class that is polls
 * @param telemetryKept share of telemetry posts that are still sent
 * @param logins log-ins and registrations over those of the workload
 * @param sockets users with a socket over those of the workload
 * @param cacheLife times as long that answers may be kept, at the edge and at the origin
 * @param productionTracing whether the production stack traces requests, as it ships
 * @param productionCache whether the production stack's cache works, which it does not as it ships
 */
public record Asking(
        double requests,
        double pollingInterval,
        Map<String, Double> pollShare,
        double telemetryKept,
        double logins,
        double sockets,
        double cacheLife,
        boolean productionTracing,
        boolean productionCache) {
    private static final String LOGIN = "login";
    private static final Set<String> KEYS = Set.of(
            "requests",
            "pollingInterval",
            "pollShare",
            "telemetryKept",
            LOGIN + "s",
            "sockets",
            "cacheLife",
            "productionTracing",
            "productionCache");

    public Asking {
        pollShare = Map.copyOf(pollShare);
    }

    static Asking read(StrictNode node) {
        node.onlyKeys(KEYS);
        Map<String, Double> pollShare = Assumptions.stated(node, "pollShare").amounts("value");
        pollShare.forEach((name, share) -> {
            if (share > 1) {
                throw node.at("pollShare").at("value").at(name).wrong("a share, at most 1");
            }
        });
        return new Asking(
                Assumptions.positive(node, "requests"),
                Assumptions.positive(node, "pollingInterval"),
                pollShare,
                Assumptions.share(node, "telemetryKept"),
                Assumptions.amount(node, "logins"),
                Assumptions.amount(node, "sockets"),
                Assumptions.amount(node, "cacheLife"),
                Assumptions.flag(node, "productionTracing"),
                Assumptions.flag(node, "productionCache"));
    }

    /**
     * What one user in session then asks.
     *
     * @param perSecond headline requests
     * @param socketShare of users in session that hold a socket
     */
    public record PerUser(double perSecond, double socketShare, TrafficMix mix) {}

    /** Of the run's workload, changed. */
    public PerUser of(RunRecord run) {
        RunRecord.Workload workload = run.workload();
        TrafficMix asMeasured = TrafficMix.of(run);
        var shares = new HashMap<String, Double>();
        double headline = 0;
        double telemetry = 0;
        for (int c = 0; c < asMeasured.perRequest().length; c++) {
            String name = run.classes().get(c).name();
            double factor = requests;
            if (asMeasured.headline()[c]) {
                double polls = pollShare.getOrDefault(name, 0.0);
                factor *= 1 - polls + polls / pollingInterval;
                factor *= name.equals(LOGIN) ? logins : 1;
                headline += asMeasured.perRequest()[c] * factor;
            } else {
                factor *= telemetryKept;
                telemetry += asMeasured.perRequest()[c] * factor;
            }
            shares.put(name, asMeasured.perRequest()[c] * factor);
        }
        return new PerUser(
                workload.requestsPerSecondPerUser() * headline,
                Math.min(1, workload.socketShare() * sockets),
                TrafficMix.of(run.classes(), shares, telemetry / headline));
    }
}
