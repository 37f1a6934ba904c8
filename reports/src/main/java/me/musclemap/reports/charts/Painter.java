package me.musclemap.reports.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.svg.SVGGraphics2D;

/** What all charts share: their look, and how they become SVG. One to a report; for one thread. */
final class Painter {
    /** Between a mark and its label; a plain one at the edge of a text is dropped from SVG. */
    static final String SPACE = "\u00a0\u00a0";

    private static final Pattern SIZE = Pattern.compile("^<svg ([^>]*?) width='[0-9.]+' height='[0-9.]+'>");

    private final Typeface typeface;
    private final String source;

    /** {@code source} says which run and stack the charts are of; it is written into each. */
    Painter(Typeface typeface, String source) {
        this.typeface = typeface;
        this.source = source;
    }

    /** Draws {@code chart} at each size, {@code tall} times as high as others. */
    Drawing draw(String name, double tall, Function<Sheet, JFreeChart> chart) {
        return new Drawing(
                svg(name, tall, chart, Sheet.WIDE),
                svg(name, tall, chart, Sheet.NARROW),
                svg(name, tall, chart, Sheet.PRINT));
    }

    private String svg(String name, double tall, Function<Sheet, JFreeChart> chart, Sheet sheet) {
        int height = (int) Math.round(sheet.height() * tall);
        SVGGraphics2D graphics = new SVGGraphics2D(sheet.width(), height);
        graphics.setDefsKeyPrefix(name + "-" + sheet.name().toLowerCase(java.util.Locale.ROOT));
        graphics.setGeomDoubleConverter(Painter::shortNumber);
        graphics.setTransformDoubleConverter(Painter::shortNumber);
        chart.apply(sheet).draw(graphics, new Rectangle2D.Double(0, 0, sheet.width(), height));
        // Width and height as whole numbers: openhtmltopdf wants them, and browsers scale by the viewBox.
        return SIZE.matcher(graphics.getSVGElement())
                .replaceFirst(
                        "<svg $1 viewBox='0 0 %1$d %2$d' width='%1$d' height='%2$d'>".formatted(sheet.width(), height));
    }

    private static String shortNumber(double value) {
        long hundredths = Math.round(value * 100);
        return hundredths % 100 == 0 ? Long.toString(hundredths / 100) : Double.toString(hundredths / 100.0);
    }

    /** A chart around {@code plot}, with what its vertical axis measures written above it. */
    JFreeChart chart(XYPlot plot, String measures, Sheet sheet) {
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setInsets(new RectangleInsets(2, 0, 0, 4));
        plot.setRangeGridlinePaint(Palette.GRID);
        plot.setRangeGridlineStroke(new BasicStroke(0.8f));
        plot.setDomainGridlinesVisible(false);
        style(plot.getDomainAxis(), sheet);
        style(plot.getRangeAxis(), sheet);
        JFreeChart chart = new JFreeChart(null, regular(sheet), plot, false);
        chart.setBackgroundPaint(null);
        chart.setPadding(new RectangleInsets(0, 0, 0, 0));
        chart.addSubtitle(title(measures, RectangleEdge.TOP, HorizontalAlignment.LEFT, Palette.INK, regular(sheet)));
        chart.addSubtitle(title(
                source,
                RectangleEdge.BOTTOM,
                HorizontalAlignment.RIGHT,
                Palette.MUTED,
                typeface.regular(sheet.textSize() - 2f)));
        return chart;
    }

    private static TextTitle title(
            String text, RectangleEdge edge, HorizontalAlignment alignment, Color color, Font font) {
        TextTitle title = new TextTitle(text, font);
        title.setPaint(color);
        title.setPosition(edge);
        title.setHorizontalAlignment(alignment);
        title.setTextAlignment(alignment);
        title.setFrame(BlockBorder.NONE);
        boolean above = edge.equals(RectangleEdge.TOP);
        title.setPadding(above ? 0 : 4, 0, above ? 6 : 0, 4);
        return title;
    }

    private void style(ValueAxis axis, Sheet sheet) {
        axis.setTickLabelFont(regular(sheet));
        axis.setTickLabelPaint(Palette.MUTED);
        axis.setLabelFont(regular(sheet));
        axis.setLabelPaint(Palette.INK);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        axis.setLabelInsets(new RectangleInsets(4, 0, 0, 0));
    }

    Font regular(Sheet sheet) {
        return typeface.regular(sheet.textSize());
    }

    Font bold(Sheet sheet) {
        return typeface.bold(sheet.textSize());
    }

    /** Text beside what it names, instead of a legend. */
    XYTextAnnotation label(String text, double x, double y, TextAnchor anchor, Color color, Font font) {
        XYTextAnnotation label = new XYTextAnnotation(text, x, y);
        label.setTextAnchor(anchor);
        label.setPaint(color);
        label.setFont(font);
        return label;
    }

    static BasicStroke line() {
        return new BasicStroke(2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    static BasicStroke dashed(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);
    }

    static Shape dot(double radius) {
        return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
    }
}
