package me.musclemap.load.lab;

import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import me.musclemap.load.scenario.Second;
import org.jspecify.annotations.Nullable;

/**
 * Hears that a target died: no request succeeds for some seconds in a row, although requests are due. One that does not answer when it
 * is not even there when it is asked is dead; one that is there, however slow, may only be overloaded and has longer. Thread-safe.
 */
final class Silence implements Consumer<Second> {
    /** So many seconds in a row, and who is asked and does not answer is dead. */
    static final int ASKED_AFTER_SECONDS = 5;

    /** So many, and it makes no difference whether it answers a question about its health. */
    static final int DEAD_AFTER_SECONDS = 40;

    /** Fewer requests than this say nothing. */
    private static final double FEWEST = 3;

    private final URI target;
    private final Function<URI, Optional<String>> ask;
    private final String name;
    private int silentSeconds;
    private double due;
    private boolean asking;
    private @Nullable String dead;

    /** @param ask gives why there is no answer, or nothing where there is one */
    Silence(URI target, String name, Function<URI, Optional<String>> ask) {
        this.target = target;
        this.ask = ask;
        this.name = name;
    }

    @Override
    public synchronized void accept(Second second) {
        if (second.served() > 0) {
            silentSeconds = 0;
            due = 0;
            return;
        }
        due += Math.max(second.offered(), second.failed());
        // Seconds before the first request that was due are rest, not silence.
        silentSeconds += due > 0 ? 1 : 0;
        if (due < FEWEST || dead != null) {
            return;
        }
        if (silentSeconds >= DEAD_AFTER_SECONDS) {
            dead = "";
        } else if (silentSeconds >= ASKED_AFTER_SECONDS && !asking) {
            asking = true;
            var thread = new Thread(this::ask, "is-it-there");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void ask() {
        // Patience is longer than a second: the run goes on meanwhile.
        var why = ask.apply(target);
        synchronized (this) {
            asking = false;
            if (why.isPresent() && silentSeconds >= ASKED_AFTER_SECONDS) {
                dead = " (" + why.get() + ")";
            }
        }
    }

    /** Fails with one line once it is known. */
    synchronized void check() {
        if (dead != null) {
            throw LabException.failed(String.format(
                    java.util.Locale.ROOT,
                    "%s: it no longer answers%s: no request succeeded for %d s in a row, %.0f were due; the record so far is kept as"
                            + " partial",
                    name,
                    dead,
                    silentSeconds,
                    due));
        }
    }
}
