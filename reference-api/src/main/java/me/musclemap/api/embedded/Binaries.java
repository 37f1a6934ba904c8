package me.musclemap.api.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import me.musclemap.api.Problem;

/**
 * The programs of PostgreSQL and Redis, unpacked into the cache.
 *
 * @param postgres the directory that holds {@code bin/postgres}
 * @param redis the Redis server itself
 * @param postgresHash sha256 of PostgreSQL's archive, lower-case hex
 */
record Binaries(Path postgres, Path redis, String postgresHash) {
    private static final String POSTGRES_ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String REDIS_PROGRAM = "/redis-server-6.2.6-v5-linux-amd64"; // says of itself: 6.2.11

    static Binaries unpack(Cache cache) {
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
        return new Binaries(postgres, redis.resolve("redis-server"), postgresHash);
    }

    private static void requireLinux() {
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.equals("Linux amd64")) {
            throw Problem.usage("platform " + system
                    + ": the embedded PostgreSQL and Redis are for Linux on x86-64 with glibc; use such a machine");
        }
    }

    private static String sha256(String name) {
        try (var in = new DigestInputStream(resource(name), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException | NoSuchAlgorithmException e) {
            throw Problem.failed("cannot read " + name + " from the class path", e);
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
