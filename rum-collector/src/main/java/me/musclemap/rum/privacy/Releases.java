package me.musclemap.rum.privacy;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names of releases are kept: those made of numbers, commits and the words that releases are named by, in any order,
 * as {@code 1.4.2}, {@code web-1.4.2-beta-3}, {@code 2026-11-22} or {@code 20261122-a1b2c3d}. Anything else could name a
 * person, and is not kept.
 */
public final class Releases {
    /** What a page may write, for messages. */
    public static final String EXAMPLES =
            "a version, a date or a commit, for example 1.4.2, web-1.4.2-beta-3 or a1b2c3d";

    private static final int LENGTH_MAX = 64;
    private static final int PARTS_MAX = 10;
    private static final Pattern SEPARATOR = Pattern.compile("[-._+/@]");
    /** A number shorter than one that calls somebody; a commit, which has digits; a time as 20261122T101500Z. */
    private static final Pattern NUMBER_OR_COMMIT =
            Pattern.compile("\\d{1,10}|g?(?=\\d*[a-f])(?=[a-f]*\\d)[0-9a-f]{7,40}|\\d{8}T\\d{4,6}Z?");

    private static final Pattern COUNTED_WORD = Pattern.compile("([A-Za-z]+)\\d{0,4}");
    private static final Set<String> WORDS = Set.of(
            "a",
            "alpha",
            "android",
            "api",
            "app",
            "b",
            "beta",
            "build",
            "ci",
            "client",
            "desktop",
            "dev",
            "final",
            "frontend",
            "ga",
            "hotfix",
            "ios",
            "lts",
            "m",
            "main",
            "master",
            "mobile",
            "musclemap",
            "next",
            "nightly",
            "patch",
            "post",
            "pre",
            "preview",
            "prod",
            "production",
            "pwa",
            "r",
            "rc",
            "rel",
            "release",
            "rev",
            "sha",
            "snapshot",
            "sp",
            "sprint",
            "stable",
            "staging",
            "test",
            "ui",
            "v",
            "version",
            "w",
            "web");

    private Releases() {}

    /** Whether a release is kept under this name. */
    public static boolean keeps(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX) {
            return false;
        }
        String[] parts = SEPARATOR.split(name, -1);
        if (parts.length > PARTS_MAX) {
            return false;
        }
        for (String part : parts) {
            if (!isKept(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKept(String part) {
        if (NUMBER_OR_COMMIT.matcher(part).matches()) {
            return true;
        }
        var word = COUNTED_WORD.matcher(part);
        return word.matches() && WORDS.contains(word.group(1).toLowerCase(java.util.Locale.ROOT));
    }
}
