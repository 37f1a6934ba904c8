package me.musclemap.capacity.solve;

import java.util.Arrays;
import me.musclemap.capacity.cache.CacheTiers;
import me.musclemap.capacity.cache.LruCache;
import me.musclemap.capacity.cache.TtlCache;
import me.musclemap.capacity.solve.Answer.Reason;

/** Cases of caches. */
final class CacheCases {
    private CacheCases() {}

    static Answer solve(Inputs in) {
        return in.has("rate_per_key") || in.has("ttl") ? ttl(in) : lru(in);
    }

    private static Answer lru(Inputs in) {
        LruCache cache =
                LruCache.of(in.count("items", 1, 1_000_000_000), in.notNegative("zipf"), in.notNegative("capacity"));
        return new Answer()
                .put("hit_ratio", cache.hitRatio())
                .put("characteristic_time", cache.characteristicRequests());
    }

    private static Answer ttl(Inputs in) {
        double[] rate = in.notNegatives("rate_per_key");
        double[] ttl = in.notNegativesOrInfinite("ttl");
        int keys = Math.max(rate.length, ttl.length);
        if (rate.length != ttl.length && rate.length != 1 && ttl.length != 1) {
            throw new InvalidInputException("ttl", "has " + ttl.length + " values, rate_per_key has " + rate.length);
        }
        double[] hit = new double[keys];
        double[] misses = new double[keys];
        for (int i = 0; i < keys; i++) {
            TtlCache cache = new TtlCache(rate[rate.length == 1 ? 0 : i], ttl[ttl.length == 1 ? 0 : i]);
            hit[i] = cache.hitRatio();
            misses[i] = cache.missesPerSecond();
        }
        boolean asList = in.isList("rate_per_key") || in.isList("ttl");
        return new Answer().putAs(asList, "hit", hit).putAs(asList, "misses_per_s", misses);
    }

    static Answer tiers(Inputs in) {
        CacheTiers tiers = new CacheTiers(
                in.share("l1"), in.share("l2_of_l1_misses"), in.share("l3_of_l2_misses"), in.share("write_share", 0));
        Answer answer = new Answer()
                .put("edge_share", tiers.beyondFirst())
                .put("origin_share", tiers.beyondSecond())
                .put("db_share", tiers.beyondThird())
                .put("reduction_of_db_load", 1 - tiers.beyondThird());
        if (!in.has("claimed_db_share")) {
            return answer;
        }
        double claimed = in.share("claimed_db_share");
        answer.put("claim_holds", tiers.beyondThird() <= claimed * (1 + 1e-12));
        double second = tiers.secondNeededFor(claimed);
        double third = tiers.thirdNeededFor(claimed);
        if (second <= 1) {
            answer.put("l2_needed_for_claim", second);
        }
        if (third <= 1) {
            answer.put("l3_needed_for_claim", third);
        }
        return answer;
    }

    static Answer arithmetic(Inputs in) {
        if (in.has("l1") || in.has("l2_of_l1_misses")) {
            return tiers(in);
        }
        if (in.has("bytes_per_month")) {
            return bandwidth(in);
        }
        return in.has("sockets") ? sockets(in) : socketsMax(in);
    }

    private static Answer bandwidth(Inputs in) {
        double perSecond = in.notNegative("bytes_per_month") / (in.positive("days", 30) * 86_400);
        Answer answer = new Answer().put("mean_mbit_s", perSecond * 8 / 1e6);
        if (in.has("response_bytes")) {
            double[] requests = Arrays.stream(in.notNegatives("response_bytes"))
                    .map(bytes -> perSecond / positive("response_bytes", bytes))
                    .toArray();
            answer.putAs(in.isList("response_bytes"), "requests_per_s", requests);
        }
        if (in.has("bytes_per_request")) {
            double users = perSecond
                    / in.positive("bytes_per_request")
                    / positive("origin_share", in.share("origin_share"))
                    / in.positive("requests_per_user_per_s");
            answer.put("max_mean_users", users);
            if (in.has("peak_to_mean")) {
                answer.put("max_peak_users", users * in.positive("peak_to_mean"));
            }
        }
        return answer;
    }

    private static double positive(String key, double value) {
        if (!(value > 0)) {
            throw new InvalidInputException(key, value + " must be above 0");
        }
        return value;
    }

    private static Answer sockets(Inputs in) {
        double bytes = in.notNegative("bytes_per_socket");
        double[] gigabytes = Arrays.stream(in.notNegatives("sockets"))
                .map(sockets -> sockets * bytes / 1e9)
                .toArray();
        boolean asList = in.isList("sockets");
        return new Answer()
                .putAs(asList, "gb", gigabytes)
                .putAs(
                        asList,
                        "share_of_8gb",
                        Arrays.stream(gigabytes).map(gb -> gb / 8).toArray());
    }

    /** A safety below 1 is the share of the free memory that may be used; above 1 what the need is multiplied by. */
    private static Answer socketsMax(Inputs in) {
        double free = (in.notNegative("ram_gb") - in.notNegative("reserved_gb", 0)) * 1e9;
        double safety = in.positive("safety", 1);
        double sockets = free / in.positive("bytes_per_socket") * (safety <= 1 ? safety : 1 / safety);
        return free < 0
                ? Answer.infeasible(Reason.INFEASIBLE, "reserved_gb: more than ram_gb, so nothing is left for sockets")
                : new Answer().put("max_sockets", sockets);
    }
}
