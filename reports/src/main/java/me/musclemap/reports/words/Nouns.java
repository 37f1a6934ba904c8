package me.musclemap.reports.words;

import java.util.List;
import java.util.regex.Pattern;

/** Nouns with numbers before them, and lists of words. */
public final class Nouns {
    private static final List<String> SMALL = List.of(
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");

    private static final Pattern PLAIN_WORD = Pattern.compile("\\p{Ll}+(?![\\p{L}\\p{N}_])");

    private Nouns() {}

    /** A number of things in figures: 1 window, 4 windows, 2 classes, 3 queries. */
    public static String counted(long count, String noun) {
        return Figures.whole(count) + "\u00a0" + (count == 1 ? noun : plural(noun));
    }

    /** A number of things, in words up to twelve, for running text: no window, one restart, 40 windows. */
    public static String spelled(long count, String noun) {
        if (count < 0 || count >= SMALL.size()) {
            return counted(count, noun);
        }
        return SMALL.get((int) count) + " " + (count <= 1 ? noun : plural(noun));
    }

    /** Words joined as a sentence joins them: a, b and c. */
    public static String joined(List<String> words) {
        if (words.isEmpty()) {
            return "";
        }
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    /** {@code text} with a capital first letter, unless its first word is a code, such as p95 or max_clients. */
    public static String capital(String text) {
        return PLAIN_WORD.matcher(text).lookingAt() ? Character.toUpperCase(text.charAt(0)) + text.substring(1) : text;
    }

    /** {@code text} ended by a full stop, once. */
    public static String sentence(String text) {
        String stripped = text.strip();
        return stripped.endsWith(".") || stripped.endsWith("!") || stripped.endsWith("?")
                ? capital(stripped)
                : capital(stripped) + ".";
    }

    private static String plural(String noun) {
        if (noun.endsWith("s") || noun.endsWith("x") || noun.endsWith("ch") || noun.endsWith("sh")) {
            return noun + "es";
        }
        boolean consonantBeforeY =
                noun.length() > 1 && noun.endsWith("y") && "aeiou".indexOf(noun.charAt(noun.length() - 2)) < 0;
        return consonantBeforeY ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }
}
