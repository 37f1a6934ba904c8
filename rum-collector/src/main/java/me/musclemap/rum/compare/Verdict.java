package me.musclemap.rum.compare;

import java.util.Locale;

/** What a comparison of two releases says. */
public sealed interface Verdict {
    /** The word in answers. */
    String word();

    /** One sentence. */
    String summary();

    /** It got worse, by more than nothing with the confidence asked for. */
    record Regressed(double change, double lower, double upper) implements Verdict {
        @Override
        public String word() {
            return "regressed";
        }

        @Override
        public String summary() {
            return "regressed: p75 is %s higher (%s to %s)".formatted(percent(change), percent(lower), percent(upper));
        }
    }

    /** It is not worse by as much as matters. */
    record Fine(double change, double lower, double upper, double margin) implements Verdict {
        @Override
        public String word() {
            return "fine";
        }

        @Override
        public String summary() {
            return "fine: p75 changed by %s (%s to %s), less than %s up"
                    .formatted(percent(change), percent(lower), percent(upper), percent(margin));
        }
    }

    /**
     * There is not enough to tell.
     *
     * @param moreViews about how many more page views of each release it needs; 0 if more alone do not help
     */
    record Undecided(String why, long moreViews) implements Verdict {
        @Override
        public String word() {
            return "undecided";
        }

        @Override
        public String summary() {
            return "undecided: " + why
                    + (moreViews > 0 ? "; needs about %,d more page views of each".formatted(moreViews) : "");
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", share * 100);
    }
}
