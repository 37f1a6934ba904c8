package me.musclemap.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {
    @ParameterizedTest
    @CsvSource({
        "j.n.SocketException: Too many open files,generator: too many open files,true",
        "Cannot assign requested address: /127.0.0.1:80,generator: no free port,true",
        "Request timeout to localhost/127.0.0.1:80 after 10000 ms,timeout,false",
        "Connection refused: localhost/127.0.0.1:80,connection refused,false",
        "Premature close,connection closed,false",
        "Connection reset by peer,connection closed,false",
        "generator: cannot build the request,generator: cannot build the request,true"
    })
    void theGeneratorsOwnFaultsAreNotTheTargets(String message, String said, boolean own) {
        assertThat(Failures.transport(message)).isEqualTo(said);
        assertThat(Failures.isOwn(Failures.transport(message))).isEqualTo(own);
    }
}
