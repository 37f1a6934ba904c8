package me.musclemap.reports.charts;

import java.awt.Color;
import java.awt.Stroke;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import me.musclemap.reports.record.CapacityAnswer.CurvePoint;
import me.musclemap.reports.record.Interval;
import me.musclemap.reports.record.Quantiles;
import me.musclemap.reports.words.Figures;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;

/** p95 and p99 against load: the model as lines with bands, dashed where extrapolated; the windows as points. Vertical axis: logarithm of seconds. */
final class LatencyChart {
    private static final double CEILING_SECONDS = 4;

    private final Painter painter;
    private final List<CurvePoint> curve;
    private final List<MeasuredPoint> points;
    private final Quantiles policy;
    private final Quantiles knee;
    private final OptionalDouble objectiveSeconds;

    LatencyChart(
            Painter painter,
            List<CurvePoint> curve,
            List<MeasuredPoint> points,
            Quantiles policy,
            Quantiles knee,
            OptionalDouble objectiveSeconds) {
        this.painter = painter;
        this.curve = curve.stream()
                .filter(point -> point.p95Seconds() != null && point.p99Seconds() != null)
                .toList();
        this.points = points;
        this.policy = policy;
        this.knee = knee;
        this.objectiveSeconds = objectiveSeconds;
    }

    JFreeChart chart(Sheet sheet) {
        double right = right();
        double low = lowest() / 1.6;
        double high = highest() * 1.7;
        LabelledAxis rate = new LabelledAxis(
                Scales.linear(right, sheet.isNarrow() ? 4 : 8, Figures::chosen),
                0,
                right * (sheet.isNarrow() ? 1.14 : 1.06));
        rate.setLabel(
                sheet.isNarrow() ? "GraphQL and REST requests/s" : "GraphQL and REST requests per second, offered");
        LabelledAxis latency = new LabelledAxis(
                Scales.logarithmic(low, high, Figures::chosenSeconds), Math.log10(low), Math.log10(high));
        XYPlot plot = new XYPlot(null, rate, latency, null);
        JFreeChart chart = painter.chart(
                plot,
                sheet.isNarrow() ? "Latency from intended start (log)" : "Latency from the intended start, logarithmic",
                sheet);
        mark(
                plot,
                policy,
                "policy " + Figures.range(policy),
                Palette.GREEN,
                low * (sheet.isNarrow() ? 1.7 : 1.05),
                sheet);
        mark(plot, knee, "objective " + Figures.range(knee), Palette.MUTED, low * 1.05, sheet);
        objective(plot, right, sheet);
        quantile(plot, 0, CurvePoint::p95Seconds, MeasuredPoint::p95Seconds, Palette.BLUE);
        quantile(plot, 1, CurvePoint::p99Seconds, MeasuredPoint::p99Seconds, Palette.ORANGE);
        names(plot, low, high, sheet);
        return chart;
    }

    private double right() {
        double measured = points.stream()
                .mapToDouble(MeasuredPoint::requestsPerSecond)
                .max()
                .orElse(0);
        double drawn =
                curve.stream().mapToDouble(CurvePoint::requestsPerSecond).max().orElse(0);
        return Math.max(Math.max(measured, drawn), knee.p90());
    }

    private double lowest() {
        double drawn = curve.stream()
                .mapToDouble(point -> low(point.p95Seconds()))
                .min()
                .orElse(0.001);
        double measured = points.stream()
                .mapToDouble(MeasuredPoint::p95Seconds)
                .filter(seconds -> seconds > 0)
                .min()
                .orElse(drawn);
        return Math.min(drawn, measured);
    }

    private static double low(@Nullable Interval interval) {
        return interval == null ? CEILING_SECONDS : interval.low();
    }

    private static double high(@Nullable Interval interval) {
        return interval == null ? 0 : interval.high();
    }

    private double highest() {
        double drawn = curve.stream()
                .mapToDouble(point -> high(point.p99Seconds()))
                .max()
                .orElse(0.01);
        double measured =
                points.stream().mapToDouble(MeasuredPoint::p99Seconds).max().orElse(0.01);
        return Math.max(objectiveSeconds.orElse(0), Math.min(CEILING_SECONDS, Math.max(drawn, measured)));
    }

    private void mark(XYPlot plot, Quantiles rate, String text, Color color, double atSeconds, Sheet sheet) {
        IntervalMarker band = new IntervalMarker(rate.p10(), rate.p90(), Palette.faded(color, 36));
        band.setOutlinePaint(null);
        plot.addDomainMarker(band, Layer.BACKGROUND);
        ValueMarker middle = new ValueMarker(rate.p50(), color, Painter.line());
        middle.setStroke(new java.awt.BasicStroke(1.2f));
        plot.addDomainMarker(middle, Layer.BACKGROUND);
        boolean right = rate.p10() < 0.3 * right();
        plot.addAnnotation(painter.label(
                right ? Painter.SPACE + text : text + Painter.SPACE,
                right ? rate.p90() : rate.p10(),
                Math.log10(atSeconds * 1.25),
                right ? TextAnchor.CENTER_LEFT : TextAnchor.CENTER_RIGHT,
                color,
                painter.regular(sheet)));
    }

    private void objective(XYPlot plot, double right, Sheet sheet) {
        if (objectiveSeconds.isEmpty()) {
            return;
        }
        double at = Math.log10(objectiveSeconds.getAsDouble());
        plot.addRangeMarker(new ValueMarker(at, Palette.INK, Painter.dashed(1.2f)), Layer.FOREGROUND);
        plot.addAnnotation(painter.label(
                "objective: p99 at most " + Figures.chosenSeconds(objectiveSeconds.getAsDouble()),
                right * 0.01,
                at + 0.025,
                TextAnchor.BOTTOM_LEFT,
                Palette.INK,
                painter.regular(sheet)));
    }

    private void quantile(
            XYPlot plot,
            int number,
            Function<CurvePoint, @Nullable Interval> predicted,
            ToDoubleFunction<MeasuredPoint> measured,
            Color color) {
        YIntervalSeriesCollection lines = new YIntervalSeriesCollection();
        lines.addSeries(line("within", predicted, false));
        lines.addSeries(line("beyond", predicted, true));
        DeviationRenderer renderer = new DeviationRenderer(true, false);
        renderer.setAlpha(0.16f);
        Stroke[] strokes = {Painter.line(), Painter.dashed(2f)};
        for (int series = 0; series < strokes.length; series++) {
            renderer.setSeriesStroke(series, strokes[series]);
            renderer.setSeriesPaint(series, color);
            renderer.setSeriesFillPaint(series, color);
        }
        plot.setDataset(2 * number, lines);
        plot.setRenderer(2 * number, renderer);
        plot.setDataset(2 * number + 1, dots(measured));
        plot.setRenderer(2 * number + 1, hollowAndFilled(color));
    }

    private YIntervalSeries line(
            String name, Function<CurvePoint, @Nullable Interval> predicted, boolean extrapolated) {
        YIntervalSeries line = new YIntervalSeries(name);
        for (int i = 0; i < curve.size(); i++) {
            CurvePoint point = curve.get(i);
            boolean joins =
                    extrapolated && i + 1 < curve.size() && curve.get(i + 1).extrapolated();
            Interval interval = predicted.apply(point);
            if (interval != null && (point.extrapolated() == extrapolated || joins)) {
                line.add(
                        point.requestsPerSecond(),
                        Math.log10(interval.mid()),
                        Math.log10(interval.low()),
                        Math.log10(interval.high()));
            }
        }
        return line;
    }

    private XYSeriesCollection dots(ToDoubleFunction<MeasuredPoint> measured) {
        XYSeriesCollection dots = new XYSeriesCollection();
        for (boolean heldOut : new boolean[] {false, true}) {
            XYSeries series = new XYSeries(heldOut ? "held out" : "fitted", false, true);
            points.stream()
                    .filter(point -> point.heldOut() == heldOut && measured.applyAsDouble(point) > 0)
                    .forEach(point -> series.add(point.requestsPerSecond(), Math.log10(measured.applyAsDouble(point))));
            dots.addSeries(series);
        }
        return dots;
    }

    /** The first series hollow (windows the model was fitted to), the second filled (windows it had not seen). */
    static XYLineAndShapeRenderer hollowAndFilled(Color color) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
        renderer.setUseFillPaint(true);
        renderer.setDrawOutlines(true);
        for (int series = 0; series < 2; series++) {
            renderer.setSeriesShape(series, Painter.dot(series == 0 ? 3.2 : 4));
            renderer.setSeriesPaint(series, color);
            renderer.setSeriesOutlinePaint(series, color);
            renderer.setSeriesFillPaint(series, series == 0 ? Palette.PAPER : color);
            renderer.setSeriesOutlineStroke(series, new java.awt.BasicStroke(1.3f));
        }
        renderer.setUseOutlinePaint(true);
        return renderer;
    }

    /** Names the lines at their ends, one above the other where they meet. */
    private void names(XYPlot plot, double low, double high, Sheet sheet) {
        if (curve.isEmpty()) {
            return;
        }
        CurvePoint end = curve.get(curve.size() - 1);
        double letters = (sheet.textSize() + 3) * Math.log10(high / low) / (sheet.height() - 80);
        double[] at = Scales.apart(
                new double[] {Math.log10(middle(end.p95Seconds())), Math.log10(middle(end.p99Seconds()))}, letters);
        String[] names = {"p95", "p99"};
        Color[] colors = {Palette.BLUE, Palette.ORANGE};
        for (int i = 0; i < names.length; i++) {
            plot.addAnnotation(painter.label(
                    Painter.SPACE + names[i],
                    end.requestsPerSecond(),
                    at[i],
                    TextAnchor.CENTER_LEFT,
                    colors[i],
                    painter.bold(sheet)));
        }
    }

    private static double middle(@Nullable Interval interval) {
        return interval == null ? CEILING_SECONDS : interval.mid();
    }
}
