package me.musclemap.rum.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
            /community/jane@example.org                                | /community/{id}
            /community/%6a%61ne                                        | /community/{id}
            /share/0b9e2f3a-4d5c-6b7a-8c9d-0e1f2a3b4c5d                | /share/{id}
            /friends/jane                                              | /friends/{id}
            /friends/journey                                           | /friends/{id}
            /jane-doe                                                  | /{id}
            /community/janedoe42                                       | /community/{id}
            /invite/qwertz                                             | /invite/{id}
            /Workout-Builder/help.html                                 | /workout-builder/help.html
            /workout-jane                                              | /{id}
            /-                                                         | /{id}
            /workouts/{workoutId}                                      | /workouts/{id}
            /workouts/:id/sets                                         | /workouts/{id}/sets
            /a/b/c/d/e/f/g/h/i/j                                       | /{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id}/*
            /login;jsessionid=ABC                                      | /login
            //workouts//1/                                             | /workouts/{id}
            workouts                                                   | (unknown)
            javascript:alert(1)                                        | (unknown)
            ''                                                         | (unknown)
            """)
    void onlyWordsOfTheApplicationStay(String url, String template) {
        assertThat(new RouteTemplates(RouteWords.MUSCLEMAP).template(url == null ? "" : url))
                .isEqualTo(template);
    }

    @Test
    void anotherApplicationNamesItsOwnRoutes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("routes");
        Files.writeString(file, "# ours\n/\n/Aisles/{aisle}/sold-out\n/basket/:id\n\n");
        var routes = new RouteTemplates(RouteWords.read(file));

        assertThat(routes.template("/aisles/fruit/sold-out")).isEqualTo("/aisles/{id}/sold-out");
        assertThat(routes.template("/basket/7")).isEqualTo("/basket/{id}");
        assertThat(routes.template("/workouts")).as("not one of its own").isEqualTo("/{id}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"workouts", "/a b", "/<id>", "# nothing", "/\u00e4pfel"})
    void aFileThatIsNoListOfRoutesIsToldWhatToWrite(String text, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("routes"), text);

        assertThatThrownBy(() -> RouteWords.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--routes=" + file)
                .hasMessageContaining("write ");
        assertThatThrownBy(() -> RouteWords.read(directory.resolve("absent"))).hasMessageContaining("cannot be read");
    }
}
