package me.musclemap.reports.charts;

import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets a drawing follow the page's colours, light or dark. */
public final class Theme {
    private static final Map<Color, String> VARIABLES = new LinkedHashMap<>();

    static {
        VARIABLES.put(Palette.INK, "--ink");
        VARIABLES.put(Palette.MUTED, "--muted");
        VARIABLES.put(Palette.GRID, "--line");
        VARIABLES.put(Palette.PAPER, "--paper");
        VARIABLES.put(Palette.CLAIM, "--claim");
        VARIABLES.put(Palette.BLUE, "--blue");
        VARIABLES.put(Palette.ORANGE, "--orange");
        VARIABLES.put(Palette.GREEN, "--green");
    }

    private Theme() {}

    /** {@code svg} with its neutral colours as CSS variables, {@code --ink} and so on, which the page must set. */
    public static String adaptable(String svg) {
        String adapted = svg;
        for (Map.Entry<Color, String> variable : VARIABLES.entrySet()) {
            Color color = variable.getKey();
            String literal = "rgb(%d,%d,%d)".formatted(color.getRed(), color.getGreen(), color.getBlue());
            adapted = adapted.replace(literal, "var(%s)".formatted(variable.getValue()));
        }
        return adapted;
    }
}
