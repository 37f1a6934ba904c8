package me.musclemap.reports.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import me.musclemap.reports.record.CapacityAnswer.Phase;
import me.musclemap.reports.record.CapacityAnswer.PhaseOfStack;
import me.musclemap.reports.record.Quantiles;
import me.musclemap.reports.words.Figures;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYPolygonAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Users in session that each phase carries, on each stack, beside what the plan claims of it. Horizontal axis: logarithm of users. */
final class PhasesChart {
    private static final double ROW = 1;

    private final Painter painter;
    private final String measuredStack;
    private final List<Phase> phases;

    PhasesChart(Painter painter, String measuredStack, List<Phase> phases) {
        this.painter = painter;
        this.measuredStack = measuredStack;
        this.phases = phases;
    }

    JFreeChart chart(Sheet sheet) {
        double low = phases.stream()
                .flatMapToDouble(phase -> phase.stacks().stream()
                        .map(PhaseOfStack::users)
                        .filter(users -> users != null)
                        .mapToDouble(Quantiles::p10))
                .min()
                .orElse(1000);
        double high = phases.stream()
                .mapToDouble(phase -> phase.claimedUsers().stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElse(phase.targetUsers()))
                .max()
                .orElse(1e6);
        low = Math.pow(10, Math.floor(Math.log10(Math.min(low, high / 100))));
        double span = Math.log10(high) - Math.log10(low);
        LabelledAxis users = new LabelledAxis(
                Scales.logarithmic(low, high * 1.2, sheet.isNarrow() ? PhasesChart::brief : Figures::plain),
                Math.log10(low),
                Math.log10(high) + span * (sheet.isNarrow() ? 0.12 : 0.06));
        users.setLabel("Users in session, logarithmic");
        double rows = phases.stream().mapToDouble(phase -> height(phase)).sum();
        LabelledAxis row = new LabelledAxis(List.of(), -rows, 0);
        XYPlot plot = new XYPlot(new XYSeriesCollection(), users, row, null);
        JFreeChart chart = painter.chart(plot, "Grey: what the plan claims of the phase", sheet);
        plot.setDomainGridlinesVisible(true);
        plot.setDomainGridlinePaint(Palette.GRID);
        plot.setDomainGridlineStroke(new BasicStroke(0.8f));
        XYSeries dots = new XYSeries("measured stack", false, true);
        XYSeries others = new XYSeries("other stacks", false, true);
        XYLineAndShapeRenderer renderer = dotsOf();
        double at = 0;
        for (Phase phase : phases) {
            claim(renderer, phase, at);
            draw(plot, phase, at, Math.log10(low), dots, others, sheet);
            at -= height(phase);
        }
        XYSeriesCollection all = new XYSeriesCollection(dots);
        all.addSeries(others);
        plot.setDataset(all);
        plot.setRenderer(renderer);
        return chart;
    }

    private static double height(Phase phase) {
        return ROW * (1.25 + phase.stacks().size());
    }

    private static String brief(double users) {
        return users >= 1e6
                ? Figures.plain(users / 1e6) + "M"
                : users >= 1e3 ? Figures.plain(users / 1e3) + "k" : Figures.plain(users);
    }

    /** Below the dots, so not an annotation of the plot. */
    private static void claim(XYLineAndShapeRenderer renderer, Phase phase, double top) {
        double bottom = top - height(phase) + 0.3;
        double from = Math.log10(phase.claimedUsers().get(0));
        double to = Math.log10(phase.claimedUsers().get(1));
        if (to - from < 0.01) {
            from -= 0.008;
            to += 0.008;
        }
        double[] claim = {from, top - 0.3, to, top - 0.3, to, bottom, from, bottom};
        renderer.addAnnotation(new XYPolygonAnnotation(claim, null, null, Palette.CLAIM), Layer.BACKGROUND);
    }

    private void draw(XYPlot plot, Phase phase, double top, double left, XYSeries dots, XYSeries others, Sheet sheet) {
        plot.addAnnotation(painter.label(
                " " + phase.name(), left, top - 0.62, TextAnchor.CENTER_LEFT, Palette.INK, painter.bold(sheet)));
        double at = top - 1.45;
        for (PhaseOfStack stack : phase.stacks()) {
            boolean measured = stack.stack().equals(measuredStack);
            Color color = measured ? Palette.BLUE : Palette.ORANGE;
            Quantiles users = stack.users();
            if (users == null) {
                plot.addAnnotation(label(
                        " " + (sheet.isNarrow() ? stack.label() : stack.stack() + ", " + stack.label())
                                + ": no number, too far from what was measured",
                        left,
                        at,
                        color,
                        sheet));
            } else {
                plot.addAnnotation(new XYLineAnnotation(
                        Math.log10(users.p10()), at, Math.log10(users.p90()), at, new BasicStroke(2.4f), color));
                (measured ? dots : others).add(Math.log10(users.p50()), at);
                boolean leftHalf = !sheet.isNarrow() || Math.log10(users.p90()) < left + 2;
                String text = sheet.isNarrow()
                        ? brief(users.p50()) + " " + stack.label()
                        : Figures.withRange(users) + "  " + stack.stack() + ", " + stack.label();
                plot.addAnnotation(painter.label(
                        leftHalf ? "  " + text : text + "  ",
                        Math.log10(leftHalf ? users.p90() : users.p10()),
                        at,
                        leftHalf ? TextAnchor.CENTER_LEFT : TextAnchor.CENTER_RIGHT,
                        color,
                        painter.regular(sheet)));
            }
            at -= ROW;
        }
    }

    private XYTextAnnotation label(String text, double x, double y, Color color, Sheet sheet) {
        return painter.label(text, x, y, TextAnchor.CENTER_LEFT, color, painter.regular(sheet));
    }

    private static XYLineAndShapeRenderer dotsOf() {
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
