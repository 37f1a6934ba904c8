package me.musclemap.api.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientAddressTest {
    @Test
    void aProxyOnThisMachineMayNameTheClient() {
        assertThat(ClientAddress.of("127.0.0.1", "203.0.113.7, 10.0.0.1")).hasValue("203.0.113.7");
        assertThat(ClientAddress.of("[0:0:0:0:0:0:0:1]", "203.0.113.7")).hasValue("203.0.113.7");
    }

    @Test
    void anybodyElseIsWhoHeIs() {
        assertThat(ClientAddress.of("198.51.100.9", "203.0.113.7")).hasValue("198.51.100.9");
    }

    @Test
    void aProgramOnThisMachineWithoutAProxyHasNoAddress() {
        assertThat(ClientAddress.of("127.0.0.1", null)).isEmpty();
        assertThat(ClientAddress.of("::1", " ")).isEmpty();
    }
}
