package me.musclemap.capacity.solve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import me.musclemap.capacity.forecast.HoltWinters;
import me.musclemap.capacity.forecast.HoltWinters.Season;
import me.musclemap.capacity.forecast.LogLinearGrowth;
import me.musclemap.capacity.forecast.LogisticGrowth;

/** Cases of growth: log-linear with a level of confidence, logistic without, seasonal with a period. */
final class GrowthCases {
    private static final double FORECAST_TIME = 20;

    private GrowthCases() {}

    static Answer solve(Inputs in) {
        if (in.has("series")) {
            return seasonal(in);
        }
        if (in.has("log_conc") || in.has("density")) {
            return concentration(in);
        }
        String model = in.text("model", in.has("level") || in.has("forecast_t") ? "loglinear" : "logistic")
                .toLowerCase(Locale.ROOT);
        return model.contains("logis") ? logistic(in) : logLinear(in);
    }

    private static double[] values(Inputs in, String key, int wanted) {
        double[] values = in.numbers(key);
        Inputs.requireLength(key, values.length, wanted);
        return values;
    }

    private static Answer logLinear(Inputs in) {
        double[] t = in.numbers("t");
        double[] y = values(in, "y", t.length);
        double level = in.innerShare("level", 0.9);
        LogLinearGrowth growth = LogLinearGrowth.of(t, y);
        Answer answer = new Answer()
                .put("intercept", growth.intercept())
                .put("slope", growth.slope())
                .put("se_slope", growth.slopeError())
                .put("p_value", growth.slopePValue())
                .put("sigma", growth.sigma());
        if (in.has("forecast_t")) {
            double[] times = in.numbers("forecast_t");
            boolean asList = in.isList("forecast_t");
            answer.putAs(
                            asList,
                            "forecast",
                            Arrays.stream(times).map(growth::forecast).toArray())
                    .putAs(asList, "pred_lower", bounds(growth, times, level, false))
                    .putAs(asList, "pred_upper", bounds(growth, times, level, true));
        }
        return in.has("capacity") ? exhaustion(answer, growth, in.positive("capacity"), level) : answer;
    }

    private static double[] bounds(LogLinearGrowth growth, double[] times, double level, boolean upper) {
        return Arrays.stream(times)
                .map(t -> growth.predictionBound(t, level, upper))
                .toArray();
    }

    private static Answer exhaustion(Answer answer, LogLinearGrowth growth, double capacity, double level) {
        answer.putOrNull("exhaustion", growth.exhaustion(capacity));
        if (growth.supportsDate()) {
            answer.put("exhaustion_pred_interval", interval(growth, capacity, level, true))
                    .put("exhaustion_mean_interval", interval(growth, capacity, level, false));
        }
        return answer;
    }

    private static double[] interval(LogLinearGrowth growth, double capacity, double level, boolean single) {
        return new double[] {
            growth.earliest(capacity, level, single).orElse(Double.NaN),
            growth.latest(capacity, level, single).orElse(Double.NaN)
        };
    }

    private static Answer logistic(Inputs in) {
        double[] t = in.numbers("t");
        LogisticGrowth growth = LogisticGrowth.of(t, values(in, "y", t.length));
        Answer answer = new Answer()
                .put("K", growth.ceiling())
                .put("t0", growth.midpoint())
                .put("s", growth.scale())
                .put("se_K", growth.ceilingError())
                .put("se_t0", growth.midpointError())
                .put("se_s", growth.scaleError())
                .put("forecast_t20", growth.forecast(FORECAST_TIME));
        return in.has("capacity") ? answer.putOrNull("exhaustion", growth.exhaustion(in.positive("capacity"))) : answer;
    }

    private static Answer concentration(Inputs in) {
        double[] t = in.numbers("log_conc");
        LogisticGrowth growth = LogisticGrowth.of(t, values(in, "density", t.length));
        return new Answer()
                .put("Asym", growth.ceiling())
                .put("xmid", growth.midpoint())
                .put("scal", growth.scale())
                .put("se", new double[] {growth.ceilingError(), growth.midpointError(), growth.scaleError()});
    }

    private static Answer seasonal(Inputs in) {
        Season season = season(in);
        int period = in.count("period", 1, 1_000_000, 1);
        boolean trend = !isFalse(in, "beta");
        JsonNode start = in.node("start");
        int startPeriods = start.isIntegralNumber() ? start.intValue() : in.count("start_periods", 2, 1000, 2);
        HoltWinters.Settings settings = new HoltWinters.Settings(
                period,
                season,
                trend,
                given(in, "alpha"),
                given(in, "beta"),
                given(in, "gamma"),
                startPeriods,
                start(start));
        HoltWinters fit = HoltWinters.fit(in.numbers("series"), settings);
        int horizon = in.count("horizon", 1, 100_000, period);
        Answer answer = new Answer()
                .put("alpha", fit.alpha())
                .put("a", fit.level())
                .put("sse", fit.squaredError())
                .put(
                        "forecast",
                        IntStream.rangeClosed(1, horizon)
                                .mapToDouble(fit::forecast)
                                .toArray());
        if (trend) {
            answer.put("beta", fit.beta()).put("b", fit.trend());
        }
        return season == Season.NONE ? answer : answer.put("gamma", fit.gamma()).put("s", fit.season());
    }

    private static Season season(Inputs in) {
        boolean none = isFalse(in, "gamma") || isFalse(in, "seasonal");
        String text = none
                ? "none"
                : in.text("seasonal", in.has("period") ? "additive" : "none").toLowerCase(Locale.ROOT);
        if (text.equals("none")) {
            return Season.NONE;
        }
        if (text.startsWith("add")) {
            return Season.ADDITIVE;
        }
        if (text.startsWith("mul")) {
            return Season.MULTIPLICATIVE;
        }
        throw new InvalidInputException("seasonal", "'" + text + "' is not known: give additive or multiplicative");
    }

    private static boolean isFalse(Inputs in, String key) {
        return in.node(key).isBoolean() && !in.node(key).booleanValue();
    }

    private static OptionalDouble given(Inputs in, String key) {
        return in.has(key) && !in.node(key).isBoolean() ? OptionalDouble.of(in.share(key)) : OptionalDouble.empty();
    }

    /** Start values by any of the names they go by, or in the order level, trend, season; what is not given is derived. */
    private static HoltWinters.Start start(JsonNode node) {
        if (node.isArray()) {
            double[] values = new Inputs(JsonNodeFactory.instance.objectNode().set("start", node)).numbers("start");
            return new HoltWinters.Start(
                    values.length > 0 ? OptionalDouble.of(values[0]) : OptionalDouble.empty(),
                    values.length > 1 ? OptionalDouble.of(values[1]) : OptionalDouble.empty(),
                    Arrays.stream(values).skip(2).boxed().toList());
        }
        if (!node.isObject()) {
            return HoltWinters.Start.DERIVED;
        }
        List<Double> season = new ArrayList<>();
        Inputs in = new Inputs(node);
        for (String key : List.of("s", "s_start", "s.start", "s0", "season", "seasonal")) {
            if (in.has(key)) {
                Arrays.stream(in.numbers(key)).forEach(season::add);
                break;
            }
        }
        return new HoltWinters.Start(
                first(in, "a", "l", "l_start", "l.start", "a0", "l0", "level"),
                first(in, "b", "b_start", "b.start", "b0", "trend"),
                season);
    }

    private static OptionalDouble first(Inputs in, String... keys) {
        return Arrays.stream(keys).filter(in::has).mapToDouble(in::number).findFirst();
    }
}
