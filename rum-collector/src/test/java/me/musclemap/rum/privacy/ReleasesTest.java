package me.musclemap.rum.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleasesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.4.2",
                "v1.4.2",
                "web-1.4.2",
                "1.4.2-beta-3",
                "1.4.2-rc1",
                "1.4.2+build.77",
                "2026-11-22",
                "20261122-a1b2c3d",
                "20261122T101500Z",
                "v1.4.2-3-g1a2b3c4",
                "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
                "musclemap@2.0.1",
                "main"
            })
    void whatReleasesAreNamedByIsKept(String name) {
        assertThat(Releases.keeps(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "jane",
                "1.4.2-jane",
                "jane.doe@example.org",
                "user_c0ffee",
                "4917012345678",
                "eyJhbGciOi.J9",
                "1.4.2 ",
                "{id}",
                "1-1-1-1-1-1-1-1-1-1-1",
                "feedface",
                "0123456789abcdef0123456789abcdef01234567-0123456789abcdef01234567"
            })
    void whatCouldNameAPersonIsNot(String name) {
        assertThat(Releases.keeps(name)).isFalse();
    }
}
