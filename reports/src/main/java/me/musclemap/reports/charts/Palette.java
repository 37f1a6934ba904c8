package me.musclemap.reports.charts;

import java.awt.Color;
import java.util.List;
import java.util.Map;

/** The few colours of the report: after Okabe and Ito's set, which people with any kind of colour vision can tell apart. */
final class Palette {
    static final Color PAPER = new Color(255, 255, 255);
    static final Color INK = new Color(27, 36, 48);
    static final Color MUTED = new Color(91, 102, 117);
    static final Color GRID = new Color(229, 232, 237);
    static final Color BLUE = new Color(0, 101, 163);
    static final Color ORANGE = new Color(190, 81, 0);
    static final Color GREEN = new Color(0, 128, 96);
    static final Color CLAIM = new Color(214, 219, 226);

    /** No colour of text or lines: those change on a dark screen, and two stations could become one. */
    private static final Map<String, Color> STATIONS = Map.of(
            "api", new Color(0, 102, 164),
            "postgres", new Color(86, 170, 222),
            "redis", new Color(0, 129, 97),
            "rum", new Color(222, 152, 20),
            "other", new Color(154, 165, 177));

    private static final List<Color> MORE =
            List.of(new Color(184, 101, 150), new Color(122, 98, 168), new Color(120, 130, 60), new Color(191, 82, 1));

    private Palette() {}

    /** The colour of a station, the same in every chart. */
    static Color station(String name) {
        return STATIONS.getOrDefault(name, MORE.get(Math.floorMod(name.hashCode(), MORE.size())));
    }

    static Color faded(Color color, int alpha) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
    }
}
