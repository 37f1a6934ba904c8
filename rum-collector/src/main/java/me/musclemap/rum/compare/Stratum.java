package me.musclemap.rum.compare;

import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;

/** Page views that are alike but for their release: their share of all may differ between releases. */
record Stratum(String route, String device, String connection) {
    private static final String REST = "(rest)";

    static Stratum of(String route, Device device, Connection connection) {
        return new Stratum(route, device.label(), connection.label());
    }

    /** Where page views go whose own stratum is too small. */
    Stratum rest() {
        return new Stratum(REST, device, REST);
    }
}
