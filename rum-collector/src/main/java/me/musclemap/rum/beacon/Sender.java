package me.musclemap.rum.beacon;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Who sent a beacon. */
public enum Sender {
    /** A person's browser. */
    FIELD,
    /** A test: a headless or remote-controlled browser. */
    SYNTHETIC,
    /** A crawler. */
    BOT;

    private static final Pattern SYNTHETIC_AGENT = Pattern.compile(
            "HeadlessChrome|Lighthouse|PhantomJS|Playwright|Puppeteer|Electron/.*Cypress|\\bheadroom-load\\b");
    private static final Pattern BOT_AGENT = Pattern.compile(
            "(?<!cu)bot\\b|(?<!cu)bot/|crawl|spider|slurp|bingpreview|facebookexternalhit|curl/|wget/|python-|okhttp|headless",
            Pattern.CASE_INSENSITIVE);

    /** Browsers call themselves the same again and again. */
    private static final int REMEMBERED_MAX = 1024;

    private static final int REMEMBERED_LENGTH_MAX = 300;
    private static final Map<String, Sender> REMEMBERED = new ConcurrentHashMap<>();

    /** The class of a User-Agent header; {@code driven} is what the page says of itself. */
    public static Sender of(String userAgent, boolean driven) {
        if (driven) {
            return SYNTHETIC;
        }
        Sender known = REMEMBERED.get(userAgent);
        if (known == null) {
            known = of(userAgent);
            if (REMEMBERED.size() >= REMEMBERED_MAX) {
                REMEMBERED.clear();
            }
            if (userAgent.length() <= REMEMBERED_LENGTH_MAX) {
                REMEMBERED.put(userAgent, known);
            }
        }
        return known;
    }

    private static Sender of(String userAgent) {
        if (SYNTHETIC_AGENT.matcher(userAgent).find()) {
            return SYNTHETIC;
        }
        return BOT_AGENT.matcher(userAgent).find() ? BOT : FIELD;
    }

    /** The word in labels and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
