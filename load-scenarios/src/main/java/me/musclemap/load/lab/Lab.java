package me.musclemap.load.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that runs for one command, and its end: children are stopped in reverse order on every way out, a signal
 * included. Thread-safe.
 */
final class Lab implements AutoCloseable {
    private final LabRegistry registry;
    private final Deque<Child> children = new ArrayDeque<>();
    private final Thread onSignal = new Thread(this::closeForSignal, "lab-end");
    private @Nullable CoresLock coresLock;
    private boolean closed;
    private volatile boolean signalled;

    private Lab(LabRegistry registry) {
        this.registry = registry;
    }

    /** Clears what killed labs left, and begins. */
    static Lab open(LabConfig config, Consumer<String> say) {
        LabRegistry.clearLeftovers(config.cache(), say);
        var lab = new Lab(LabRegistry.enter(config));
        Runtime.getRuntime().addShutdownHook(lab.onSignal);
        return lab;
    }

    /** A directory of this lab alone. */
    Path workDirectory() {
        return registry.workDirectory();
    }

    /** Whether a signal ends this process: what fails from now on fails because of it. */
    boolean isSignalled() {
        return signalled;
    }

    /** Takes the right to measure, waiting for it if need be. */
    void takeCores(LabConfig config, Consumer<String> say) {
        var who = "pid " + ProcessHandle.current().pid() + ", since "
                + Instant.now().toString().substring(0, 19) + " UTC";
        var taken = CoresLock.take(config.coresLock(), who, say);
        synchronized (this) {
            coresLock = taken;
        }
    }

    /** Starts a program that ends with this lab. */
    Child start(String name, List<String> pin, List<String> command, Path log) {
        return start(name, pin, command, log, line -> false, line -> {});
    }

    /** Starts a program that ends with this lab; see {@link Child#start}. */
    synchronized Child start(
            String name,
            List<String> pin,
            List<String> command,
            Path log,
            Predicate<JsonNode> listener,
            Consumer<String> words) {
        if (closed) {
            throw LabException.failed(name + ": not started, the lab is stopping");
        }
        var child = Child.start(name, pin, command, log, listener, words);
        children.push(child);
        registry.add(name, child.pid());
        return child;
    }

    /** Kills a program at once, as a crash would; that it is gone is no failure of the lab. */
    void kill(Child child) {
        synchronized (this) {
            children.remove(child);
        }
        child.kill();
    }

    /** Stops a program that has done its work; that it is gone is no failure of the lab. */
    void end(Child child) {
        synchronized (this) {
            children.remove(child);
        }
        child.close();
    }

    /** Notes a process that a child started, so that the next command finds it if all of us are killed. */
    void note(String name, long pid) {
        registry.add(name, pid);
    }

    /** Fails with the last words of the first child that is gone. */
    void check() {
        List<Child> all;
        synchronized (this) {
            all = List.copyOf(children);
        }
        all.forEach(Child::check);
    }

    /** Stops everything. Does nothing the second time. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        while (!children.isEmpty()) {
            children.pop().close();
        }
        releaseCores();
        registry.close();
        if (!signalled) {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        }
    }

    /** Lets the next run measure. */
    synchronized void releaseCores() {
        if (coresLock == null) {
            return;
        }
        try {
            coresLock.close();
        } catch (IOException e) {
            throw LabException.failed("cannot release the lock on the cores: " + e.getMessage());
        } finally {
            coresLock = null;
        }
    }

    private void closeForSignal() {
        signalled = true;
        close();
    }
}
