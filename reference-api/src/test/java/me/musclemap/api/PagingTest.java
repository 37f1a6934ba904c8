package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages that continue after an element hold together what one page would, each element once. */
@ExtendWith(SharedStack.class)
class PagingTest {
    private final TestStack stack;

    PagingTest(TestStack stack) {
        this.stack = stack;
    }

    private List<String> page(String field, String arguments, int user) {
        return stack.data("{ " + field + "(" + arguments + ") { id } }", Map.of(), stack.token(user))
                .get(field)
                .findValuesAsText("id");
    }

    private void hangTogether(String field, int user, List<String> whole) {
        var pages = new ArrayList<String>();
        List<String> next = page(field, "limit: 2", user);
        while (!next.isEmpty() && pages.size() < whole.size()) {
            pages.addAll(next);
            next = page(field, "limit: 2, after: \"" + next.get(next.size() - 1) + "\"", user);
        }
        assertThat(pages.subList(0, whole.size())).isEqualTo(whole);
        assertThat(whole).doesNotHaveDuplicates();
    }

    @Test
    void workoutsContinueAfterAWorkout() {
        int user = 0;
        List<String> whole = page("myWorkouts", "limit: 100", user);
        while (whole.size() < 5) {
            user++;
            whole = page("myWorkouts", "limit: 100", user);
        }
        hangTogether("myWorkouts", user, whole);
        assertThat(page("myWorkouts", "limit: 2, offset: 2", user)).isEqualTo(whole.subList(2, 4));
        String last = whole.get(whole.size() - 1);
        assertThat(page("myWorkouts", "limit: 5, after: \"" + last + "\"", user))
                .isEmpty();
        assertThat(page("myWorkouts", "limit: 5, after: \"" + whole.get(0) + "\"", user + 1))
                .as("another user's workout is no place in one's own")
                .doesNotContainAnyElementsOf(whole);
    }

    @Test
    void theFeedContinuesAfterAnEvent() {
        List<String> whole = page("communityFeed", "limit: 19", 3);
        assertThat(whole).hasSize(19);
        hangTogether("communityFeed", 3, whole);
        assertThat(page("communityFeed", "limit: 2, offset: 2", 3)).isEqualTo(whole.subList(2, 4));
    }
}
