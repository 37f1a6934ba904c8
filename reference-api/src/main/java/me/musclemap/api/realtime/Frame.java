package me.musclemap.api.realtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * One frame as it goes over the wire, made once and sent to any number of sockets. A server does not mask its frames and
 * keeps no compression state between messages, so the bytes are the same for everybody. Safe for use by many threads.
 *
 * <p>Source: RFC 6455, section 5.2; RFC 7692, section 7.2.1.
 */
public final class Frame {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final int COMPRESSED_BYTES_MIN = 128;
    private static final int FINAL = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private final int opcode;
    private final byte[] payload;
    private final byte[] plain;
    private final boolean replaceable;
    private volatile byte @Nullable [] deflated;

    private Frame(int opcode, byte[] payload, boolean replaceable) {
        this.opcode = opcode;
        this.payload = payload;
        this.replaceable = replaceable;
        this.plain = wire(opcode, payload, false);
    }

    /** A message that must arrive: who cannot take it is disconnected. */
    public static Frame message(String json) {
        return new Frame(TEXT, json.getBytes(StandardCharsets.UTF_8), false);
    }

    /** A message that the next one like it replaces: who cannot take it does without. */
    public static Frame replaceable(String json) {
        return new Frame(TEXT, json.getBytes(StandardCharsets.UTF_8), true);
    }

    static Frame pong(byte[] payload) {
        return new Frame(PONG, payload, true);
    }

    static Frame close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + Math.min(text.length, 123)];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        return new Frame(CLOSE, payload, false);
    }

    boolean isReplaceable() {
        return replaceable;
    }

    boolean isClose() {
        return opcode == CLOSE;
    }

    int bytes() {
        return plain.length;
    }

    /** What is written to a socket; each gets a view of its own. */
    ByteBuffer wire(boolean compressed) {
        return ByteBuffer.wrap(
                compressed && opcode == TEXT && payload.length >= COMPRESSED_BYTES_MIN ? deflated() : plain);
    }

    private byte[] deflated() {
        byte[] known = deflated;
        if (known == null) {
            known = wire(opcode, deflate(payload), true);
            deflated = known;
        }
        return known;
    }

    private static byte[] deflate(byte[] bytes) {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(bytes);
            byte[] out = new byte[bytes.length + 64];
            int length = 0;
            int made;
            do {
                if (length == out.length) {
                    out = Arrays.copyOf(out, out.length * 2);
                }
                made = deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
                length += made;
            } while (made > 0 && length == out.length);
            // The last four bytes of a flush, 00 00 FF FF, are left out on the wire.
            return Arrays.copyOf(out, length - 4);
        } finally {
            deflater.end();
        }
    }

    private static byte[] wire(int opcode, byte[] payload, boolean compressed) {
        int length = payload.length;
        int head = length < LENGTH_16 ? 2 : length <= 0xFFFF ? 4 : 10;
        ByteBuffer wire = ByteBuffer.allocate(head + length);
        wire.put((byte) (FINAL | (compressed ? COMPRESSED : 0) | opcode));
        if (head == 2) {
            wire.put((byte) length);
        } else if (head == 4) {
            wire.put((byte) LENGTH_16).putShort((short) length);
        } else {
            wire.put((byte) LENGTH_64).putLong(length);
        }
        wire.put(payload);
        return wire.array();
    }
}
