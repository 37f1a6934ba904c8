package me.musclemap.capacity.solve;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.MultiServerQueue;
import me.musclemap.capacity.queue.Screening;
import me.musclemap.capacity.queue.ServiceTime;
import me.musclemap.capacity.queue.SingleServerQueue;
import me.musclemap.capacity.simulate.Estimate;
import me.musclemap.capacity.simulate.Plan;
import me.musclemap.capacity.simulate.QueueSimulation;

/**
 * Percentiles of M/G/m. The printed number is exact where a formula is, otherwise simulated; the 95 % half widths and the
 * screening formula stand beside it, with the outputs on which the two differ by more than a fifth.
 */
final class SimulatedCases {
    private static final long SEED = 20_261_122;
    private static final long REQUESTS_MIN = 4_000_000;
    private static final long REQUESTS_MAX = 20_000_000;
    private static final double DISAGREEMENT = 0.2;
    private static final Pattern ERLANG = Pattern.compile("erlang(?:-|_| |\\(k=)?(\\d+)?.*");

    private SimulatedCases() {}

    static Answer solve(Inputs in) {
        int servers = in.count("servers", 1, 1_000_000);
        Discipline discipline = QueueCases.discipline(in);
        ServiceTime service = service(in, servers);
        double arrivals = arrivals(in, servers, service.mean());
        double rho = arrivals * service.mean() / servers;
        if (rho >= 1) {
            return QueueCases.unstable(rho);
        }
        if (arrivals == 0) {
            return alone(service, discipline);
        }
        Outputs outputs = new Outputs(discipline, servers, arrivals, service, plan(rho, service));
        return outputs.answer();
    }

    /** More requests where they scatter more: at high load and for uneven services. */
    private static Plan plan(double rho, ServiceTime service) {
        double wanted = REQUESTS_MIN * (1 + service.squaredVariation()) / (1 - rho) / 4;
        return Plan.of((long) Math.min(REQUESTS_MAX, Math.max(REQUESTS_MIN, wanted)), SEED);
    }

    private static Answer alone(ServiceTime service, Discipline discipline) {
        Answer answer = new Answer()
                .put("mean", service.mean())
                .put("p50", service.quantile(0.5))
                .put("p90", service.quantile(0.9))
                .put("p95", service.quantile(0.95))
                .put("p99", service.quantile(0.99));
        return discipline == Discipline.PROCESSOR_SHARING
                ? answer
                : answer.put("mean_wait", 0.0)
                        .put("prob_wait", 0.0)
                        .put("wait_p95", 0.0)
                        .put("wait_p99", 0.0);
    }

    private static double arrivals(Inputs in, int servers, double mean) {
        if (!in.has("lam")) {
            return in.notNegative("rho") * servers / mean;
        }
        double arrivals = in.notNegative("lam");
        if (in.has("rho")
                && Math.abs(arrivals * mean / servers - in.notNegative("rho")) > 1e-6 * Math.max(1, arrivals)) {
            throw new InvalidInputException(
                    "rho",
                    in.number("rho") + " is not lam * mean_service / servers = " + arrivals * mean / servers
                            + ": give one of lam and rho, or both in agreement");
        }
        return arrivals;
    }

    private static double mean(Inputs in, int servers) {
        if (!in.has("mean_service") && in.hasAll("lam", "rho")) {
            return in.positive("rho") * servers / in.positive("lam");
        }
        return in.positive("mean_service", 1);
    }

    private static ServiceTime service(Inputs in, int servers) {
        if (in.isList("service_times") || in.isList("service")) {
            return ServiceTime.empirical(in.notNegatives(in.isList("service_times") ? "service_times" : "service"));
        }
        String name = in.text("service", in.has("cv2") || in.has("lognormal_sigma") ? "lognormal" : "exponential")
                .toLowerCase(Locale.ROOT)
                .strip();
        double mean = mean(in, servers);
        if (name.contains("hyper")) {
            double variation = in.number("cv2");
            if (variation < 1) {
                throw new InvalidInputException("cv2", variation + " must be 1 or more for a hyperexponential service");
            }
            return ServiceTime.hyperexponential(mean, variation);
        }
        if (name.contains("lognormal") || name.contains("log-normal")) {
            return lognormal(in, mean);
        }
        Matcher erlang = ERLANG.matcher(name);
        if (erlang.matches()) {
            return erlang(in, mean, Optional.ofNullable(erlang.group(1)));
        }
        if (name.startsWith("determin") || name.startsWith("constant")) {
            requireVariation(in, 0);
            return ServiceTime.constant(mean);
        }
        if (name.startsWith("exponential")) {
            requireVariation(in, 1);
            return ServiceTime.exponential(mean);
        }
        if (name.startsWith("gamma")) {
            return ServiceTime.gamma(mean, in.positive("cv2"));
        }
        throw new InvalidInputException(
                "service",
                "'" + name + "' is not known: give deterministic, exponential, Erlang-k, gamma, lognormal, "
                        + "balanced 2-phase hyperexponential, or a list of observed times");
    }

    private static void requireVariation(Inputs in, double variation) {
        if (in.has("cv2") && Math.abs(in.notNegative("cv2") - variation) > 1e-9) {
            throw new InvalidInputException("cv2", in.number("cv2") + " is not this service's " + variation);
        }
    }

    private static ServiceTime lognormal(Inputs in, double mean) {
        double fromSigma = in.has("lognormal_sigma") ? Math.expm1(Math.pow(in.notNegative("lognormal_sigma"), 2)) : -1;
        double variation = in.has("cv2") ? in.notNegative("cv2") : fromSigma;
        if (variation < 0) {
            throw new InvalidInputException("cv2", "is missing, and so is lognormal_sigma");
        }
        if (fromSigma >= 0 && Math.abs(fromSigma - variation) > 1e-6 * (1 + variation)) {
            throw new InvalidInputException("lognormal_sigma", "gives cv2 " + fromSigma + ", but cv2 is " + variation);
        }
        return variation == 0 ? ServiceTime.constant(mean) : ServiceTime.lognormal(mean, variation);
    }

    private static ServiceTime erlang(Inputs in, double mean, Optional<String> stages) {
        double variation = stages.isPresent() ? 1 / Double.parseDouble(stages.get()) : in.positive("cv2");
        if (!Double.isFinite(variation)) {
            throw new InvalidInputException("service", "Erlang-0 has no stage: give at least 1");
        }
        if (in.has("cv2") && Math.abs(in.notNegative("cv2") - variation) > 1e-6) {
            throw new InvalidInputException("cv2", in.number("cv2") + " is not the 1/k of the service, " + variation);
        }
        return ServiceTime.gamma(mean, variation);
    }

    /** Exact, simulated and screened numbers of one queue. */
    private static final class Outputs {
        private final boolean shared;
        private final boolean exponential;
        private final ServiceTime service;
        private final MultiServerQueue markov;
        private final SingleServerQueue single;
        private final int servers;
        private final Screening screening;
        private final QueueSimulation simulation;
        private final Answer answer = new Answer();
        private final Answer halfWidths = new Answer();
        private final Answer screened = new Answer();
        private final StringJoiner disagreeing = new StringJoiner(", ");

        Outputs(Discipline discipline, int servers, double arrivals, ServiceTime service, Plan plan) {
            this.shared = discipline == Discipline.PROCESSOR_SHARING;
            this.service = service;
            this.servers = servers;
            this.exponential = service.equals(ServiceTime.exponential(service.mean()));
            this.markov = new MultiServerQueue(arrivals, 1 / service.mean(), servers);
            this.single =
                    new SingleServerQueue(servers == 1 ? arrivals : 0, service.mean(), service.squaredVariation());
            this.screening = Screening.of(arrivals, servers, service, discipline);
            this.simulation = QueueSimulation.run(arrivals, servers, service, discipline, plan);
        }

        Answer answer() {
            add("mean", exactMean(), simulation.meanResponse(), screening.meanResponseSeconds());
            for (int percent : List.of(50, 90, 95, 99)) {
                double quantile = percent / 100.0;
                Optional<Double> exact = exponential && !shared
                        ? Optional.of(markov.responsePercentileSeconds(quantile))
                        : Optional.empty();
                add(
                        "p" + percent,
                        exact,
                        simulation.responsePercentile(quantile),
                        screening.responsePercentileSeconds(quantile));
            }
            if (!shared) {
                waits();
            }
            answer.put("ci95_half_width", halfWidths).put("screening", screened);
            return disagreeing.length() == 0 ? answer : answer.put("screening_disagrees_on", disagreeing.toString());
        }

        private void waits() {
            add(
                    "mean_wait",
                    exactMean().map(mean -> Math.max(0, mean - service.mean())),
                    simulation.meanWait(),
                    screening.meanWaitSeconds());
            add(
                    "prob_wait",
                    exponential || servers == 1 ? Optional.of(markov.probabilityOfWait()) : Optional.empty(),
                    simulation.probabilityOfWait(),
                    screening.probabilityOfWait());
            for (int percent : List.of(95, 99)) {
                double quantile = percent / 100.0;
                Optional<Double> exact =
                        exponential ? Optional.of(markov.waitPercentileSeconds(quantile)) : Optional.empty();
                add(
                        "wait_p" + percent,
                        exact,
                        simulation.waitPercentile(quantile),
                        screening.waitPercentileSeconds(quantile));
            }
        }

        /** Under sharing the mean depends on the mean service alone; for one server it is Pollaczek and Khinchine's. */
        private Optional<Double> exactMean() {
            if (shared || exponential) {
                return Optional.of(markov.meanResponseSeconds());
            }
            return servers == 1 ? Optional.of(single.meanResponseSeconds()) : Optional.empty();
        }

        private void add(String key, Optional<Double> exact, Estimate simulated, double formula) {
            double value = exact.orElse(simulated.value());
            answer.put(key, value);
            halfWidths.put(key, exact.isPresent() ? 0 : simulated.halfWidth());
            screened.put(key, formula);
            if (Math.abs(formula - value) > DISAGREEMENT * value) {
                disagreeing.add(key);
            }
        }
    }
}
