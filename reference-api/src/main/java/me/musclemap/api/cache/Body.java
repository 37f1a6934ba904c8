package me.musclemap.api.cache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An answer's bytes that are sent many times: compressed once, and with a tag of what is in it. Safe for use by many threads;
 * what is made twice by two threads at once is equal.
 */
public final class Body {
    private static final int GZIP_BYTES_MIN = 1_500;
    private static final int TAG_BYTES = 12;

    private final byte[] bytes;
    private volatile byte @Nullable [] gzip;
    private volatile @Nullable String tag;

    /** The answer {@code bytes}, which must not be changed any more. */
    public Body(byte[] bytes) {
        this.bytes = bytes;
    }

    /** As they are. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether compressing saves anything. */
    public boolean isWorthCompressing() {
        return bytes.length >= GZIP_BYTES_MIN;
    }

    /** Compressed with gzip. */
    public byte[] gzip() {
        byte[] known = gzip;
        if (known == null) {
            known = compress();
            gzip = known;
        }
        return known;
    }

    private byte[] compress() {
        var out = new ByteArrayOutputStream(bytes.length / 4);
        try (var compressed = new GZIPOutputStream(out)) {
            compressed.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return out.toByteArray();
    }

    /** A strong entity tag, with its quotes: other bytes have another one. */
    public String tag() {
        String known = tag;
        if (known == null) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
                known = "\"" + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + "\"";
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
            tag = known;
        }
        return known;
    }

    /** How much memory it holds, about. */
    public int size() {
        byte[] compressed = gzip;
        return bytes.length + (compressed == null ? bytes.length / 4 : compressed.length);
    }
}
