package me.musclemap.telemetry.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {
    private final Scrubber scrubber = new Scrubber();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mail to jane.doe+x@example.co.uk failed           | mail to *email* failed
            Authorization: Bearer abc123.def456-ghi           | Authorization: Bearer *
            got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln ok  | got *jwt* ok
            Set-Cookie: session=abc; Path=/                   | Set-Cookie: *
            GET user:42:token                                 | GET user:*:token
            no row user_0123456789abcdef01234567              | no row user_*
            Key (email)=(a@b.c) already exists                | Key (email)=(*) already exists
            password=hunter2 rest                             | password=* rest
            {"refreshToken":"s3cr3t","n":1}                   | {"refreshToken":"*","n":1}
            https://mm.example/w/1?token=SECRET&x=1 slow      | https://mm.example/w/1?* slow
            paid with 4111 1111 1111 1111 today               | paid with *card* today
            from 203.0.113.77 refused                         | from 203.0.113.0 refused
            from 2001:db8:1234:5678:9abc:def0:1:2 refused     | from 2001:db8:1234:: refused
            """)
    void personalValuesAreReplaced(String text, String clean) {
        assertThat(scrubber.text(text)).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listening on 127.0.0.1:8080",
                "took 1795350186782354403 ns",
                "at 12:30:05.123 version 1.4.2",
                "GET /api/exercises 200",
                "java.lang.IllegalStateException: window 3 is open",
                "at me.musclemap.api.Main.main(Main.java:42)"
            })
    void whatNamesNobodyStays(String text) {
        assertThat(scrubber.text(text)).isEqualTo(text);
    }

    @Test
    void literalsOfAStatementAreReplaced() {
        assertThat(scrubber.sql("select id from users where email = 'a@b.c' and age > 30 limit 5"))
                .isEqualTo("select id from users where email = ? and age > ? limit ?");
        assertThat(scrubber.sql("select $1, t2.c3 from t2")).isEqualTo("select $1, t2.c3 from t2");
    }

    @Test
    void attributesOutsideTheAllowListAreDropped() {
        var attributes = Attributes.of(
                AttributeKey.stringKey("http.route"), "/api/workouts/{id}",
                AttributeKey.stringKey("enduser.id"), "user_1",
                AttributeKey.stringKey("exception.message"), "no account a@b.c",
                AttributeKey.longKey("http.response.status_code"), 500L);

        var clean = scrubber.attributes(attributes);

        assertThat(clean)
                .isEqualTo(Attributes.of(
                        AttributeKey.stringKey("http.route"), "/api/workouts/{id}",
                        AttributeKey.stringKey("exception.message"), "no account *email*",
                        AttributeKey.longKey("http.response.status_code"), 500L));
    }
}
