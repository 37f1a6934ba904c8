package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The right to measure on this machine: at most one process of any user holds it. The kernel lets go of it when the
 * process dies.
 */
public final class CoresLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private CoresLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Takes the lock; when another process has it, says so once and waits. */
    public static CoresLock take(Path file, String who, Consumer<String> say) {
        try {
            var channel = open(file);
            var lock = channel.tryLock();
            if (lock == null) {
                say.accept("another run measures on these cores (" + holder(file) + "): waiting for it to end");
                lock = channel.lock();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((who + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            return new CoresLock(channel, lock);
        } catch (IOException e) {
            throw LabException.failed(file + ": cannot take the lock on the cores: " + e
                    + "; remove the file, or name another with HEADROOM_CORES_LOCK");
        }
    }

    /**
     * Opens the file without O_CREAT where it is there: in a sticky directory the kernel refuses O_CREAT on a file of
     * another user, even to root.
     */
    private static FileChannel open(Path file) throws IOException {
        AccessDeniedException denied = new AccessDeniedException(file.toString());
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } catch (NoSuchFileException e) {
                create(file);
            } catch (AccessDeniedException e) {
                // Another user may have made it just now and not opened it to all yet.
                denied = e;
                pause();
            }
        }
        throw denied;
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (FileAlreadyExistsException e) {
            // Somebody else made it first: then it is opened at the next attempt.
            return;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String holder(Path file) {
        var lines = ProcFiles.lines(file);
        var first = lines.isEmpty() ? null : lines.get(0);
        return describe(first);
    }

    private static String describe(@Nullable String holder) {
        return holder == null || holder.isBlank() ? "just started" : holder;
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.truncate(0);
            lock.release();
            channel.close();
        }
    }
}
