package me.musclemap.api.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import me.musclemap.api.Problem;

/**
 * The programs of PostgreSQL and Redis.
 *
 * @param postgres the directory that holds {@code bin/postgres}
 * @param redis the Redis server itself
 * @param postgresHash sha256 of PostgreSQL's archive or, where it was installed, of the server itself; lower-case hex
 */
public record Binaries(Path postgres, Path redis, String postgresHash, String postgresVersion, String redisVersion) {
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");
    private static final String POSTGRES_ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String REDIS_PROGRAM = "/redis-server-6.2.6-v5-linux-amd64"; // says of itself: 6.2.11

    /** Those that came with this program, unpacked into the cache. */
    public static Binaries unpack(Cache cache) {
        requireLinux();
        String postgresHash = sha256(POSTGRES_ARCHIVE);
        String redisHash = sha256(REDIS_PROGRAM);
        Path postgres = cache.make("postgres-" + postgresHash.substring(0, 16), directory -> {
            try (var in = resource(POSTGRES_ARCHIVE)) {
                TarXz.unpack(in, directory);
            }
        });
        Path redis = cache.make("redis-" + redisHash.substring(0, 16), directory -> {
            Path program = directory.resolve("redis-server");
            try (var in = resource(REDIS_PROGRAM)) {
                Files.copy(in, program);
            }
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        });
        return new Binaries(postgres, redis.resolve("redis-server"), postgresHash, Postgres.VERSION, Redis.VERSION);
    }

    /**
     * Those that this machine has.
     *
     * @param postgres the directory that holds {@code bin/postgres}
     */
    public static Binaries installed(Path postgres, Path redis) {
        requireLinux();
        Path server = postgres.resolve("bin/postgres");
        for (Path program : List.of(server, postgres.resolve("bin/initdb"), redis)) {
            if (!Files.isExecutable(program)) {
                throw Problem.usage(program + ": no such program; name where PostgreSQL and Redis are installed"
                        + " (Debian: postgresql, redis-server)");
            }
        }
        try (var in = Files.newInputStream(server)) {
            return new Binaries(postgres, redis, sha256(in, server), version(server), version(redis));
        } catch (IOException e) {
            throw Problem.failed("cannot read " + server, e);
        }
    }

    private static String version(Path program) throws IOException {
        var process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var found = VERSION.matcher(said);
        if (!found.find()) {
            throw new IOException("its version cannot be read from '" + said.strip() + "'");
        }
        return found.group();
    }

    private static void requireLinux() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.equals("Linux amd64")) {
            throw Problem.usage("platform " + system
                    + ": the embedded PostgreSQL and Redis are for Linux on x86-64 with glibc; use such a machine");
        }
    }

    private static String sha256(String name) {
        try (var in = resource(name)) {
            return sha256(in, name);
        } catch (IOException e) {
            throw Problem.failed("cannot read " + name + " from the class path", e);
        }
    }

    private static String sha256(InputStream from, Object name) {
        try (var in = new DigestInputStream(from, MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw Problem.failed("cannot read " + name, e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = Binaries.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("it is missing: build the room again, target/lib is not complete");
        }
        return in;
    }
}
