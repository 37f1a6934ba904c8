package me.musclemap.rum.spool;

import java.util.Arrays;

/** Whole numbers in as few bytes as they need, seven bits to a byte. Source: LEB128, and zigzag for signed ones. */
public final class Varints {
    private Varints() {}

    /** Writes numbers one after the other. Not safe for use by many threads. */
    public static final class Writer {
        private byte[] bytes;
        private int length;

        /** Room for {@code expected} bytes; more is taken as needed. */
        public Writer(int expected) {
            bytes = new byte[Math.max(16, expected)];
        }

        /** One number, taken as unsigned. */
        public void unsigned(long number) {
            long rest = number;
            while ((rest & ~0x7fL) != 0) {
                one((byte) (rest | 0x80));
                rest >>>= 7;
            }
            one((byte) rest);
        }

        /** One number with its sign. */
        public void signed(long number) {
            unsigned((number << 1) ^ (number >> 63));
        }

        /** Bytes as they are. */
        public void bytes(byte[] more) {
            room(more.length);
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
        }

        /** Eight bytes. */
        public void fixed(long number) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                one((byte) (number >>> shift));
            }
        }

        private void one(byte b) {
            room(1);
            bytes[length++] = b;
        }

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }

        /** All that was written. */
        public byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }
    }

    /** Reads what a {@link Writer} wrote. Not safe for use by many threads. */
    public static final class Reader {
        private final byte[] bytes;
        private int at;

        /** From the first byte. */
        public Reader(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /**
         * The next number.
         *
         * @throws IllegalArgumentException if the bytes end within it
         */
        public long unsigned() {
            long number = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte b = one();
                number |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return number;
                }
            }
            throw new IllegalArgumentException("a number of more than 64 bits");
        }

        /** The next number with its sign. */
        public long signed() {
            long zigzag = unsigned();
            return (zigzag >>> 1) ^ -(zigzag & 1);
        }

        /** The next bytes. */
        public byte[] bytes(int count) {
            if (count < 0 || count > bytes.length - at) {
                throw new IllegalArgumentException("the bytes end within a text");
            }
            at += count;
            return Arrays.copyOfRange(bytes, at - count, at);
        }

        /** The next eight bytes. */
        public long fixed() {
            long number = 0;
            for (int i = 0; i < 8; i++) {
                number = (number << 8) | (one() & 0xff);
            }
            return number;
        }

        private byte one() {
            if (at == bytes.length) {
                throw new IllegalArgumentException("the bytes end within a number");
            }
            return bytes[at++];
        }
    }
}
