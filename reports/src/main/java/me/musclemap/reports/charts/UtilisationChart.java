package me.musclemap.reports.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.reports.record.CapacityAnswer.CurvePoint;
import me.musclemap.reports.words.Figures;
import me.musclemap.reports.words.Names;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** How much of the shared cores each station uses against load, one on top of the other; the windows' totals as points. */
final class UtilisationChart {
    private static final double POLICY = 0.7;
    /** Of the axis: a little above all of the cores. */
    private static final double TOP = 1.06;

    private final Painter painter;
    private final List<String> stations;
    private final List<CurvePoint> curve;
    private final List<MeasuredPoint> points;

    UtilisationChart(Painter painter, List<String> stations, List<CurvePoint> curve, List<MeasuredPoint> points) {
        this.painter = painter;
        this.stations = stations;
        this.curve = curve;
        this.points = points;
    }

    JFreeChart chart(Sheet sheet) {
        double right =
                curve.stream().mapToDouble(CurvePoint::requestsPerSecond).max().orElse(1);
        double room = sheet.isNarrow() ? 1.43 : sheet == Sheet.PRINT ? 1.2 : 1.17;
        LabelledAxis rate =
                new LabelledAxis(Scales.linear(right, sheet.isNarrow() ? 4 : 8, Figures::chosen), 0, right * room);
        rate.setLabel(
                sheet.isNarrow() ? "GraphQL and REST requests/s" : "GraphQL and REST requests per second, offered");
        LabelledAxis share = new LabelledAxis(Scales.linear(1, 5, Figures::percent), 0, TOP);
        XYPlot plot = new XYPlot(new XYSeriesCollection(), rate, share, null);
        JFreeChart chart = painter.chart(plot, "Share of the shared cores in use, by station", sheet);
        XYLineAndShapeRenderer totals = LatencyChart.hollowAndFilled(Palette.INK);
        plot.setDataset(totals());
        plot.setRenderer(totals);
        layers(totals);
        labels(plot, right, sheet);
        extrapolation(plot, totals, right, sheet);
        plot.addAnnotation(new XYLineAnnotation(0, POLICY, right, POLICY, Painter.dashed(1.2f), Palette.INK));
        plot.addAnnotation(painter.label(
                "policy: at most " + Figures.percent(POLICY),
                right * 0.01,
                POLICY + 0.015,
                TextAnchor.BOTTOM_LEFT,
                Palette.INK,
                painter.regular(sheet)));
        return chart;
    }

    private double upTo(CurvePoint point, int station) {
        double sum = 0;
        for (int i = 0; i < station; i++) {
            sum += point.utilisation().getOrDefault(stations.get(i), 0.0);
        }
        return Math.min(sum, TOP);
    }

    /** Below the points, so not annotations of the plot. */
    private void layers(XYLineAndShapeRenderer renderer) {
        for (int station = 0; station < stations.size(); station++) {
            double[] polygon = new double[curve.size() * 4];
            for (int i = 0; i < curve.size(); i++) {
                CurvePoint point = curve.get(i);
                int back = polygon.length - 2 - 2 * i;
                polygon[2 * i] = point.requestsPerSecond();
                polygon[2 * i + 1] = upTo(point, station);
                polygon[back] = point.requestsPerSecond();
                polygon[back + 1] = upTo(point, station + 1);
            }
            Color color = Palette.station(stations.get(station));
            if (polygon.length >= 6) {
                renderer.addAnnotation(new XYPolygonAnnotation(polygon, null, null, color), Layer.BACKGROUND);
            }
        }
    }

    private void labels(XYPlot plot, double right, Sheet sheet) {
        if (curve.isEmpty()) {
            return;
        }
        CurvePoint last = curve.get(curve.size() - 1);
        double[] middles = new double[stations.size()];
        for (int station = 0; station < middles.length; station++) {
            middles[station] = (upTo(last, station) + upTo(last, station + 1)) / 2;
        }
        double line = TOP * (sheet.textSize() + 5) / (sheet.height() - 80);
        double[] apart = Scales.apart(middles, line, line / 2, TOP - line / 2);
        List<String> names = new ArrayList<>(stations);
        double gap = right * (sheet.isNarrow() ? 0.03 : 0.012);
        for (int station = 0; station < apart.length; station++) {
            Color color = Palette.station(names.get(station));
            plot.addAnnotation(new XYLineAnnotation(
                    right, middles[station], right + gap, apart[station], new BasicStroke(1.6f), color));
            plot.addAnnotation(painter.label(
                    Painter.SPACE + Names.station(names.get(station)),
                    right + gap,
                    apart[station],
                    TextAnchor.CENTER_LEFT,
                    Palette.INK,
                    painter.regular(sheet)));
        }
    }

    private void extrapolation(XYPlot plot, XYLineAndShapeRenderer renderer, double right, Sheet sheet) {
        double measured = curve.stream()
                .filter(point -> !point.extrapolated())
                .mapToDouble(CurvePoint::requestsPerSecond)
                .max()
                .orElse(right);
        if (measured < right) {
            double[] beyond = {measured, 0, right, 0, right, TOP, measured, TOP};
            renderer.addAnnotation(
                    new XYPolygonAnnotation(beyond, null, null, Palette.faded(Palette.PAPER, 130)), Layer.BACKGROUND);
            plot.addAnnotation(painter.label(
                    sheet.isNarrow() ? "extrapolated " : "extrapolated from here ",
                    right,
                    1.055,
                    TextAnchor.TOP_RIGHT,
                    Palette.MUTED,
                    painter.regular(sheet)));
        }
    }

    private XYSeriesCollection totals() {
        XYSeriesCollection totals = new XYSeriesCollection();
        for (boolean heldOut : new boolean[] {false, true}) {
            XYSeries series = new XYSeries(heldOut ? "held out" : "fitted", false, true);
            points.stream()
                    .filter(point -> point.heldOut() == heldOut && !Double.isNaN(point.utilisation()))
                    .forEach(point -> series.add(point.requestsPerSecond(), point.utilisation()));
            totals.addSeries(series);
        }
        return totals;
    }
}
