package me.musclemap.rum;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import me.musclemap.rum.store.Database;
import org.tukaani.xz.XZInputStream;

/** A real PostgreSQL below a directory, that can be stopped and started again. Ends with the test. */
public final class TestPostgres implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NOBODY = 65534;

    private final Path directory;
    private final List<String> as;
    private final int port;
    private Process process;

    private TestPostgres(Path directory, List<String> as, int port) throws IOException, InterruptedException {
        this.directory = directory;
        this.as = as;
        this.port = port;
        process = launch();
    }

    /** Unpacks it, makes an empty database and starts it. */
    public static TestPostgres start(Path directory) throws IOException, InterruptedException {
        Path programs = Files.createDirectories(directory.resolve("programs"));
        try (InputStream archive = Objects.requireNonNull(
                TestPostgres.class.getResourceAsStream("/postgres-linux-x86_64.txz"), "PostgreSQL's programs")) {
            unpack(archive, programs);
        }
        List<String> as = privileges();
        if (as.contains("setpriv")) {
            Files.setAttribute(directory, "unix:uid", NOBODY);
        }
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        run(
                as,
                programs.resolve("bin/initdb").toString(),
                "--pgdata=" + directory.resolve("data"),
                "--username=rum",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        return new TestPostgres(directory, as, port);
    }

    /** PostgreSQL does not run as root: in a user namespace it is somebody else, or else it becomes nobody. */
    private static List<String> privileges() throws IOException, InterruptedException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return List.of();
        }
        try {
            boolean canUnshare = new ProcessBuilder("unshare", "--user", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
            if (canUnshare) {
                return List.of("unshare", "--user", "--");
            }
        } catch (IOException e) {
            System.err.println("no unshare here: " + e.getMessage());
        }
        return List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
    }

    private static void run(List<String> as, String... command) throws IOException, InterruptedException {
        var whole = new ArrayList<>(as);
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(whole + " failed: " + said);
        }
    }

    private Process launch() throws IOException, InterruptedException {
        var command = new ArrayList<>(as);
        command.addAll(List.of(
                directory.resolve("programs/bin/postgres").toString(),
                "-D",
                directory.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=32MB",
                "-c",
                "max_connections=30"));
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("postgres.log").toFile())
                .start();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                DriverManager.getConnection(address().jdbcUrl(), "rum", "").close();
                return started;
            } catch (SQLException e) {
                if (System.nanoTime() > until || !started.isAlive()) {
                    throw new IOException(
                            "PostgreSQL did not start: " + Files.readString(directory.resolve("postgres.log")), e);
                }
                Thread.sleep(50);
            }
        }
    }

    /** Where it is. */
    public Database.Address address() {
        return new Database.Address("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "rum", "");
    }

    /** Ends it at once, as a crash does. */
    public void stop() throws InterruptedException {
        // A child that is still there keeps the shared memory, and the next start refuses to share it.
        List<ProcessHandle> children = process.children().toList();
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        children.forEach(ProcessHandle::destroyForcibly);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (children.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < until) {
            Thread.sleep(20);
        }
    }

    /** Starts it again. */
    public void startAgain() throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("data/postmaster.pid"));
        process = launch();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unpack(InputStream archive, Path directory) throws IOException {
        try (var in = new DataInputStream(new XZInputStream(archive))) {
            byte[] header = new byte[BLOCK];
            in.readFully(header);
            while (header[0] != 0) {
                entry(in, header, directory);
                in.readFully(header);
            }
        }
    }

    private static void entry(DataInputStream in, byte[] header, Path directory) throws IOException {
        String prefix = header[262] == 0 ? text(header, 345, 155) : "";
        String name = text(header, 0, 100);
        Path target = directory.resolve(prefix.isEmpty() ? name : prefix + "/" + name);
        long size = octal(header, 124, 12);
        char kind = (char) header[156];
        if (kind == '5') {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        if (kind == '2') {
            Files.createSymbolicLink(target, Path.of(text(header, 157, 100)));
            return;
        }
        var bytes = new ByteArrayOutputStream();
        bytes.write(in.readNBytes((int) size));
        Files.write(target, bytes.toByteArray());
        if ((octal(header, 100, 8) & 0100) != 0) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static long octal(byte[] header, int from, int length) {
        String digits = text(header, from, length).strip();
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
