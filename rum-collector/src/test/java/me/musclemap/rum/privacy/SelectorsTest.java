package me.musclemap.rum.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            #app>p                                  | #app>p
            html>body>main.dashboard>img.hero       | html>body>main.dashboard>img.hero
            div.workout-card.active>button          | div.workout-card.active>button
            #workout-8f3a2b                         | #workout-*
            #jane-doe                               | #*
            span.user-jane>a                        | span.user-*>a
            x-jane>div                              | *>div
            #jane@example.org                       | #*
            div#TOKEN.eyJhbGciOi.J9                 | div#*.*.*
            p[data-user=jane]                       | *
            ''                                      | ''
            """)
    void onlyKnownWordsStay(String selector, String scrubbed) {
        assertThat(new Selectors().scrub(selector)).isEqualTo(scrubbed);
    }
}
