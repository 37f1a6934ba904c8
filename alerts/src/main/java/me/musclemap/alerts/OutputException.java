package me.musclemap.alerts;

import java.io.IOException;
import java.nio.file.Path;

/** A file that cannot be written; the message names it and the reason. */
public final class OutputException extends CommandException {
    private static final long serialVersionUID = 1;

    OutputException(Path file, IOException cause) {
        super(
                file + ": cannot be written (" + cause.getMessage() + "); make room or give the right to write there",
                cause);
    }

    @Override
    public int exitCode() {
        return 1;
    }
}
