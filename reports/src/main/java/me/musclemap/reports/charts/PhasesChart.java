package me.musclemap.reports.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import me.musclemap.reports.record.CapacityAnswer.Phase;
import me.musclemap.reports.record.CapacityAnswer.PhaseOfStack;
import me.musclemap.reports.record.Quantiles;
import me.musclemap.reports.words.Figures;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Users in session that each phase carries, on each stack, beside what the plan claims of it. Horizontal axis: logarithm of users. */
final class PhasesChart {
    /** Of a letter, in parts of the text's size: a little more than the mean, so that what is said to fit does. */
    private static final double LETTER_WIDTH = 0.55;

    private final Painter painter;
    private final String measuredStack;
    private final List<Phase> phases;
    private final double lowest;
    private final double highest;

    PhasesChart(Painter painter, String measuredStack, List<Phase> phases) {
        this.painter = painter;
        this.measuredStack = measuredStack;
        this.phases = phases;
        double least = drawn().min().orElse(1000);
        this.lowest = Math.pow(10, Math.floor(Math.log10(least * 0.9)));
        this.highest = Math.max(lowest * 100, drawn().max().orElse(1e6));
    }

    /** Every number of users that the chart shows. */
    private DoubleStream drawn() {
        DoubleStream claims =
                phases.stream().flatMap(phase -> phase.claimedUsers().stream()).mapToDouble(Double::doubleValue);
        DoubleStream answers = phases.stream()
                .flatMap(phase -> phase.stacks().stream())
                .map(PhaseOfStack::users)
                .filter(users -> users != null)
                .flatMapToDouble(users -> DoubleStream.of(users.p10(), users.p90()));
        return DoubleStream.concat(claims, answers).filter(users -> users >= 1);
    }

    JFreeChart chart(Sheet sheet) {
        double left = Math.log10(lowest) - span() * (sheet.isNarrow() ? 0.06 : 0.035);
        double right = Math.log10(highest) + span() * (sheet.isNarrow() ? 0.1 : 0.05);
        LabelledAxis users = new LabelledAxis(
                Scales.logarithmic(lowest, highest * 1.05, sheet.isNarrow() ? PhasesChart::brief : Figures::chosen),
                left,
                right);
        users.setLabel("Users in session, logarithmic");
        double rows = phases.stream().mapToDouble(PhasesChart::height).sum();
        LabelledAxis row = new LabelledAxis(List.of(), -Math.max(1, rows), 0);
        XYPlot plot = new XYPlot(new XYSeriesCollection(), users, row, null);
        JFreeChart chart = painter.chart(plot, "Grey: what the plan claims of the phase", sheet);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Palette.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(0.8f));
        XYLineAndShapeRenderer dots = dots();
        XYSeriesCollection medians = new XYSeriesCollection();
        medians.addSeries(new XYSeries("measured stack", false, true));
        medians.addSeries(new XYSeries("other stacks", false, true));
        plot.setDataset(medians);
        plot.setRenderer(dots);
        double top = 0;
        for (Phase phase : phases) {
            claim(dots, phase, top);
            plot.addAnnotation(painter.label(
                    phase.name(), left, top - 0.62, TextAnchor.CENTER_LEFT, Palette.INK, painter.bold(sheet)));
            double at = top - 1.45;
            for (PhaseOfStack stack : phase.stacks()) {
                boolean measured = stack.stack().equals(measuredStack);
                Row line = new Row(plot, sheet, at, left, right, measured ? Palette.BLUE : Palette.ORANGE);
                stack(line, stack, medians.getSeries(measured ? 0 : 1));
                at--;
            }
            top -= height(phase);
        }
        return chart;
    }

    /** Where a stack is drawn. */
    private record Row(XYPlot plot, Sheet sheet, double at, double left, double right, Color color) {}

    private double span() {
        return Math.log10(highest) - Math.log10(lowest);
    }

    private static double height(Phase phase) {
        return 1.25 + phase.stacks().size();
    }

    private static String brief(double users) {
        if (users >= 1e6) {
            return Figures.significant(users / 1e6, 2).replaceFirst("[.]0$", "") + "M";
        }
        return users >= 1e3 ? Figures.plain(users / 1e3).replaceFirst("[.]0$", "") + "k" : Figures.plain(users);
    }

    /** Below the dots, so not an annotation of the plot. */
    private static void claim(XYLineAndShapeRenderer renderer, Phase phase, double top) {
        double bottom = top - height(phase) + 0.3;
        double from = Math.log10(Math.max(1, phase.claimedUsers().get(0)));
        double to = Math.log10(Math.max(1, phase.claimedUsers().get(1)));
        // One number is a line, not nothing.
        double widening = Math.max(0, 0.016 - (to - from)) / 2;
        from -= widening;
        to += widening;
        double[] box = {from, top - 0.3, to, top - 0.3, to, bottom, from, bottom};
        renderer.addAnnotation(new XYPolygonAnnotation(box, null, null, Palette.CLAIM), Layer.BACKGROUND);
    }

    private void stack(Row row, PhaseOfStack stack, XYSeries medians) {
        boolean narrow = row.sheet().isNarrow();
        String name = narrow ? stack.label() : stack.stack() + ", " + stack.label();
        Quantiles users = stack.users();
        if (users == null) {
            label(row, name + ": no number, too far from what was measured", row.left(), TextAnchor.CENTER_LEFT);
            return;
        }
        double from = Math.log10(users.p10());
        double to = Math.log10(users.p90());
        row.plot()
                .addAnnotation(new XYLineAnnotation(from, row.at(), to, row.at(), new BasicStroke(2.4f), row.color()));
        medians.add(Math.log10(users.p50()), row.at());
        String text = narrow ? brief(users.p50()) + " " + name : Figures.withRange(users) + " " + name;
        double width = (text.length() + 3)
                * row.sheet().textSize()
                * LETTER_WIDTH
                / row.sheet().width();
        if (to + width * (row.right() - row.left()) < row.right()) {
            label(row, Painter.SPACE + text, to, TextAnchor.CENTER_LEFT);
        } else {
            label(row, text + Painter.SPACE, from, TextAnchor.CENTER_RIGHT);
        }
    }

    private void label(Row row, String text, double x, TextAnchor anchor) {
        row.plot().addAnnotation(painter.label(text, x, row.at(), anchor, row.color(), painter.regular(row.sheet())));
    }

    private static XYLineAndShapeRenderer dots() {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        renderer.setUseFillPaint(true);
        renderer.setUseOutlinePaint(true);
        Color[] colors = {Palette.BLUE, Palette.ORANGE};
        for (int series = 0; series < colors.length; series++) {
            renderer.setSeriesShape(series, Painter.dot(4.4));
            renderer.setSeriesPaint(series, colors[series]);
            renderer.setSeriesOutlinePaint(series, colors[series]);
            renderer.setSeriesFillPaint(series, series == 0 ? colors[series] : Palette.PAPER);
            renderer.setSeriesOutlineStroke(series, new BasicStroke(1.8f));
        }
        return renderer;
    }
}
