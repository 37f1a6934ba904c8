package me.musclemap.rum.privacy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Takes from an element's selector what may name somebody: an id such as {@code #jane-doe} looks like any other word, so
 * only words from a closed list stay, and anything else becomes {@code *}. Safe for use by many
 * threads.
 */
public final class Selectors {
    private static final int LENGTH_MAX = 100;
    private static final int REMEMBERED_MAX = 2048;

    private static final String ELEMENTS =
            "a abbr article aside audio b body button canvas caption circle code dd details"
                    + " dialog div dl dt em fieldset figcaption figure footer form g h1 h2 h3 h4 h5 h6 header hr html i iframe img"
                    + " input label legend li line main map nav ol optgroup option p path picture polygon pre progress q rect"
                    + " section select small source span strong sub summary sup svg table tbody td text textarea tfoot th thead"
                    + " time tr u ul use video";

    private static final String WORDS =
            "account action active actions activity add alert app avatar back badge banner bar"
                    + " block body bottom box btn button calendar card cards cell chart chat close col community container content"
                    + " control copy cover current dark dashboard date detail details dialog disabled drawer dropdown edit end"
                    + " error exercise exercises fab feed field filter first flex footer form full goal goals grid group half head"
                    + " header heading hero hidden home icon image img info inner input item items journey label large last layout"
                    + " leaderboard left light link links list loader loading log login logo main map media menu message messages"
                    + " middle modal model muscle muscles name nav navbar next notice number option outer overlay page panel"
                    + " photo picker picture player popup post prev primary profile progress prompt rank reps rest root row save"
                    + " screen scroll search secondary section select set sets settings side sidebar skeleton slide slider small"
                    + " spinner start stat stats status step sticky submit summary svg switch tab table tabs tag target template text"
                    + " thumb thumbnail time timer title toast toggle toolbar tooltip top total track training two user value video"
                    + " view viewer volume weight widget wide window workout workouts wrap wrapper xp";

    private final Set<String> elements = words(ELEMENTS);
    private final Set<String> words = words(WORDS);
    private final Map<String, String> remembered = new ConcurrentHashMap<>();

    private static Set<String> words(String list) {
        return Arrays.stream(list.split(" ")).collect(Collectors.toUnmodifiableSet());
    }

    /** The selector in known words; empty for an empty one. */
    public String scrub(String selector) {
        String text = selector.length() > LENGTH_MAX ? selector.substring(0, LENGTH_MAX) : selector;
        String known = remembered.get(text);
        if (known == null) {
            known = made(text);
            if (remembered.size() >= REMEMBERED_MAX) {
                remembered.clear();
            }
            remembered.put(text, known);
        }
        return known;
    }

    private String made(String text) {
        if (text.isBlank()) {
            return "";
        }
        var kept = new StringBuilder();
        for (String part : text.split("[>\\s]+", -1)) {
            if (!part.isEmpty()) {
                kept.append(kept.length() == 0 ? "" : ">").append(part(part));
            }
        }
        return kept.length() == 0 ? "*" : kept.toString();
    }

    /** An element with its id and classes. */
    private String part(String part) {
        var kept = new StringBuilder();
        int at = 0;
        while (at < part.length()) {
            int end = at + 1;
            while (end < part.length() && part.charAt(end) != '.' && part.charAt(end) != '#') {
                end++;
            }
            char kind = part.charAt(at);
            if (kind == '.' || kind == '#') {
                kept.append(kind).append(name(part.substring(at + 1, end)));
            } else {
                String element = part.substring(at, end).toLowerCase(Locale.ROOT);
                kept.append(elements.contains(element) ? element : "*");
            }
            at = end;
        }
        return kept.toString();
    }

    private String name(String name) {
        var kept = new StringBuilder();
        for (String word : name.split("[-_]+", -1)) {
            String known = words.contains(word.toLowerCase(Locale.ROOT)) ? word.toLowerCase(Locale.ROOT) : "*";
            if (!(known.equals("*") && kept.length() > 0 && kept.charAt(kept.length() - 1) == '*')) {
                kept.append(kept.length() == 0 ? "" : "-").append(known);
            }
        }
        return kept.toString();
    }
}
