package me.musclemap.load.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatling.app.Runner;
import io.gatling.commons.util.DefaultClock;
import io.gatling.core.actor.ActorSystem;
import io.gatling.core.cli.GatlingArgs;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.netty.util.Transports;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Plain Gatling with its own statistics and writers, in a process of its own. Its plan is the first line of stdin; {@code {"late":step,"leadIn":seconds}}
 * asks how late a step's requests left, that many seconds of its beginning left out. It ends when stdin does.
 */
public final class PlainMain {
    /** Gatling makes the simulation by its class name, so there is one place where it can find its plan. */
    private static final AtomicReference<@Nullable PlainMain> CURRENT = new AtomicReference<>();

    private final PlainPlan plan;
    private final Lateness lateness;
    private final double[] upTo;

    private PlainMain(PlainPlan plan) {
        this.plan = plan;
        lateness = new Lateness(plan.timed() ? plan.steps() : List.of());
        upTo = new double[plan.requests().size()];
        double sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += plan.requests().get(i).weight();
            upTo[i] = sum;
        }
    }

    private static PlainMain current() {
        var current = CURRENT.get();
        if (current == null) {
            throw new IllegalStateException("no plan was given");
        }
        return current;
    }

    static PlainPlan plan() {
        return current().plan;
    }

    /** A request by its weight. */
    static PlainPlan.Sent draw() {
        var current = current();
        var upTo = current.upTo;
        double at = ThreadLocalRandom.current().nextDouble() * upTo[upTo.length - 1];
        int i = 0;
        while (i < upTo.length - 1 && at >= upTo[i]) {
            i++;
        }
        return current.plan.requests().get(i);
    }

    /** A request leaves. */
    static void sent() {
        current().lateness.sent(System.nanoTime());
    }

    /** Exit codes: 0 stdin ended; 1 otherwise. */
    public static void main(String[] args) throws IOException {
        var out = System.out;
        System.setOut(System.err); // stdout is for the protocol alone; Gatling prints there
        var json = new ObjectMapper();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            var first = in.readLine();
            if (first == null) {
                return;
            }
            var main = new PlainMain(PlainPlan.of(json.readTree(first)));
            CURRENT.set(main);
            main.start(out);
            out.println(JsonNodeFactory.instance.objectNode().put("ready", true));
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                out.println(main.late(json.readTree(line)));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private ObjectNode late(JsonNode order) {
        double p99 = lateness.p99Seconds(
                order.path("late").asInt(), order.path("leadIn").asDouble(), System.nanoTime());
        return JsonNodeFactory.instance.objectNode().put("late", p99);
    }

    private void start(PrintStream out) {
        System.setProperty("gatling.data.writers.0", plan.writer());
        System.setProperty("gatling.data.enableAnalytics", "false");
        System.setProperty("gatling.http.warmUpUrl", "");
        var thread = new Thread(() -> run(out), "plain-gatling");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(PrintStream out) {
        try {
            var loops = Transports.newEventLoopGroup(true, false, 0, "gatling");
            new Offline(new ActorSystem(), loops, arguments(), GatlingConfiguration.load()).run();
        } catch (Throwable e) { // whatever ends Gatling ends the bench
            out.println(JsonNodeFactory.instance.objectNode().put("error", "Gatling failed: " + e));
        }
    }

    private GatlingArgs arguments() {
        return new GatlingArgs(
                scala.Option.apply(PlainSimulation.class.getName()),
                scala.Option.empty(),
                true,
                scala.Option.empty(),
                scala.Option.apply(Path.of(plan.directory())),
                scala.Option.empty(),
                scala.Option.empty());
    }

    /** Gatling's runner as it is, but for its look for a newer version. */
    private static final class Offline extends Runner {
        Offline(ActorSystem system, EventLoopGroup loops, GatlingArgs arguments, GatlingConfiguration configuration) {
            super(system, loops, new DefaultClock(), arguments, configuration);
        }

        @Override
        public void displayVersionWarning() {}
    }
}
