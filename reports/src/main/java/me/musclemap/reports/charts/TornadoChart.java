package me.musclemap.reports.charts;

import java.util.ArrayList;
import java.util.List;
import me.musclemap.reports.record.CapacityAnswer.Turned;
import me.musclemap.reports.words.Figures;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeriesCollection;

/** Users in session with one input at either end of its stated uncertainty: a bar for each input, widest first. */
final class TornadoChart {
    private static final double BAR = 0.3;
    private static final double LINE = 1.2;

    private final Painter painter;
    private final double users;
    private final List<Turned> rows;

    /** @param users as the inputs are stated */
    TornadoChart(Painter painter, double users, List<Turned> rows) {
        this.painter = painter;
        this.users = users;
        this.rows = rows;
    }

    JFreeChart chart(Sheet sheet) {
        double most = rows.stream()
                .mapToDouble(row -> Math.max(row.usersAtLow(), row.usersAtHigh()))
                .max()
                .orElse(users);
        double right = Math.max(users, most) * (sheet.isNarrow() ? 1.2 : 1.1);
        LabelledAxis carried =
                new LabelledAxis(Scales.linear(right, sheet.isNarrow() ? 4 : 8, Figures::chosen), -0.02 * right, right);
        carried.setLabel("Users in session");
        // Each input has a line of its own above its bar: its name is too long to stand beside it.
        LabelledAxis inputs = new LabelledAxis(List.of(), -2.0 * rows.size(), 0);
        XYPlot plot = new XYPlot(new XYSeriesCollection(), carried, inputs, null);
        JFreeChart chart = painter.chart(
                plot, "Blue: the input at the first value, orange: at the second; line: as stated", sheet);
        plot.setRangeGridlinesVisible(false);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Palette.GRID);
        for (int row = 0; row < rows.size(); row++) {
            bar(plot, rows.get(row), -2.0 * row, sheet);
        }
        plot.addAnnotation(
                new XYLineAnnotation(users, -2.0 * rows.size(), users, 0, Painter.dashed((float) LINE), Palette.INK));
        return chart;
    }

    private void bar(XYPlot plot, Turned row, double top, Sheet sheet) {
        double middle = top - 1.45;
        var ends = new ArrayList<End>(List.of(new End(row.usersAtLow(), true), new End(row.usersAtHigh(), false)));
        // Where both ends lie on one side the shorter bar stays in sight.
        ends.sort((a, b) -> Double.compare(Math.abs(b.users() - users), Math.abs(a.users() - users)));
        for (End end : ends) {
            double[] box = {
                users, middle - BAR, end.users(), middle - BAR, end.users(), middle + BAR, users, middle + BAR
            };
            plot.addAnnotation(new XYPolygonAnnotation(box, null, null, end.first() ? Palette.BLUE : Palette.ORANGE));
        }
        String name = row.input() + ": " + row.low() + " or " + row.high();
        plot.addAnnotation(painter.label(
                sheet.isNarrow() ? row.input() : name,
                0,
                top - 0.7,
                TextAnchor.CENTER_LEFT,
                Palette.INK,
                painter.regular(sheet)));
    }

    /** One end of a bar. */
    private record End(double users, boolean first) {}
}
