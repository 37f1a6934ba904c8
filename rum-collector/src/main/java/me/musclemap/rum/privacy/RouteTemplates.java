package me.musclemap.rum.privacy;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a route template of a URL: the path alone, with every part that may name somebody replaced by <code>{id}</code>.
 * What is kept is the application's own words, in small letters; anything else is taken for a name. Safe for use by many
 * threads.
 */
public final class RouteTemplates {
    /** The route of a page that is not told. */
    public static final String UNKNOWN = "(unknown)";

    private static final String ID = "{id}";
    private static final int SEGMENTS_MAX = 8;
    /** Templates by URL: a page is asked for again and again. */
    private static final int REMEMBERED_MAX = 2048;

    private static final int REMEMBERED_LENGTH_MAX = 200;
    /** What follows these names a person, also if it is a word of the application. */
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
            "friend",
            "friends",
            "buddies",
            "rivals",
            "invite",
            "verify",
            "reset");

    private final RouteWords words;
    private final ConcurrentHashMap<String, String> remembered = new ConcurrentHashMap<>();

    /** Templates in these words. */
    public RouteTemplates(RouteWords words) {
        this.words = words;
    }

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

    private String made(String url) {
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
            String name = segment.toLowerCase(Locale.ROOT);
            segments.add(!namesSomebody && words.spell(name) ? name : ID);
            namesSomebody = BEFORE_A_NAME.contains(name);
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
