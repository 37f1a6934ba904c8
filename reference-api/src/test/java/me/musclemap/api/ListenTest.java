package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the service can be reached. Every 127.x.y.z is an address of this machine's, and of it alone. */
@ExtendWith(SharedStack.class)
class ListenTest {
    private final TestStack stack;

    ListenTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void itListensOnTheAddressThatItIsToldAndOnNoOther() {
        try (var there = stack.on("127.0.0.2")) {
            assertThat(answers("127.0.0.2", there.port())).isTrue();
            assertThat(answers("127.0.0.1", there.port())).isFalse();
        }
        try (var everywhere = stack.on("0.0.0.0")) {
            assertThat(answers("127.0.0.1", everywhere.port())).isTrue();
            assertThat(answers("127.0.0.2", everywhere.port())).isTrue();
        }
    }

    private static boolean answers(String address, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getAllByName(address)[0], port), 2_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** 192.0.2.0/24 and 2001:db8::/32 are kept for examples: no machine has them. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "localhost", "300.1.1.1", "", "127.0.0.1:80", "::zz"})
    void anAddressThatIsNotOursIsRefusedInOneLine(String listen) {
        assertThatThrownBy(() -> ListenAddress.require(listen))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("--listen=" + listen + ": this machine has no such address");
    }

    @Test
    void theReadyLineNamesAnAddressThatCanBeReachedAndTheCost() {
        ListenAddress.require("0.0.0.0");
        ListenAddress.require("127.0.0.1");
        assertThat(ServeCommand.readyLine("http", "0.0.0.0", 80, "reference"))
                .startsWith("{\"ready\":true,\"url\":\"http://127.0.0.1:80\",\"pid\":")
                .doesNotContain("costProfile");
        assertThat(ServeCommand.readyLine("https", "::1", 443, "production"))
                .contains("\"https://[::1]:443\"")
                .endsWith("\"costProfile\":\"production\"}");
    }
}
