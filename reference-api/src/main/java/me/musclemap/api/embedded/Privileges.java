package me.musclemap.api.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import me.musclemap.api.Problem;

/**
 * How PostgreSQL, which refuses to run as root, is run by whoever we are.
 *
 * @param command put in front of a command; empty when nothing has to be given up
 * @param owner the user id that must own the data, -1 for our own
 */
record Privileges(List<String> command, int owner) {
    private static final int NOBODY = 65534;

    /** As we are. */
    static final Privileges OURS = new Privileges(List.of(), -1);

    /** A user namespace in which root is nobody; files stay ours. */
    static final Privileges NAMESPACE = new Privileges(List.of("unshare", "--user", "--"), -1);

    /** The user nobody, who may still pass directories that are closed to him: a cache under /root is. */
    static final Privileges NOBODYS = new Privileges(
            List.of(
                    "setpriv",
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--inh-caps=+dac_override",
                    "--ambient-caps=+dac_override",
                    "--"),
            NOBODY);

    Privileges {
        command = List.copyOf(command);
    }

    static Privileges ofThisUser() {
        return isRoot() ? (canUnshare() ? NAMESPACE : NOBODYS) : OURS;
    }

    /** Gives {@code tree} to the user that PostgreSQL runs as. */
    void give(Path tree) throws IOException {
        if (owner < 0) {
            return;
        }
        try (var files = Files.walk(tree)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.setAttribute(file, "unix:uid", owner);
            }
        }
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw Problem.failed("cannot find out which user we are from /proc/self", e);
        }
    }

    private static boolean canUnshare() {
        try {
            return new ProcessBuilder("unshare", "--user", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program: the other way needs only setpriv
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted while starting PostgreSQL");
        }
    }
}
