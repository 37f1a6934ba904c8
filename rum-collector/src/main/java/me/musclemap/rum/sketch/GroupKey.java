package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Connection;
import me.musclemap.rum.beacon.Device;
import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;

/**
 * What the values of one cell of the comparison of releases have in common: kept by the hour, and by group of sessions.
 *
 * @param group 0 to {@value #GROUPS} less one, from the session
 */
public record GroupKey(
        String release,
        Sender sender,
        String route,
        Vital vital,
        Navigation navigation,
        Device device,
        Connection connection,
        int group) {
    /** Into how many groups the sessions of a release are dealt. */
    public static final int GROUPS = 20;

    static GroupKey of(CellKey key, int group) {
        return new GroupKey(
                key.release(),
                key.sender(),
                key.route(),
                key.vital(),
                key.navigation(),
                key.device(),
                key.connection(),
                group);
    }

    GroupKey overflow() {
        return new GroupKey(
                release, sender, CellKey.OTHER, vital, navigation, Device.DESKTOP, Connection.UNKNOWN, group);
    }
}
