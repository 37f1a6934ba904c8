package me.musclemap.rum.beacon;

/** How a page view began. Their vitals are not comparable, so they are kept apart. */
public enum Navigation {
    /** The page was loaded: navigate, reload, back or forward without the cache, restore. */
    LOAD,
    /** It had been rendered before it was asked for. */
    PRERENDER,
    /** It came back whole from the back-forward cache. */
    BFCACHE,
    /** The application changed the view without loading a page. */
    SOFT;

    /** The class of web-vitals' navigation type; anything unknown is a load. */
    public static Navigation of(String navigationType) {
        return switch (navigationType) {
            case "prerender" -> PRERENDER;
            case "back-forward-cache", "back_forward_cache" -> BFCACHE;
            case "soft-navigation", "soft_navigation" -> SOFT;
            default -> LOAD;
        };
    }

    /** The word in labels and answers. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether the library measures this vital after such a navigation; it sends a zero where it does not. */
    public boolean measures(Vital vital) {
        return vital != Vital.TTFB || this == LOAD || this == PRERENDER;
    }
}
