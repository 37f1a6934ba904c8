package me.musclemap.rum.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTemplatesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /                                                          | /
            /workouts                                                  | /workouts
            /workouts/42/details?token=SECRET&email=a@b.c              | /workouts/{id}/details
            https://mm.example/workouts/42#x                           | /workouts/{id}
            https://jane:pw@mm.example/exercises/ex-001                | /exercises/{id}
            https://mm.example                                         | /
            /users/jane/feed                                           | /users/{id}/feed
            /profile/janedoe                                           | /profile/{id}
            /a/jane@example.org                                        | /a/{id}
            /a/%6a%61ne                                                | /a/{id}
            /s/0b9e2f3a-4d5c-6b7a-8c9d-0e1f2a3b4c5d                    | /s/{id}
            /workouts/{workoutId}                                      | /workouts/{id}
            /workouts/:id/sets                                         | /workouts/{id}/sets
            /a/b/c/d/e/f/g/h/i/j                                       | /a/b/c/d/e/f/g/h/*
            /login;jsessionid=ABC                                      | /login
            //workouts//1/                                             | /workouts/{id}
            workouts                                                   | (unknown)
            javascript:alert(1)                                        | (unknown)
            ''                                                         | (unknown)
            """)
    void onlyWordsOfTheApplicationStay(String url, String template) {
        assertThat(new RouteTemplates().template(url == null ? "" : url)).isEqualTo(template);
    }
}
