package me.musclemap.rum.beacon;

/** The browser's guess of its connection. Only Chromium makes one, so {@link #UNKNOWN} is a class of its own. */
public enum Connection {
    /** Slow 2G. */
    SLOW_2G,
    /** 2G. */
    G2,
    /** 3G. */
    G3,
    /** 4G or better. */
    G4,
    /** Not told. */
    UNKNOWN,
    /** The person has asked the browser to save data, whatever the connection. */
    SAVE_DATA;

    /** The class of an {@code effectiveType}. */
    public static Connection of(String effectiveType) {
        return switch (effectiveType) {
            case "slow-2g" -> SLOW_2G;
            case "2g" -> G2;
            case "3g" -> G3;
            case "4g" -> G4;
            default -> UNKNOWN;
        };
    }

    /** The word in answers. */
    public String label() {
        return switch (this) {
            case SLOW_2G -> "slow-2g";
            case G2 -> "2g";
            case G3 -> "3g";
            case G4 -> "4g";
            case UNKNOWN -> "unknown";
            case SAVE_DATA -> "save-data";
        };
    }
}
