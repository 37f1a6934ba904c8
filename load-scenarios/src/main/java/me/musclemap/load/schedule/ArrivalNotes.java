package me.musclemap.load.schedule;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file with one line for each arrival: who, in which session, from which state of the draws, which request, how long the pause before it
 * was drawn, and when it was due after the first window began. What several shards play can so be held against the whole. Belongs to one
 * thread until it is closed.
 *
 * <p>Columns: identity, user, session, draws, lane, operation, purpose, pause in nanoseconds, due in nanoseconds.
 */
public final class ArrivalNotes implements AutoCloseable {
    private final Path file;
    private final BufferedWriter out;
    private @Nullable Long beganNanos;

    /**
     * Starts the file anew.
     *
     * @throws IOException when it cannot be written
     */
    public ArrivalNotes(Path file) throws IOException {
        this.file = file;
        out = Files.newBufferedWriter(file);
    }

    void began(long nanos) {
        if (beganNanos == null) {
            beganNanos = nanos;
        }
    }

    Residents.Sender around(Residents.Sender sender) {
        return (resident, operation, purpose, lane, due) -> {
            note(resident, operation.name(), purpose, lane, due);
            sender.send(resident, operation, purpose, lane, due);
        };
    }

    private void note(Resident resident, String operation, Residents.Purpose purpose, int lane, long due) {
        long began = beganNanos == null ? due : beganNanos;
        try {
            out.write(Long.toHexString(resident.identity) + " " + resident.user + " " + resident.session + " "
                    + Long.toHexString(resident.choices) + " " + lane + " " + operation + " " + purpose + " "
                    + (resident.stayEnd - resident.stayStart) + " " + (due - began) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
