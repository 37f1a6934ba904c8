package me.musclemap.load.lab;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import me.musclemap.load.scenario.Second;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final URI TARGET = URI.create("http://127.0.0.1:1");
    private final CountDownLatch asked = new CountDownLatch(1);

    @Test
    void whoAnswersNothingForSecondsAndIsNotThereWhenAskedIsDead() throws Exception {
        var silence = listening(Optional.of("connection refused"));
        for (int i = 0; i < Silence.ASKED_AFTER_SECONDS; i++) {
            assertThatCode(silence::check).doesNotThrowAnyException();
            silence.accept(second(4, 0));
        }
        asked.await(30, TimeUnit.SECONDS);
        for (int i = 0; i < 300 && !isDead(silence); i++) {
            Thread.sleep(20);
        }
        assertThatThrownBy(silence::check)
                .isInstanceOf(LabException.class)
                .hasMessage(
                        "api: it no longer answers (connection refused): no request succeeded for 5 s in a row, 20 were due; the"
                                + " record so far is kept as partial");
    }

    @Test
    void whoIsOnlyOverloadedAnswersWhenAskedAndHasLonger() throws Exception {
        var silence = listening(Optional.empty());
        for (int i = 0; i < Silence.DEAD_AFTER_SECONDS - 1; i++) {
            silence.accept(second(4, 0));
        }
        asked.await(30, TimeUnit.SECONDS);
        assertThatCode(silence::check).doesNotThrowAnyException();
        silence.accept(second(4, 1));
        for (int i = 0; i < Silence.DEAD_AFTER_SECONDS - 1; i++) {
            silence.accept(second(4, 0));
        }
        assertThatCode(silence::check).as("one answer and it counts anew").doesNotThrowAnyException();
        silence.accept(second(4, 0));
        assertThatThrownBy(silence::check).hasMessageContaining("no request succeeded for 40 s in a row");
    }

    @Test
    void restIsNoSilence() {
        var silence = listening(Optional.of("connection refused"));
        for (int i = 0; i < 100; i++) {
            silence.accept(second(0, 0));
        }
        assertThatCode(silence::check).doesNotThrowAnyException();
    }

    private Silence listening(Optional<String> answer) {
        return new Silence(TARGET, "api", target -> {
            asked.countDown();
            return answer;
        });
    }

    private static boolean isDead(Silence silence) {
        try {
            silence.check();
            return false;
        } catch (LabException e) {
            return true;
        }
    }

    private static Second second(double offered, double served) {
        return new Second(0, 0, offered, served, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
