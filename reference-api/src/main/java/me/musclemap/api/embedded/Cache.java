package me.musclemap.api.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import me.musclemap.api.Problem;

/**
 * The per-user directory for what is dear to make: unpacked programs and data snapshots.
 *
 * <p>Everything in it is made under a file lock in a temporary directory and moved into place, so that a reader never
 * sees half of it.
 */
public record Cache(Path directory) {
    /** The cache of whoever runs this program. */
    public static Cache ofThisUser() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The cache that {@code environment} asks for: HEADROOM_CACHE, else XDG_CACHE_HOME, else .cache in HOME.
     *
     * @param accountsHome used when HOME is not set. Java's own idea of it is that of the user's account, which is another
     *     directory than the shell's when HOME was changed
     */
    public static Cache of(Map<String, String> environment, Path accountsHome) {
        String chosen = environment.getOrDefault("HEADROOM_CACHE", "");
        if (!chosen.isEmpty()) {
            return new Cache(Path.of(chosen).toAbsolutePath());
        }
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        Path base = xdg.isEmpty() ? (home.isEmpty() ? accountsHome : Path.of(home)).resolve(".cache") : Path.of(xdg);
        return new Cache(base.resolve("headroom").toAbsolutePath());
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    /** Makes {@code name} with {@code maker} unless it is there; only one process does it, the others wait. */
    Path make(String name, Maker maker) {
        Path made = resolve(name);
        if (Files.isDirectory(made)) {
            return made;
        }
        try {
            Files.createDirectories(directory);
            Lock lock = lock(name);
            try {
                if (Files.isDirectory(made)) {
                    return made;
                }
                removeHalfMade(name);
                Path temporary = directory.resolve(
                        "." + name + "-" + ProcessHandle.current().pid());
                try {
                    Files.createDirectories(temporary);
                    maker.into(temporary);
                    Files.move(temporary, made);
                } finally {
                    Trees.delete(temporary);
                }
                return made;
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw Problem.failed(
                    "cannot make " + made + " (free the space, or set HEADROOM_CACHE to another directory)", e);
        }
    }

    /** What makers of {@code name} left that were killed; we hold its lock, so none of them is alive. */
    private void removeHalfMade(String name) throws IOException {
        try (var entries = Files.newDirectoryStream(directory, "." + name + "-*")) {
            for (Path entry : entries) {
                Trees.delete(entry);
            }
        }
    }

    /** Waits until this process alone holds {@code name}; the kernel drops the lock when its holder dies. */
    Lock lock(String name) throws IOException {
        Path locks = Files.createDirectories(directory.resolve("locks"));
        FileChannel channel =
                FileChannel.open(locks.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new Lock(channel, channel.lock());
    }

    /** Makes the content of a cache entry in the directory given to it. */
    @FunctionalInterface
    interface Maker {
        void into(Path directory) throws IOException;
    }

    record Lock(FileChannel channel, FileLock held) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
