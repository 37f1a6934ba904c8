package me.musclemap.load.compare;

import java.util.OptionalInt;

/** What a comparison ends with. */
public sealed interface Verdict {
    /** In one or two words, for machines. */
    String word();

    /** One sentence. */
    String sentence();

    /** What the process exits with. */
    int exitCode();

    /** The candidate is at most the margin worse. */
    record NoRegression(String sentence) implements Verdict {
        @Override
        public String word() {
            return "noRegression";
        }

        @Override
        public int exitCode() {
            return 0;
        }
    }

    /** The candidate is worse, by more than the margin. */
    record Regression(String sentence) implements Verdict {
        @Override
        public String word() {
            return "regression";
        }

        @Override
        public int exitCode() {
            return 3;
        }
    }

    /**
     * The pairs do not tell.
     *
     * @param morePairs about how many more would; empty when no sensible number would
     */
    record Undecided(OptionalInt morePairs, String why) implements Verdict {
        @Override
        public String word() {
            return "undecided";
        }

        @Override
        public String sentence() {
            return morePairs.isPresent()
                    ? "undecided: %d more pair%s needed (%s)"
                            .formatted(morePairs.getAsInt(), morePairs.getAsInt() == 1 ? "" : "s", why)
                    : "undecided: more than 200 pairs needed (" + why + ")";
        }

        @Override
        public int exitCode() {
            return 4;
        }
    }

    /** The runs differ in more than the build, or one of them is not valid. */
    record NotComparable(String why) implements Verdict {
        @Override
        public String word() {
            return "notComparable";
        }

        @Override
        public String sentence() {
            return "not comparable: " + why;
        }

        @Override
        public int exitCode() {
            return 4;
        }
    }
}
