package me.musclemap.api.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id with 19 MiB of memory, two passes and one lane, written as a PHC string. About 30 ms of one core each, so never
 * on a request thread.
 *
 * <p>Source: OWASP Password Storage Cheat Sheet, Argon2id.
 */
public final class PasswordHash {
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final String PREFIX = "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$";

    private PasswordHash() {}

    /** The PHC string of {@code password} under {@code salt}, which should be 16 random bytes. */
    public static String of(String password, byte[] salt) {
        var base64 = Base64.getEncoder().withoutPadding();
        return PREFIX + base64.encodeToString(salt) + "$" + base64.encodeToString(hash(password, salt));
    }

    /** Whether {@code stored}, made by {@link #of}, is the hash of {@code password}. */
    static boolean matches(String stored, String password) {
        if (!stored.startsWith(PREFIX)) {
            return false;
        }
        String[] parts = stored.substring(PREFIX.length()).split("\\$", -1);
        if (parts.length != 2) {
            return false;
        }
        var base64 = Base64.getDecoder();
        return MessageDigest.isEqual(base64.decode(parts[1]), hash(password, base64.decode(parts[0])));
    }

    private static byte[] hash(String password, byte[] salt) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(MEMORY_KIB)
                .withIterations(PASSES)
                .withParallelism(LANES)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
