package me.musclemap.reports.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NounsTest {
    @ParameterizedTest
    @CsvSource({
        "1, window, 1 window",
        "0, window, 0 windows",
        "2, class, 2 classes",
        "3, query, 3 queries",
        "2, day, 2 days",
        "1200, core, '1,200 cores'"
    })
    void aNounFollowsItsNumber(long count, String noun, String expected) {
        assertThat(Nouns.counted(count, noun)).isEqualTo(expected.replace(" ", "\u00a0"));
    }

    @ParameterizedTest
    @CsvSource({"0, no window", "1, one window", "4, four windows", "12, twelve windows", "13, 13\u00a0windows"})
    void smallNumbersAreSpelledInText(long count, String expected) {
        assertThat(Nouns.spelled(count, "window")).isEqualTo(expected);
    }

    @Test
    void wordsAreJoinedAsASentenceJoinsThem() {
        assertThat(Nouns.joined(List.of())).isEmpty();
        assertThat(Nouns.joined(List.of("a"))).isEqualTo("a");
        assertThat(Nouns.joined(List.of("a", "b", "c"))).isEqualTo("a, b and c");
    }

    @ParameterizedTest
    @CsvSource({
        "one restart, One restart.",
        "It is done., It is done.",
        "default_pool_size is 20, default_pool_size is 20.",
        "p95 is high, p95 is high."
    })
    void aSentenceBeginsWithACapitalUnlessItsFirstWordIsACode(String text, String expected) {
        assertThat(Nouns.sentence(text)).isEqualTo(expected);
    }
}
