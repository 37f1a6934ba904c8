package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;

/**
 * What the values of one cell have in common, beside their time.
 *
 * @param country two letters, or {@value #NO_COUNTRY}
 */
public record CellKey(
        Sender sender,
        String route,
        Vital vital,
        Navigation navigation,
        Device device,
        Connection connection,
        String country,
        String release) {
    /** What stands for a route or a release that is not kept apart. */
    public static final String OTHER = "(other)";

    /** A country that nobody whom we trust has told. */
    public static final String NO_COUNTRY = "ZZ";

    /** The key that takes this one's values when there is no room for another. */
    public CellKey overflow() {
        return new CellKey(sender, OTHER, vital, navigation, Device.DESKTOP, Connection.UNKNOWN, NO_COUNTRY, OTHER);
    }
}
