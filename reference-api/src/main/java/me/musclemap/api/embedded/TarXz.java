package me.musclemap.api.embedded;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.tukaani.xz.XZInputStream;

/** Unpacks a tar archive compressed with xz: plain files, directories and symbolic links, names of up to 255 bytes. */
final class TarXz {
    private static final int BLOCK = 512;

    private TarXz() {}

    static void unpack(InputStream archive, Path directory) throws IOException {
        try (var in = new DataInputStream(new XZInputStream(archive))) {
            byte[] header = new byte[BLOCK];
            while (true) {
                in.readFully(header);
                if (header[0] == 0) {
                    return; // an empty block ends the archive
                }
                Entry entry = Entry.of(header);
                write(entry, in, directory);
            }
        } catch (EOFException e) {
            throw new IOException("the archive ends in the middle of a file", e);
        }
    }

    private static void write(Entry entry, DataInputStream in, Path directory) throws IOException {
        Path target = directory.resolve(entry.name()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("the archive names " + entry.name() + ", outside of its own directory");
        }
        switch (entry.kind()) {
            case '5' -> Files.createDirectories(target);
            case '2' -> {
                Files.createDirectories(parent(target));
                Files.createSymbolicLink(target, Path.of(entry.link()));
            }
            case '0', 0 -> {
                Files.createDirectories(parent(target));
                try (var out = Files.newOutputStream(target)) {
                    copy(in, out, entry.size());
                }
                // Readable by all: a database that runs as another user must be able to start it.
                Files.setPosixFilePermissions(
                        target, PosixFilePermissions.fromString(entry.executable() ? "rwxr-xr-x" : "rw-r--r--"));
            }
            default -> throw new IOException("the archive holds " + entry.name() + " of unknown kind " + entry.kind());
        }
    }

    private static Path parent(Path target) throws IOException {
        Path parent = target.getParent();
        if (parent == null) {
            throw new IOException(target + " has no parent directory");
        }
        return parent;
    }

    private static void copy(DataInputStream in, java.io.OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = size;
        while (left > 0) {
            int part = (int) Math.min(buffer.length, left);
            in.readFully(buffer, 0, part);
            out.write(buffer, 0, part);
            left -= part;
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private record Entry(String name, String link, char kind, long size, boolean executable) {
        static Entry of(byte[] header) throws IOException {
            // The older GNU form keeps times where the POSIX form keeps the front of a long name.
            String prefix = header[262] == 0 ? text(header, 345, 155) : "";
            String name = text(header, 0, 100);
            return new Entry(
                    prefix.isEmpty() ? name : prefix + "/" + name,
                    text(header, 157, 100),
                    (char) header[156],
                    octal(header, 124, 12),
                    (octal(header, 100, 8) & 0100) != 0);
        }

        private static String text(byte[] header, int from, int length) {
            int end = from;
            while (end < from + length && header[end] != 0) {
                end++;
            }
            return new String(header, from, end - from, StandardCharsets.UTF_8);
        }

        private static long octal(byte[] header, int from, int length) throws IOException {
            String digits = text(header, from, length).strip();
            try {
                return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
            } catch (NumberFormatException e) {
                throw new IOException("the archive holds a broken number: " + digits, e);
            }
        }
    }
}
