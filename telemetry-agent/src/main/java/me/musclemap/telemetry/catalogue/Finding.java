package me.musclemap.telemetry.catalogue;

/**
 * One way in which an exposed family departs from the catalogue.
 *
 * @param family the family's name as the catalogue would write it
 * @param problem what is wrong, with the values that show it
 */
public record Finding(String family, String problem) {
    @Override
    public String toString() {
        return family + ": " + problem;
    }
}
