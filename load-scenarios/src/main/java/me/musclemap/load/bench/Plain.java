package me.musclemap.load.bench;

import java.nio.file.Path;

/** Plain Gatling's process, as a bench sees it. Not thread-safe. */
final class Plain implements AutoCloseable {
    private final Program program;

    private Plain(Program program) {
        this.program = program;
    }

    /** Starts it with the same collector, heap and processor count as ours. */
    static Plain start(Path java, int core, PlainPlan plan, int heapMegabytes, Path directory) {
        var command = Program.ours(java, PlainMain.class.getName(), heapMegabytes);
        var program = Program.start("plain Gatling", core, command, directory.resolve("plain.log"));
        return program.begun(() -> {
            program.send(plan.json());
            program.next("ready");
            return new Plain(program);
        });
    }

    long pid() {
        return program.pid();
    }

    /** How late the requests of a step left, p99 in seconds; the first seconds of it left out. */
    double late(int step, double leadInSeconds) {
        program.send(Program.JSON.createObjectNode().put("late", step).put("leadIn", leadInSeconds));
        return program.next("late").path("late").asDouble(Double.POSITIVE_INFINITY);
    }

    @Override
    public void close() {
        program.close();
    }
}
