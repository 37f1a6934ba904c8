package me.musclemap.capacity.command;

import java.io.IOException;
import java.io.PrintWriter;
import me.musclemap.capacity.fit.UnsupportedFitException;
import me.musclemap.capacity.measure.MalformedInputException;

/** Runs a command and turns what went wrong into one line and an exit code. */
final class CommandLineAnswer {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int MALFORMED = 2;
    static final int NOT_VALID = 4;

    private CommandLineAnswer() {}

    /** A command's work. */
    interface Work {
        /** Returns the exit code. */
        int run() throws IOException;
    }

    static int of(PrintWriter err, Work work) {
        try {
            return work.run();
        } catch (MalformedInputException e) {
            err.println(e.getMessage());
            return MALFORMED;
        } catch (UnsupportedFitException e) {
            err.println(e.getMessage());
            return NOT_VALID;
        } catch (IOException e) {
            err.println(e.getMessage());
            return FAILED;
        }
    }
}
