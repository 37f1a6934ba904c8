package me.musclemap.rum.beacon;

import java.util.Locale;

/** The kind of device, as far as its user agent tells. */
public enum Device {
    /** A phone. */
    MOBILE,
    /** A tablet. */
    TABLET,
    /** Anything else. */
    DESKTOP;

    /** The kind that a User-Agent header names. */
    public static Device of(String userAgent) {
        if (userAgent.contains("iPad")
                || userAgent.contains("Tablet")
                || (userAgent.contains("Android") && !userAgent.contains("Mobile"))) {
            return TABLET;
        }
        return userAgent.contains("Mobi") || userAgent.contains("iPhone") ? MOBILE : DESKTOP;
    }

    /** The word in answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
