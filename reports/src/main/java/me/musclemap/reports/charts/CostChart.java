package me.musclemap.reports.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import me.musclemap.reports.words.Figures;
import me.musclemap.reports.words.Names;
import me.musclemap.reports.words.Nouns;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeriesCollection;

/** What the average request costs in CPU: a bar for each class of requests, cut by station. */
final class CostChart {
    private final Painter painter;
    private final List<String> stations;
    private final List<Bar> bars;

    CostChart(Painter painter, List<String> stations, List<Bar> bars) {
        this.painter = painter;
        this.stations = stations;
        this.bars = bars;
    }

    /** CPU seconds that a class adds to the average headline request, by station. */
    record Bar(String requestClass, Map<String, Double> cpuSeconds) {
        double total() {
            return cpuSeconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    JFreeChart chart(Sheet sheet) {
        double longest = bars.stream().mapToDouble(Bar::total).max().orElse(1e-3) * 1e3;
        LabelledAxis cost = new LabelledAxis(
                Scales.linear(longest, 5, Figures::chosen), 0, longest * (sheet.isNarrow() ? 1.3 : 1.16));
        cost.setLabel("ms of CPU per average request");
        List<LabelledAxis.Tick> rows = new ArrayList<>();
        for (int row = 0; row < bars.size(); row++) {
            rows.add(new LabelledAxis.Tick(
                    -row, Nouns.capital(Names.requestClass(bars.get(row).requestClass()))));
        }
        LabelledAxis classes = new LabelledAxis(rows, -bars.size() + 0.4, 1.4);
        XYPlot plot = new XYPlot(new XYSeriesCollection(), cost, classes, null);
        JFreeChart chart = painter.chart(plot, "What the average request costs, by class and station", sheet);
        plot.setRangeGridlinesVisible(false);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Palette.GRID);
        classes.setTickLabelPaint(Palette.INK);
        for (int row = 0; row < bars.size(); row++) {
            bar(plot, row, sheet);
        }
        key(plot, longest, sheet);
        return chart;
    }

    private void bar(XYPlot plot, int row, Sheet sheet) {
        double from = 0;
        for (String station : stations) {
            double to = from + bars.get(row).cpuSeconds().getOrDefault(station, 0.0) * 1e3;
            if (to > from) {
                double[] box = {from, -row - 0.32, to, -row - 0.32, to, -row + 0.32, from, -row + 0.32};
                plot.addAnnotation(new XYPolygonAnnotation(box, null, null, Palette.station(station)));
            }
            from = to;
        }
        plot.addAnnotation(painter.label(
                Painter.SPACE + Figures.plain(from),
                from,
                -row,
                TextAnchor.CENTER_LEFT,
                Palette.INK,
                painter.regular(sheet)));
    }

    /** The stations' names in their colours, above the bars. */
    private void key(XYPlot plot, double longest, Sheet sheet) {
        double at = 0;
        double width = longest * (sheet.isNarrow() ? 1.3 : 1.16) / (sheet.width() * 0.86);
        for (String station : stations) {
            String name = Names.station(station);
            double side = width * sheet.textSize() * 0.7;
            double[] swatch = {at, 0.84, at + side, 0.84, at + side, 1.06, at, 1.06};
            plot.addAnnotation(new XYPolygonAnnotation(swatch, null, null, Palette.station(station)));
            plot.addAnnotation(painter.label(
                    Painter.SPACE + name,
                    at + side,
                    0.95,
                    TextAnchor.CENTER_LEFT,
                    Palette.INK,
                    painter.regular(sheet)));
            at += width * (name.length() * sheet.textSize() * 0.55 + sheet.textSize() * 2);
        }
    }
}
