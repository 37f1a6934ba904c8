package me.musclemap.reports.charts;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A number axis whose ticks are given, so that it can carry a logarithm, or rows. */
final class LabelledAxis extends NumberAxis {
    private static final long serialVersionUID = 1;
    private final transient List<Tick> ticks;

    LabelledAxis(List<Tick> ticks, double low, double high) {
        this.ticks = List.copyOf(ticks);
        setAutoRange(false);
        setRange(low, high);
        setAxisLineVisible(false);
        setTickMarksVisible(false);
    }

    /** A tick: where, and what is written there. */
    record Tick(double at, String text) {}

    @Override
    public List<?> refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
        TextAnchor anchor = RectangleEdge.isTopOrBottom(edge) ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
        return ticks.stream()
                .filter(tick -> getRange().contains(tick.at()))
                .map(tick -> new NumberTick(tick.at(), tick.text(), anchor, TextAnchor.CENTER, 0))
                .toList();
    }
}
