package me.musclemap.rum.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * Bodies that a page has packed with {@code CompressionStream}: gzip or deflate. Told by their first bytes, since
 * {@code sendBeacon} cannot send a header; a JSON object or list begins with neither. Sources: RFC 1952, section 2.3.1; RFC 1950, section 2.2.
 */
final class Packed {
    private Packed() {}

    /**
     * The body as it was before it was packed, or itself. At most {@code bytesMax} bytes and one more, which tells that
     * there would be more still.
     *
     * @throws IOException if it begins like a packed one and is none
     */
    static byte[] open(byte[] body, int bytesMax) throws IOException {
        if (body.length < 2) {
            return body;
        }
        int first = body[0] & 0xff;
        int second = body[1] & 0xff;
        if (first == 0x1f && second == 0x8b) {
            return open(new GZIPInputStream(new ByteArrayInputStream(body)), bytesMax);
        }
        if ((first & 0x8f) == 0x08 && (first << 8 | second) % 31 == 0) {
            return open(new InflaterInputStream(new ByteArrayInputStream(body)), bytesMax);
        }
        return body;
    }

    private static byte[] open(InputStream packed, int bytesMax) throws IOException {
        try (packed) {
            return packed.readNBytes(bytesMax + 1);
        }
    }
}
