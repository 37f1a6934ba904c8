package me.musclemap.api.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import me.musclemap.telemetry.Telemetry;
import me.musclemap.telemetry.TelemetryConfig;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who says nothing for too long, by a clock of the test's. */
class SilenceTest {
    private static final Protocol MINUTE = new Protocol() {
        @Override
        public Duration silenceMax() {
            return Duration.ofSeconds(60);
        }

        @Override
        public void opened(Socket socket, String token) {
            // says nothing
        }

        @Override
        public void received(Socket socket, byte[] utf8) {
            // answers nothing
        }
    };

    private final AtomicLong nanos = new AtomicLong();
    private final Telemetry telemetry =
            Telemetry.start(TelemetryConfig.of("reference-api", "test").logFrom("ERROR"));
    private final Hub hub = new Hub(10, telemetry.business(), new SocketTelemetry(telemetry.meters()), nanos::get);
    private final ByteArrayEndPoint client = new ByteArrayEndPoint(new byte[0], 1_024, true);
    private final Socket socket = new Socket(client, Runnable::run, new ArrayByteBufferPool(), hub, MINUTE, "", false);

    @BeforeEach
    void open() {
        client.setConnection(socket);
        socket.onOpen();
    }

    @AfterEach
    void stop() {
        hub.close();
        telemetry.registry().close();
    }

    private void after(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        hub.sweep();
    }

    @Test
    void whoIsSilentForAMinuteIsToldGoodbye() {
        after(60);
        assertThat(client.takeOutput().remaining()).as("not yet").isZero();
        after(1);
        ByteBuffer goodbye = client.takeOutput();
        assertThat(goodbye.get()).as("a close frame").isEqualTo((byte) 0x88);
        byte[] reason = new byte[goodbye.get() - 2];
        assertThat(goodbye.getShort()).isEqualTo((short) 1000);
        goodbye.get(reason);
        assertThat(new String(reason, StandardCharsets.UTF_8)).isEqualTo("silent");
    }

    @Test
    void whoDoesNotTakeTheGoodbyeIsCut() {
        after(121);
        assertThat(client.isOpen()).isFalse();
    }

    /** A masked "Hello", as in section 5.7 of RFC 6455; any message is a sign of life. */
    @Test
    void whoSaysSomethingStays() {
        byte[] hello = {(byte) 0x81, (byte) 0x85, 0x37, (byte) 0xfa, 0x21, 0x3d, 0x7f, (byte) 0x9f, 0x4d, 0x51, 0x58};
        for (int i = 0; i < 10; i++) {
            after(50);
            client.addInput(ByteBuffer.wrap(hello));
        }
        assertThat(client.takeOutput().remaining()).isZero();
        assertThat(client.isOpen()).isTrue();
        after(61);
        assertThat(client.takeOutput().remaining()).isPositive();
    }
}
