package me.musclemap.capacity.solve;

import java.util.LinkedHashMap;
import java.util.Map;
import me.musclemap.capacity.queue.MultiServerQueue;
import me.musclemap.capacity.solve.Answer.Reason;

/** Cases of the largest load within limits. */
final class HeadroomCases {
    private HeadroomCases() {}

    static Answer solve(Inputs in) {
        return in.has("service") ? queue(in) : constraints(in);
    }

    private static Answer queue(Inputs in) {
        double service = in.positive("service");
        int servers = in.count("servers", 1, 10_000_000);
        double limit = in.positive("p99_limit");
        double share = in.share("utilisation_limit", 0.7);
        double alone = new MultiServerQueue(0, 1 / service, servers).responsePercentileSeconds(0.99);
        if (alone > limit) {
            return Answer.infeasible(Reason.INFEASIBLE, "p99_limit: an idle system already takes " + alone + " s")
                    .put("p99_at_zero_load", alone);
        }
        double most = servers / service;
        double byResponse = rateWithin(service, servers, limit);
        double byUtilisation = share * most;
        return new Answer()
                .put("feasible", true)
                .put("p99_at_zero_load", alone)
                .put("lambda_max_p99", byResponse)
                .put("utilisation_at_p99", byResponse / most)
                .put("lambda_max_util70", byUtilisation)
                .put("lambda_sustainable", Math.min(byResponse, byUtilisation))
                .put("binding", byResponse < byUtilisation ? "p99" : "utilisation");
    }

    /** The largest rate whose 99th percentile is within the limit: it rises with the rate, so bisection finds it. */
    private static double rateWithin(double service, int servers, double limit) {
        double low = 0;
        double high = servers / service;
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                return low;
            }
            if (new MultiServerQueue(middle, 1 / service, servers).probabilityOfResponseAbove(limit) <= 0.01) {
                low = middle;
            } else {
                high = middle;
            }
        }
    }

    private static Answer constraints(Inputs in) {
        double perUser = in.positive("users_per_s_rate");
        boolean reachesOrigin = in.has("cpu_per_request") || in.has("bandwidth_bytes_month");
        double originRate = perUser * (reachesOrigin ? in.share("origin_share", 1) : 1);
        Map<String, Double> users = new LinkedHashMap<>();
        if (in.has("cpu_per_request")) {
            double free = in.notNegative("cores") * in.share("util_limit", 0.7);
            users.put("cpu", free / (in.notNegative("cpu_per_request") * originRate));
        }
        if (in.has("bytes_per_socket")) {
            double free = (in.notNegative("ram_gb") - in.notNegative("reserved_gb", 0)) * 1e9;
            users.put("memory", free / in.notNegative("bytes_per_socket"));
        }
        if (in.has("bandwidth_bytes_month")) {
            double perSecond = in.notNegative("bandwidth_bytes_month") / (in.positive("days", 30) * 86_400);
            users.put("bandwidth", perSecond / (in.notNegative("bytes_per_request") * originRate));
        }
        if (in.has("pool")) {
            double free = in.notNegative("pool") * in.share("pool_util_limit", 0.8);
            double held = in.notNegative("db_hold_s") * in.share("db_share") * perUser;
            users.put("connections", free / held);
        }
        return binding(users);
    }

    private static Answer binding(Map<String, Double> users) {
        if (users.isEmpty()) {
            throw new InvalidInputException("cpu_per_request", "no constraint is given: give at least one");
        }
        Answer each = new Answer();
        String binding = "";
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<String, Double> constraint : users.entrySet()) {
            each.put(constraint.getKey(), constraint.getValue());
            if (constraint.getValue() < least) {
                least = constraint.getValue();
                binding = constraint.getKey();
            }
        }
        if (least < 0) {
            return Answer.infeasible(Reason.INFEASIBLE, binding + ": more is reserved than there is")
                    .put("binding", binding);
        }
        return binding.isEmpty()
                ? Answer.infeasible(Reason.INFEASIBLE, "users: no constraint binds, so their number has no bound")
                : new Answer().put("users", each).put("binding", binding);
    }
}
