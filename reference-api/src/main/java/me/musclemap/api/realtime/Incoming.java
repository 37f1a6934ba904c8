package me.musclemap.api.realtime;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Takes a client's bytes apart into messages. Keeps nothing between reads unless a frame or a message is only half there.
 * For one thread at a time.
 *
 * <p>Source: RFC 6455, sections 5.2 to 5.5; RFC 7692, section 7.2.2.
 */
final class Incoming {
    private static final int MESSAGE_BYTES_MAX = 64 * 1024;
    private static final int CONTROL_BYTES_MAX = 125;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private byte @Nullable [] rest;
    private byte @Nullable [] parts;
    private boolean partsCompressed;

    /** What came out. */
    interface Sink {
        /** A whole text message. */
        void text(byte[] utf8);

        /** A ping with what it carries. */
        void ping(byte[] payload);

        /** The other side closes. */
        void close();
    }

    /** The client did not keep to the protocol, or to our bounds. */
    static final class Violation extends Exception {
        private final int code;

        Violation(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Takes all bytes of {@code in}. */
    void take(ByteBuffer in, boolean compression, Sink sink) throws Violation {
        ByteBuffer all = in;
        if (rest != null) {
            all = ByteBuffer.allocate(rest.length + in.remaining());
            all.put(rest).put(in).flip();
            rest = null;
        }
        while (all.hasRemaining()) {
            int start = all.position();
            if (!frame(all, compression, sink)) {
                all.position(start);
                rest = new byte[all.remaining()];
                all.get(rest);
            }
        }
    }

    /** False when the frame is not all there. */
    private boolean frame(ByteBuffer in, boolean compression, Sink sink) throws Violation {
        if (in.remaining() < 2) {
            return false;
        }
        int first = in.get();
        int second = in.get();
        int opcode = first & 0x0F;
        boolean last = (first & 0x80) != 0;
        boolean compressed = (first & 0x40) != 0;
        if ((first & 0x30) != 0 || (compressed && !(compression && (opcode == Frame.TEXT)))) {
            throw new Violation(1002, "reserved bit");
        }
        if ((second & 0x80) == 0) {
            throw new Violation(1002, "not masked");
        }
        int length = second & 0x7F;
        if (opcode >= Frame.CLOSE && (length > CONTROL_BYTES_MAX || !last)) {
            throw new Violation(1002, "control frame too long");
        }
        if (length == 126) {
            if (in.remaining() < 2) {
                return false;
            }
            length = in.getShort() & 0xFFFF;
        } else if (length == 127) {
            throw new Violation(1009, "message too big");
        }
        if (length > MESSAGE_BYTES_MAX) {
            throw new Violation(1009, "message too big");
        }
        if (in.remaining() < 4 + length) {
            return false;
        }
        int mask = in.getInt();
        byte[] payload = new byte[length];
        in.get(payload);
        for (int i = 0; i < length; i++) {
            payload[i] ^= (byte) (mask >> (24 - 8 * (i & 3)));
        }
        handle(opcode, last, compressed, payload, sink);
        return true;
    }

    private void handle(int opcode, boolean last, boolean compressed, byte[] payload, Sink sink) throws Violation {
        switch (opcode) {
            case Frame.TEXT -> {
                if (parts != null) {
                    throw new Violation(1002, "a message within a message");
                }
                if (last) {
                    sink.text(whole(payload, compressed));
                } else {
                    parts = payload;
                    partsCompressed = compressed;
                }
            }
            case Frame.CONTINUATION -> {
                byte[] before = parts;
                if (before == null) {
                    throw new Violation(1002, "nothing to continue");
                }
                if (before.length + payload.length > MESSAGE_BYTES_MAX) {
                    throw new Violation(1009, "message too big");
                }
                byte[] joined = Arrays.copyOf(before, before.length + payload.length);
                System.arraycopy(payload, 0, joined, before.length, payload.length);
                parts = last ? null : joined;
                if (last) {
                    sink.text(whole(joined, partsCompressed));
                }
            }
            case Frame.BINARY -> throw new Violation(1003, "text only");
            case Frame.PING -> sink.ping(payload);
            case Frame.PONG -> {
                // a sign of life, and nothing to do
            }
            case Frame.CLOSE -> sink.close();
            default -> throw new Violation(1002, "unknown opcode");
        }
    }

    private static byte[] whole(byte[] payload, boolean compressed) throws Violation {
        byte[] text = compressed ? inflate(payload) : payload;
        for (byte one : text) {
            if (one < 0) {
                requireUtf8(text);
                break;
            }
        }
        return text;
    }

    private static void requireUtf8(byte[] text) throws Violation {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new Violation(1007, "not UTF-8");
        }
    }

    private static byte[] inflate(byte[] payload) throws Violation {
        var inflater = new Inflater(true);
        try {
            byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
            System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
            inflater.setInput(input);
            byte[] out = new byte[Math.min(MESSAGE_BYTES_MAX, 64 + payload.length * 4)];
            int length = 0;
            while (true) {
                int made = inflater.inflate(out, length, out.length - length);
                length += made;
                if (length < out.length || inflater.finished()) {
                    return Arrays.copyOf(out, length);
                }
                if (out.length == MESSAGE_BYTES_MAX) {
                    throw new Violation(1009, "message too big");
                }
                out = Arrays.copyOf(out, Math.min(MESSAGE_BYTES_MAX, out.length * 2));
            }
        } catch (DataFormatException e) {
            throw new Violation(1007, "not deflated");
        } finally {
            inflater.end();
        }
    }

    /** Whether nothing is held from the last read. */
    boolean isEmpty() {
        return rest == null && parts == null;
    }
}
