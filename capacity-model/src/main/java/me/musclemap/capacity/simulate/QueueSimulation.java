package me.musclemap.capacity.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.ServiceTime;

/**
 * M/G/m, simulated: Poisson arrivals, {@code servers} equal servers, any service time; first come first served, or all
 * sharing, each at rate {@code min(1, servers / present)}.
 *
 * <p>Source: J. Kiefer and J. Wolfowitz 1955 for the waits; under sharing, a clock that runs at the common rate, so that
 * a request ends when the clock has advanced by its service. Immutable.
 */
public final class QueueSimulation {
    private final List<Sample> samples;
    private final Sample all;

    private QueueSimulation(List<Sample> samples) {
        this.samples = samples;
        this.all = new Sample();
        samples.forEach(all::add);
    }

    /** Responses and waits of the counted requests. */
    private static final class Sample {
        final Tally response = new Tally();
        final Tally wait = new Tally();

        void add(Sample other) {
            response.add(other.response);
            wait.add(other.wait);
        }
    }

    /**
     * Simulates the queue.
     *
     * @throws IllegalArgumentException if the servers cannot carry the arrivals
     */
    public static QueueSimulation run(
            double arrivalsPerSecond, int servers, ServiceTime service, Discipline discipline, Plan plan) {
        if (!(arrivalsPerSecond > 0) || servers < 1 || !(arrivalsPerSecond * service.mean() < servers)) {
            throw new IllegalArgumentException("arrivals " + arrivalsPerSecond + "/s of " + service.mean() + " s at "
                    + servers + " servers: give arrivals above 0 that the servers can carry");
        }
        List<Sample> samples = plan.run(random -> discipline == Discipline.PROCESSOR_SHARING
                        ? shared(1 / arrivalsPerSecond, servers, service, plan, random)
                        : queued(1 / arrivalsPerSecond, servers, service, plan, random))
                .toList();
        return new QueueSimulation(samples);
    }

    private static Sample queued(double gap, int servers, ServiceTime service, Plan plan, SplittableRandom random) {
        Sample sample = new Sample();
        double[] free = new double[servers]; // a heap: the server that is free first is at its root
        double now = 0;
        for (long i = -plan.warmUp(); i < plan.requests(); i++) {
            now += gap * random.nextExponential();
            double wait = Math.max(0, free[0] - now);
            double work = service.sample(random);
            sink(free, now + wait + work);
            if (i >= 0) {
                sample.wait.add(wait);
                sample.response.add(wait + work);
            }
        }
        return sample;
    }

    private static void sink(double[] heap, double value) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heap.length) {
                break;
            }
            if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = value;
    }

    private static Sample shared(double gap, int servers, ServiceTime service, Plan plan, SplittableRandom random) {
        Sample sample = new Sample();
        EventHeap present = new EventHeap(); // by the reading of the shared clock at which a request ends
        double[] arrivedAt = new double[64];
        long arrived = 0;
        double now = 0;
        double clock = 0;
        double nextArrival = gap * random.nextExponential();
        long counted = 0;
        IndexPool slots = new IndexPool();
        while (counted < plan.requests()) {
            double rate = present.isEmpty() ? 0 : Math.min(1, (double) servers / present.size());
            double nextEnd = present.isEmpty() ? Double.POSITIVE_INFINITY : now + (present.firstTime() - clock) / rate;
            if (nextArrival < nextEnd) {
                clock += (nextArrival - now) * rate;
                now = nextArrival;
                nextArrival = now + gap * random.nextExponential();
                int slot = slots.take();
                if (slot >= arrivedAt.length) {
                    arrivedAt = Arrays.copyOf(arrivedAt, 2 * slot);
                }
                // requests that came during the warm-up are marked by a negative time and are not counted
                arrivedAt[slot] = arrived++ < plan.warmUp() ? -1 : now;
                present.add(clock + service.sample(random), slot);
            } else {
                clock = present.firstTime();
                now = nextEnd;
                int slot = present.removeFirst();
                if (arrivedAt[slot] >= 0) {
                    sample.response.add(now - arrivedAt[slot]);
                    counted++;
                }
                slots.give(slot);
                if (present.isEmpty()) {
                    clock = 0; // nobody holds a reading: start afresh, so that it never grows out of precision
                }
            }
        }
        return sample;
    }

    /** Mean seconds in queue and service. */
    public Estimate meanResponse() {
        return estimate(s -> s.response.mean());
    }

    /** The response that a share {@code quantile} does not exceed. */
    public Estimate responsePercentile(double quantile) {
        return estimate(s -> s.response.percentile(quantile));
    }

    /** Mean seconds in the queue; first come, first served only. */
    public Estimate meanWait() {
        return estimate(s -> s.wait.mean());
    }

    /** The wait that a share {@code quantile} does not exceed; first come, first served only. */
    public Estimate waitPercentile(double quantile) {
        return estimate(s -> s.wait.percentile(quantile));
    }

    /** Share of requests that wait; first come, first served only. */
    public Estimate probabilityOfWait() {
        return estimate(s -> s.wait.shareAboveZero());
    }

    private Estimate estimate(ToDoubleFunction<Sample> measure) {
        return Estimate.of(
                measure.applyAsDouble(all),
                samples.stream().mapToDouble(measure).toArray());
    }
}
