package me.musclemap.rum.beacon;

import java.util.Locale;
import java.util.regex.Pattern;

/** Who sent a beacon. */
public enum Sender {
    /** A person's browser. */
    FIELD,
    /** A test: a headless or remote-controlled browser. */
    SYNTHETIC,
    /** A crawler. */
    BOT;

    private static final Pattern SYNTHETIC_AGENT =
            Pattern.compile("HeadlessChrome|Lighthouse|PhantomJS|Playwright|Puppeteer|Electron/.*Cypress");
    private static final Pattern BOT_AGENT = Pattern.compile(
            "(?<!cu)bot\\b|(?<!cu)bot/|crawl|spider|slurp|bingpreview|facebookexternalhit|curl/|wget/|python-|okhttp|headless",
            Pattern.CASE_INSENSITIVE);

    /** The class of a User-Agent header; {@code driven} is what the page says of itself. */
    public static Sender of(String userAgent, boolean driven) {
        if (driven || SYNTHETIC_AGENT.matcher(userAgent).find()) {
            return SYNTHETIC;
        }
        return BOT_AGENT.matcher(userAgent).find() ? BOT : FIELD;
    }

    /** The word in labels and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
