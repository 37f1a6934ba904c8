package me.musclemap.capacity.solve;

import java.util.Arrays;
import java.util.Locale;
import me.musclemap.capacity.queue.ConstantServiceQueue;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.Erlang;
import me.musclemap.capacity.queue.FiniteQueue;
import me.musclemap.capacity.queue.MultiServerQueue;
import me.musclemap.capacity.queue.SingleServerQueue;
import me.musclemap.capacity.solve.Answer.Reason;

/** Cases of one queue. */
final class QueueCases {
    private static final int SERVERS_MAX = 100_000_000;

    private QueueCases() {}

    static Answer multiServer(Inputs in) {
        double arrivals = in.notNegative("lam");
        double services = in.positive("mu");
        int servers = in.count("servers", 1, SERVERS_MAX);
        boolean shared = discipline(in) == Discipline.PROCESSOR_SHARING;
        if (arrivals >= servers * services) {
            return unstable(arrivals / (servers * services)).put("rho", arrivals / (servers * services));
        }
        MultiServerQueue queue = new MultiServerQueue(arrivals, services, servers);
        Answer answer = new Answer()
                .put("rho", queue.utilisation())
                .put("erlangC", queue.probabilityOfWait())
                .put("R", queue.meanResponseSeconds())
                .put("L", queue.meanPresent());
        if (shared) {
            return answer; // nobody waits, and the percentiles have no closed form
        }
        return answer.put("W", queue.meanWaitSeconds())
                .put("Lq", queue.meanWaiting())
                .put("resp_p50", queue.responsePercentileSeconds(0.5))
                .put("resp_p95", queue.responsePercentileSeconds(0.95))
                .put("resp_p99", queue.responsePercentileSeconds(0.99))
                .put("wait_p90", queue.waitPercentileSeconds(0.9))
                .put("wait_p95", queue.waitPercentileSeconds(0.95))
                .put("wait_p99", queue.waitPercentileSeconds(0.99));
    }

    static Answer unstable(double utilisation) {
        return Answer.infeasible(
                Reason.UNSTABLE,
                "the servers are offered " + utilisation + " of what they carry: the queue has no end");
    }

    /** First come, first served unless the input says otherwise. */
    static Discipline discipline(Inputs in) {
        String text = in.text("discipline", "FCFS").toLowerCase(Locale.ROOT).strip();
        if (text.startsWith("fcfs") || text.startsWith("fifo") || text.startsWith("first")) {
            return Discipline.FIRST_COME_FIRST_SERVED;
        }
        if (text.startsWith("ps") || text.startsWith("processor")) {
            return Discipline.PROCESSOR_SHARING;
        }
        throw new InvalidInputException("discipline", "'" + text + "' is not known: give FCFS or PS");
    }

    static Answer erlang(Inputs in) {
        double[] offered = in.notNegatives("offered");
        boolean asList = in.isList("offered") || in.isList("servers") || in.isList("target");
        if (!in.has("servers") && in.has("target")) {
            for (double load : offered) {
                if (load > SERVERS_MAX) {
                    throw new InvalidInputException("offered", load + " must be at most " + SERVERS_MAX);
                }
            }
            double[] target = in.numbers("target");
            for (double share : target) {
                if (!(share > 0 && share <= 1)) {
                    throw new InvalidInputException("target", share + " must be above 0 and at most 1");
                }
            }
            return new Answer()
                    .putAs(
                            asList,
                            "servers",
                            pairs("target", offered, target, (o, t) -> Erlang.serversForBlocking(o, t)));
        }
        int[] counted = in.counts("servers", 0, SERVERS_MAX);
        double[] servers = Arrays.stream(counted).asDoubleStream().toArray();
        double[] waiting =
                pairs("servers", offered, servers, (o, m) -> o < m ? Erlang.waiting((int) m, o) : Double.NaN);
        Answer answer = new Answer()
                .putAs(asList, "blocking", pairs("servers", offered, servers, (o, m) -> Erlang.blocking((int) m, o)));
        boolean anyQueueEnds = Arrays.stream(waiting).anyMatch(Double::isFinite);
        return anyQueueEnds ? answer.putAs(asList, "prob_wait", waiting) : answer;
    }

    @FunctionalInterface
    private interface OfTwo {
        double at(double first, double second);
    }

    /** By place; a list of one stands for every place of the other. */
    private static double[] pairs(String key, double[] first, double[] second, OfTwo function) {
        int length = Math.max(first.length, second.length);
        if (first.length == 0
                || second.length == 0
                || (first.length != second.length && first.length > 1 && second.length > 1)) {
            throw new InvalidInputException(key, "has " + second.length + " values, offered has " + first.length);
        }
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = function.at(first[first.length == 1 ? 0 : i], second[second.length == 1 ? 0 : i]);
        }
        return result;
    }

    static Answer finite(Inputs in) {
        int servers = in.count("servers", 1, SERVERS_MAX);
        FiniteQueue queue = new FiniteQueue(
                in.notNegative("lam"), in.positive("mu"), servers, in.count("capacity", servers, 50_000_000));
        Answer answer = new Answer()
                .put("p0", queue.probabilityEmpty())
                .put("pK", queue.probabilityRejected())
                .put("L", queue.meanPresent())
                .put("X", queue.throughput())
                .put("R", queue.meanResponseSeconds())
                .put("W", queue.meanWaitSeconds())
                .put("U", queue.utilisation());
        if (in.has("wait_ccdf_at")) {
            double[] tail = Arrays.stream(in.notNegatives("wait_ccdf_at"))
                    .map(queue::probabilityOfWaitAbove)
                    .toArray();
            answer.putAs(in.isList("wait_ccdf_at"), "wait_ccdf", tail);
        }
        return answer;
    }

    static Answer singleServer(Inputs in) {
        double arrivals = in.notNegative("lam");
        double service = in.notNegative("mean_service");
        double rho = arrivals * service;
        Discipline discipline = discipline(in);
        double variation = discipline == Discipline.PROCESSOR_SHARING && !in.has("cv2") ? 1 : in.notNegative("cv2");
        if (rho >= 1) {
            return unstable(rho).put("rho", rho);
        }
        SingleServerQueue queue = new SingleServerQueue(arrivals, service, variation);
        Answer answer = new Answer().put("rho", queue.utilisation());
        return discipline == Discipline.PROCESSOR_SHARING
                ? answer.put("response", queue.sharedResponseSeconds()).put("slowdown", queue.sharedSlowdown())
                : answer.put("wait", queue.meanWaitSeconds())
                        .put("response", queue.meanResponseSeconds())
                        .put("Lq", queue.meanWaiting());
    }

    static Answer constantService(Inputs in) {
        double service = in.positive("service", 1);
        if (!in.has("rho") && in.has("lam")) {
            return constantService(in.notNegative("lam") * service, service);
        }
        return constantService(in.notNegative("rho"), service);
    }

    private static Answer constantService(double rho, double service) {
        if (rho >= 1) {
            return unstable(rho);
        }
        ConstantServiceQueue queue = new ConstantServiceQueue(rho, service);
        return new Answer()
                .put("wait_p50", queue.waitPercentileSeconds(0.5))
                .put("wait_p95", queue.waitPercentileSeconds(0.95))
                .put("wait_p99", queue.waitPercentileSeconds(0.99));
    }
}
