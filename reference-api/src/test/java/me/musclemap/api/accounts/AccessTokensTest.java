package me.musclemap.api.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokensTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void aTokenIsGoodForFifteenMinutes() {
        Path file = directory.resolve("key.json");
        AccessTokens.writeNewKey(file);
        var key = AccessTokens.readKey(file);
        var now = new AccessTokens(key, Clock.systemUTC());
        assertThat(now.viewer(issued(key, Duration.ofMinutes(14))).userId()).hasValue("user_a");
        assertThat(now.viewer(issued(key, Duration.ofMinutes(16))).userId())
                .as("expired a minute ago")
                .isEmpty();
    }

    @Test
    void aTokenThatWasFoundGoodIsNotGoodForEver() {
        Path file = directory.resolve("key.json");
        AccessTokens.writeNewKey(file);
        var key = AccessTokens.readKey(file);
        String token = issued(key, Duration.ZERO);
        var clock = new Later();
        var tokens = new AccessTokens(key, clock);
        assertThat(tokens.viewer(token).userId()).hasValue("user_a");
        clock.by = Duration.ofMinutes(16);
        assertThat(tokens.viewer(token).userId()).isEmpty();
    }

    private static String issued(ECKey key, Duration ago) {
        return new AccessTokens(key, Clock.offset(Clock.systemUTC(), ago.negated()))
                .issue("user_a", "a@headroom.example", List.of("user"));
    }

    /** The time, or some time later. */
    private static final class Later extends Clock {
        private Duration by = Duration.ZERO;

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public java.time.Instant instant() {
            return Clock.systemUTC().instant().plus(by);
        }
    }
}
