package me.musclemap.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"errors\":[{\"message\":\"x\"}],\"data\":null}|true",
                "{\"data\":null , \"errors\" : []}|true",
                "{\"data\":{\"errors\":[1]}}|false",
                "{\"data\":{\"text\":\"\\\"errors\\\":\"}}|false",
                "{\"data\":{\"a\":\"}\\\\\"},\"errors\":[]}|true",
                "{\"data\":{\"list\":[\"errors\",\"}\"]}}|false",
                "{\"kind\":\"errors\"}|false",
                "{}|false"
            })
    void errorsCountAtTheTopLevelOnly(String json, boolean expected) {
        assertThat(Answer.hasErrors(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"data\":{\"login\":{\"token\":\"a.b.c\"}}}|token|token|a.b.c",
                "{\"session\":{\"userId\":\"u\",\"id\" : \"s1\"}}|session|id|s1",
                "{\"session\":null,\"id\":7}|session|id|",
                "{}|token|token|"
            })
    void aTextIsFoundAfterItsKey(String json, String within, String key, String expected) {
        var found = Answer.text(json.getBytes(StandardCharsets.UTF_8), within, key);
        assertThat(found.orElse(null)).isEqualTo(expected);
    }
}
