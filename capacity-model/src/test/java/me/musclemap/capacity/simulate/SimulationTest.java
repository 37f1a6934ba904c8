package me.musclemap.capacity.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import me.musclemap.capacity.network.Network;
import me.musclemap.capacity.network.ProductForm;
import me.musclemap.capacity.queue.ConstantServiceQueue;
import me.musclemap.capacity.queue.Discipline;
import me.musclemap.capacity.queue.MultiServerQueue;
import me.musclemap.capacity.queue.ServiceTime;
import me.musclemap.capacity.simulate.ServiceSystem.Pool;
import me.musclemap.capacity.simulate.ServiceSystem.RequestType;
import me.musclemap.capacity.simulate.ServiceSystem.Source;
import me.musclemap.capacity.simulate.ServiceSystem.Station;
import me.musclemap.capacity.simulate.ServiceSystem.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {
    private static final Plan PLAN = Plan.of(600_000, 7);

    private static void assertAgrees(Estimate estimate, double exact) {
        assertThat(estimate.value()).isCloseTo(exact, within(2 * estimate.halfWidth() + 0.005 * exact));
    }

    @Test
    void exponentialServersAgreeWithTheFormulas() {
        var exact = new MultiServerQueue(160, 50, 4);
        var simulated =
                QueueSimulation.run(160, 4, ServiceTime.exponential(0.02), Discipline.FIRST_COME_FIRST_SERVED, PLAN);
        assertAgrees(simulated.meanResponse(), exact.meanResponseSeconds());
        assertAgrees(simulated.responsePercentile(0.99), exact.responsePercentileSeconds(0.99));
        assertAgrees(simulated.probabilityOfWait(), exact.probabilityOfWait());
        assertAgrees(simulated.waitPercentile(0.95), exact.waitPercentileSeconds(0.95));
    }

    @Test
    void aConstantServiceAgreesWithErlangsWaits() {
        var exact = new ConstantServiceQueue(0.7, 1);
        var simulated = QueueSimulation.run(0.7, 1, ServiceTime.constant(1), Discipline.FIRST_COME_FIRST_SERVED, PLAN);
        assertAgrees(simulated.waitPercentile(0.95), exact.waitPercentileSeconds(0.95));
    }

    @Test
    void sharedCoresHaveTheMeanOfExponentialServersWhateverTheService() {
        var simulated = QueueSimulation.run(1.4, 2, ServiceTime.lognormal(1, 4), Discipline.PROCESSOR_SHARING, PLAN);
        assertAgrees(simulated.meanResponse(), new MultiServerQueue(1.4, 1, 2).meanResponseSeconds());
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        var service = ServiceTime.hyperexponential(1, 4);
        var one = QueueSimulation.run(0.5, 1, service, Discipline.PROCESSOR_SHARING, Plan.of(2000, 1));
        var same = QueueSimulation.run(0.5, 1, service, Discipline.PROCESSOR_SHARING, Plan.of(2000, 1));
        var other = QueueSimulation.run(0.5, 1, service, Discipline.PROCESSOR_SHARING, Plan.of(2000, 2));
        assertThat(same.meanResponse()).isEqualTo(one.meanResponse());
        assertThat(other.meanResponse()).isNotEqualTo(one.meanResponse());
    }

    @ParameterizedTest
    @EnumSource(Discipline.class)
    void aClosedSystemWithoutPoolsIsItsProductForm(Discipline discipline) {
        var network = new Network(new double[][] {{0.02, 0.01, 0.05}}, new int[] {2, 1, 0}, new double[] {0.3});
        var exact = ProductForm.closed(network, new long[] {30});
        var simulated = SystemSimulation.run(
                new ServiceSystem(
                        List.of(
                                new Station("cores", 2, discipline),
                                new Station("disk", 1, Discipline.FIRST_COME_FIRST_SERVED),
                                new Station("network", 0, Discipline.FIRST_COME_FIRST_SERVED)),
                        List.of(),
                        List.of(new RequestType(
                                "read",
                                1,
                                List.of(
                                        Step.serve(0, ServiceTime.exponential(0.02)),
                                        Step.serve(1, ServiceTime.exponential(0.01)),
                                        Step.serve(2, ServiceTime.constant(0.05)))))),
                Source.users(30, ServiceTime.exponential(0.3)),
                Plan.of(300_000, 3));
        assertAgrees(simulated.throughput(), exact.throughput(0));
        assertAgrees(simulated.meanResponse(), exact.response(0));
        assertAgrees(simulated.utilisation(0), exact.utilisation(0));
        assertAgrees(simulated.utilisation(2), exact.queueLength(2));
    }

    @Test
    void twoTypesThroughOnePoolWaitAsInAQueueOfThatManyServers() {
        // a pool of 3 over a pure delay is a queue of 3 servers, here with a mixture of two exponentials
        var simulated = SystemSimulation.run(
                new ServiceSystem(
                        List.of(new Station("away", 0, Discipline.FIRST_COME_FIRST_SERVED)),
                        List.of(new Pool("slots", 3)),
                        List.of(type("short", 3, 0.5), type("long", 1, 0.5))),
                Source.arrivals(4.2),
                PLAN);
        var exact = new MultiServerQueue(4.2, 2, 3);
        assertAgrees(simulated.meanPoolWait(0), exact.meanWaitSeconds());
        assertAgrees(simulated.responsePercentile(0.95), exact.responsePercentileSeconds(0.95));
        assertAgrees(simulated.poolFull(0), exact.probabilityOfWait());
    }

    private static RequestType type(String name, double share, double seconds) {
        return new RequestType(
                name, share, List.of(Step.take(0), Step.serve(0, ServiceTime.exponential(seconds)), Step.give(0)));
    }

    @Test
    void arrivalsBeyondTheServersAreRefused() {
        assertThatThrownBy(() ->
                        QueueSimulation.run(2, 1, ServiceTime.constant(1), Discipline.FIRST_COME_FIRST_SERVED, PLAN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Source of the exact number: B. Avi-Itzhak and P. Naor 1963, one server that breaks down while busy or idle. */
    @Test
    void pausesOfTheServersMakeEverybodyWait() {
        double arrivals = 50;
        double services = 100;
        double pauses = 2;
        double ends = 20;
        double present = arrivals
                * ((ends + pauses) * (ends + pauses) + services * pauses)
                / ((ends + pauses) * (services * ends - arrivals * (ends + pauses)));
        var system = new ServiceSystem(
                List.of(new ServiceSystem.Station(
                        "cores", 1, Discipline.PROCESSOR_SHARING, pauses, ServiceTime.exponential(1 / ends))),
                List.of(),
                List.of(new ServiceSystem.RequestType(
                        "request", 1, List.of(ServiceSystem.Step.serve(0, ServiceTime.exponential(1 / services))))));
        SystemSimulation simulation =
                SystemSimulation.run(system, ServiceSystem.Source.arrivals(arrivals), Plan.of(600_000, 5));
        assertThat(simulation.meanResponse().agreesWith(present / arrivals, 0.02))
                .as("%s, exact %s", simulation.meanResponse(), present / arrivals)
                .isTrue();
    }

    @Test
    void whatIsLoadOnlyIsNotCounted() {
        var quick = new ServiceSystem.RequestType(
                "quick", 1, List.of(ServiceSystem.Step.serve(0, ServiceTime.constant(0.001))));
        var slow = new ServiceSystem.RequestType(
                "slow", 1, List.of(ServiceSystem.Step.serve(0, ServiceTime.constant(5))), false);
        var system = new ServiceSystem(
                List.of(new ServiceSystem.Station("delay", 0, Discipline.FIRST_COME_FIRST_SERVED)),
                List.of(),
                List.of(quick, slow));
        SystemSimulation simulation =
                SystemSimulation.run(system, ServiceSystem.Source.arrivals(10), Plan.of(10_000, 5));
        assertThat(simulation.responsePercentile(0.99).value()).isLessThan(0.0011);
        assertThat(simulation.throughput().agreesWith(5, 0.03)).isTrue();
    }
}
