package me.musclemap.api.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static final byte[] SALT = "somesaltsomesalt".getBytes(StandardCharsets.UTF_8);

    @Test
    void aHashNamesItsParametersAndMatchesItsPasswordOnly() {
        String hash = PasswordHash.of("correct horse", SALT);
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$");
        assertThat(PasswordHash.matches(hash, "correct horse")).isTrue();
        assertThat(PasswordHash.matches(hash, "correct horsf")).isFalse();
    }

    @Test
    void aHashOfAnotherKindMatchesNothing() {
        assertThat(PasswordHash.matches("$2b$10$abcdefghijklmnopqrstuv", "x")).isFalse();
    }
}
