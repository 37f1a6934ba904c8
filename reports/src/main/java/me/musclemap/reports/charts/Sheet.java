package me.musclemap.reports.charts;

/** The three sizes that a chart is drawn at. In a unit that is a pixel on screen and 1/96 inch on paper. */
enum Sheet {
    /** A broad screen. */
    WIDE(960, 400, 13),
    /** A telephone. */
    NARROW(360, 330, 11),
    /** The width of the text on an A4 page. */
    PRINT(658, 250, 10);

    private final int width;
    private final int height;
    private final int textSize;

    Sheet(int width, int height, int textSize) {
        this.width = width;
        this.height = height;
        this.textSize = textSize;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int textSize() {
        return textSize;
    }

    boolean isNarrow() {
        return this == NARROW;
    }
}
