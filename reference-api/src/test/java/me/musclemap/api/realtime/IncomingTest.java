package me.musclemap.api.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6455, frame by frame. */
class IncomingTest {
    private final List<String> heard = new ArrayList<>();
    private final Incoming.Sink sink = new Incoming.Sink() {
        @Override
        public void text(byte[] utf8) {
            heard.add(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void ping(byte[] payload) {
            heard.add("ping " + payload.length);
        }

        @Override
        public void close() {
            heard.add("close");
        }
    };

    /** Section 5.7 of the RFC: a masked "Hello". */
    @Test
    void theExampleOfTheStandardIsUnderstood() throws Exception {
        byte[] wire = {(byte) 0x81, (byte) 0x85, 0x37, (byte) 0xfa, 0x21, 0x3d, 0x7f, (byte) 0x9f, 0x4d, 0x51, 0x58};
        new Incoming().take(ByteBuffer.wrap(wire), false, sink);
        assertThat(heard).containsExactly("Hello");
    }

    /** Section 7.2.3.1 of RFC 7692: a compressed "Hello". */
    @Test
    void aCompressedMessageIsInflated() throws Exception {
        byte[] payload = {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00};
        new Incoming().take(ByteBuffer.wrap(masked(0xC1, payload)), true, sink);
        assertThat(heard).containsExactly("Hello");
    }

    @Test
    void howTheNetworkCutsTheBytesMakesNoDifference() throws Exception {
        var all = new ByteArrayOutputStream();
        all.write(masked(0x01, "one ".getBytes(StandardCharsets.UTF_8)));
        all.write(masked(0x89, new byte[3]));
        all.write(masked(0x80, "message".getBytes(StandardCharsets.UTF_8)));
        all.write(masked(0x81, "ö".repeat(40_000 / 2).getBytes(StandardCharsets.UTF_8)));
        all.write(masked(0x88, new byte[0]));
        byte[] wire = all.toByteArray();
        var random = new SplittableRandom(42);
        for (int round = 0; round < 200; round++) {
            heard.clear();
            var incoming = new Incoming();
            for (int at = 0; at < wire.length; ) {
                int until = Math.min(wire.length, at + 1 + random.nextInt(round < 100 ? 7 + round * 300 : wire.length));
                incoming.take(ByteBuffer.wrap(wire, at, until - at), false, sink);
                at = until;
            }
            assertThat(heard).hasSize(4).startsWith("ping 3", "one message").endsWith("close");
            assertThat(heard.get(2)).hasSize(20_000);
            assertThat(incoming.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "binary, 82, 1003",
        "reserved bit, A1, 1002",
        "compressed without having agreed to it, C1, 1002",
        "a continuation of nothing, 80, 1002",
        "an unknown opcode, 83, 1002",
        "a ping in parts, 09, 1002"
    })
    void aViolationHasItsCode(String what, String first, int code) {
        byte[] wire = masked(Integer.parseInt(first, 16), new byte[2]);
        assertThatThrownBy(() -> new Incoming().take(ByteBuffer.wrap(wire), false, sink))
                .isInstanceOfSatisfying(
                        Incoming.Violation.class,
                        v -> assertThat(v.code()).as(what).isEqualTo(code));
    }

    @Test
    void whatIsTooBigIsRefusedBeforeItIsHeld() {
        byte[] head = {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 1, 0, 1};
        assertThatThrownBy(() -> new Incoming().take(ByteBuffer.wrap(head), false, sink))
                .isInstanceOfSatisfying(
                        Incoming.Violation.class, v -> assertThat(v.code()).isEqualTo(1009));
        byte[] bomb = Frame.message("0".repeat(100_000)).wire(true).array();
        byte[] payload = java.util.Arrays.copyOfRange(bomb, bomb[1] == 126 ? 4 : 2, bomb.length);
        assertThatThrownBy(() -> new Incoming().take(ByteBuffer.wrap(masked(0xC1, payload)), true, sink))
                .isInstanceOfSatisfying(
                        Incoming.Violation.class, v -> assertThat(v.code()).isEqualTo(1009));
        byte[] notText = masked(0x81, new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertThatThrownBy(() -> new Incoming().take(ByteBuffer.wrap(notText), false, sink))
                .isInstanceOfSatisfying(
                        Incoming.Violation.class, v -> assertThat(v.code()).isEqualTo(1007));
    }

    @Test
    void aCompressedFrameOfOursIsReadBack() throws Exception {
        String text = "{\"type\":\"snapshot\",\"data\":\"" + "häufig ".repeat(200) + "\"}";
        byte[] wire = Frame.message(text).wire(true).array();
        assertThat(wire.length).isLessThan(200);
        assertThat(wire[0] & 0xFF).isEqualTo(0xC1);
        byte[] payload = java.util.Arrays.copyOfRange(wire, wire[1] == 126 ? 4 : 2, wire.length);
        new Incoming().take(ByteBuffer.wrap(masked(0xC1, payload)), true, sink);
        assertThat(heard).containsExactly(text);
    }

    static byte[] masked(int first, byte[] payload) {
        int head = payload.length < 126 ? 6 : 8;
        ByteBuffer wire = ByteBuffer.allocate(head + payload.length);
        wire.put((byte) first);
        if (head == 6) {
            wire.put((byte) (0x80 | payload.length));
        } else {
            wire.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        wire.put(mask);
        for (int i = 0; i < payload.length; i++) {
            wire.put((byte) (payload[i] ^ mask[i & 3]));
        }
        return wire.array();
    }
}
