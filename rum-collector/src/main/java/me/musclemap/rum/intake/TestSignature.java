package me.musclemap.rum.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The signature by which test traffic is told: HMAC-SHA256 of its page view, in hexadecimal. Immutable. */
public final class TestSignature {
    private static final String ALGORITHM = "HmacSHA256";
    private final byte[] key;

    /**
     * With this key.
     *
     * @throws IllegalArgumentException if it has less than 16 bytes
     */
    public TestSignature(byte[] key) {
        if (key.length < 16) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes: use at least 16");
        }
        this.key = key.clone();
    }

    /** The signature of a page view. */
    public String sign(String pageView) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(pageView.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    boolean isOf(String pageView, String signature) {
        return MessageDigest.isEqual(
                sign(pageView).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }
}
