package me.musclemap.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClosedToolTest {
    /** As wrk 4.1.0 prints it. */
    private static final List<String> WRK = List.of(
            "Running 2s test @ http://127.0.0.1:8080/ping",
            "  1 threads and 16 connections",
            "  Thread Stats   Avg      Stdev     Max   +/- Stdev",
            "    Latency   310.85us  150.23us   2.01s    98.99%",
            "  Latency Distribution",
            "     50%  297.00us",
            "     75%  356.00us",
            "     90%  421.00us",
            "     99%    1.54ms",
            "  100000 requests in 2.00s, 21.00MB read");

    /** As hey 0.1.4 prints it. */
    private static final List<String> HEY = List.of(
            "Summary:",
            "  Total:\t2.0010 secs",
            "Latency distribution:",
            "  50% in 0.0004 secs",
            "  99% in 1.9040 secs");

    @Test
    void percentilesAreReadFromWhatTheToolsPrint() {
        assertThat(ClosedTool.wrk.seconds(WRK, 50).orElseThrow()).isCloseTo(297e-6, within(1e-12));
        assertThat(ClosedTool.wrk.seconds(WRK, 99).orElseThrow()).isCloseTo(1.54e-3, within(1e-12));
        assertThat(ClosedTool.hey.seconds(HEY, 50)).contains(0.0004);
        assertThat(ClosedTool.hey.seconds(HEY, 99)).contains(1.9040);
    }

    @Test
    void whatAToolDoesNotPrintIsEmpty() {
        assertThat(ClosedTool.hey.seconds(WRK, 99)).isEmpty();
        assertThat(ClosedTool.wrk.seconds(HEY, 50)).isEmpty();
    }

    @Test
    void aRateIsSharedOutAmongTheConnections() {
        assertThat(ClosedTool.hey.command(Path.of("/usr/bin/hey"), "http://x/", 16, 5, Optional.of(300.0)))
                .containsSequence("-q", "18.750");
    }
}
