package me.musclemap.rum.privacy;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Makes a route template of a URL: the path alone, with every part that may name somebody replaced by <code>{id}</code>.
 * What is kept is what looks like a word of the application; anything else is taken for a name. Safe for use by many threads.
 */
public final class RouteTemplates {
    /** The route of a page that is not told. */
    public static final String UNKNOWN = "(unknown)";

    private static final String ID = "{id}";
    private static final int SEGMENTS_MAX = 8;
    /** Up to four words of one case, the last with up to two digits: what mixes them is a token more often than a name. */
    private static final Pattern WORD =
            Pattern.compile("[A-Za-z][a-z]{0,15}(?:[_-][A-Za-z]?[a-z]{0,15}){0,3}\\d{0,2}(?:\\.html)?");

    /** Templates by URL: a page is asked for again and again. */
    private static final int REMEMBERED_MAX = 2048;

    private static final int REMEMBERED_LENGTH_MAX = 200;
    /** What follows these names a person, although it may look like a word. */
    private static final Set<String> BEFORE_A_NAME = Set.of(
            "user",
            "users",
            "u",
            "profile",
            "profiles",
            "member",
            "members",
            "athlete",
            "athletes",
            "invite",
            "verify",
            "reset");

    private final ConcurrentHashMap<String, String> remembered = new ConcurrentHashMap<>();

    /** The template of a URL, a path or a template. */
    public String template(String url) {
        if (url.length() > REMEMBERED_LENGTH_MAX) {
            return made(url);
        }
        String known = remembered.get(url);
        if (known == null) {
            known = made(url);
            if (remembered.size() >= REMEMBERED_MAX) {
                remembered.clear();
            }
            remembered.put(url, known);
        }
        return known;
    }

    private static String made(String url) {
        String path = path(url);
        if (path.isEmpty()) {
            return UNKNOWN;
        }
        var segments = new ArrayList<String>();
        boolean namesSomebody = false;
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            if (segments.size() == SEGMENTS_MAX) {
                segments.add("*");
                break;
            }
            boolean isWord = !namesSomebody && WORD.matcher(segment).matches();
            segments.add(isWord ? segment : ID);
            namesSomebody = BEFORE_A_NAME.contains(segment.toLowerCase(Locale.ROOT));
        }
        return "/" + String.join("/", segments);
    }

    /** The path: no scheme, no user, no host, no matrix parameters, no query, no fragment. */
    private static String path(String url) {
        String rest = url.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            int slash = rest.indexOf('/', scheme + 3);
            rest = slash < 0 ? "/" : rest.substring(slash);
        }
        if (!rest.startsWith("/")) {
            return "";
        }
        for (char end : new char[] {'?', '#', ';'}) {
            int at = rest.indexOf(end);
            rest = at < 0 ? rest : rest.substring(0, at);
        }
        return rest;
    }
}
