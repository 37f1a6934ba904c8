package me.musclemap.rum.sketch;

import me.musclemap.rum.beacon.Navigation;
import me.musclemap.rum.beacon.Sender;
import me.musclemap.rum.beacon.Vital;

/**
 * An element of a page that a vital was attributed to.
 *
 * @param target a selector in the words that are known, see {@code privacy.Selectors}
 */
public record CulpritKey(Sender sender, String route, Vital vital, Navigation navigation, String target) {
    CulpritKey overflow() {
        return new CulpritKey(sender, CellKey.OTHER, vital, navigation, CellKey.OTHER);
    }
}
