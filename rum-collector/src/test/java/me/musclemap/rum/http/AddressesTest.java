package me.musclemap.rum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.9                           | 1 | 203.0.113.9
            198.51.100.7, 203.0.113.9             | 1 | 203.0.113.9
            198.51.100.7,203.0.113.9 , 10.0.0.1   | 2 | 203.0.113.9
            198.51.100.7, 203.0.113.9, 10.0.0.1   | 3 | 198.51.100.7
            203.0.113.9, 10.0.0.1                 | 5 | 203.0.113.9
            2001:db8::1, 127.0.0.1                | 2 | 2001:db8::1
            198.51.100.7, 127.0.0.1               | 1 | 198.51.100.7
            6.6.6.6, 198.51.100.7, 127.0.0.1      | 2 | 198.51.100.7
            127.0.0.1, 198.51.100.7               | 1 | 198.51.100.7
            127.0.0.1, [::1]                      | 1 | ''
            ::1                                   | 1 | ''
            ,,                                    | 2 | ''
            ''                                    | 1 | ''
            """)
    void theSenderIsSoManyFromTheRight(String told, int place, String address) {
        assertThat(Addresses.fromRight(told, place)).isEqualTo(address);
    }
}
