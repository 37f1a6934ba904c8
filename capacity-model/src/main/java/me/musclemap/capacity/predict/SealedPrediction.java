package me.musclemap.capacity.predict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import me.musclemap.capacity.fit.GeneratorCost;
import me.musclemap.capacity.measure.RunRecordReader;
import me.musclemap.capacity.measure.StrictNode;
import me.musclemap.capacity.uncertainty.Interval;

/**
 * A prediction as it is written before the windows that answer it: canonical JSON (sorted keys, no spaces), so that one hash
 * stands for it.
 *
 * @param rateMax headline requests per second up to which windows were fitted; empty without a probe
 * @param costs what it rests on; empty in a file that was sealed without
 */
public record SealedPrediction(
        String runId, int windows, OptionalDouble rateMax, List<Answer> answers, Optional<SealedCosts> costs) {
    private static final ObjectMapper CANONICAL =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    public SealedPrediction {
        answers = List.copyOf(answers);
    }

    /** A prediction that does not say what it rests on. */
    public SealedPrediction(String runId, int windows, OptionalDouble rateMax, List<Answer> answers) {
        this(runId, windows, rateMax, answers, Optional.empty());
    }

    /**
     * The figures of one condition.
     *
     * @param ratesPerSecond of the classes, in the order of the costs; empty in a file that was sealed without
     * @param stretch response quantity to how it answers to load; empty where not known
     */
    public record Answer(
            String name,
            int window,
            String mixName,
            double requestsPerSecond,
            List<Figure> figures,
            List<Double> ratesPerSecond,
            Map<String, ResponseModel.Stretch> stretch) {
        /** The condition that every sealed prediction carries: the workload's own mix, for its highest sustainable rate. */
        public static final String OWN_MIX = "own-mix";

        /** For a condition that no window of the run answers. */
        public static final int NO_WINDOW = -1;

        public Answer {
            figures = List.copyOf(figures);
            ratesPerSecond = List.copyOf(ratesPerSecond);
            stretch = Map.copyOf(stretch);
        }

        /** An answer that does not say which classes it assumed. */
        public Answer(String name, int window, String mixName, double requestsPerSecond, List<Figure> figures) {
            this(name, window, mixName, requestsPerSecond, figures, List.of(), Map.of());
        }

        /** Whether the load generator shares the cores and is one of the stations. */
        public boolean besideGenerator() {
            return figure(Figure.UTILISATION, Optional.of(GeneratorCost.STATION))
                    .isPresent();
        }

        /** The figure of a quantity, at a station or of the whole. */
        public Optional<Figure> figure(String quantity, Optional<String> station) {
            return figures.stream()
                    .filter(f -> f.quantity().equals(quantity) && f.station().equals(station))
                    .findFirst();
        }
    }

    /** The bytes that are hashed and written. */
    public byte[] canonicalBytes() {
        var root = new TreeMap<String, Object>();
        root.put("schemaVersion", 1);
        root.put("runId", runId);
        root.put("fittedWindows", windows);
        if (rateMax.isPresent()) {
            root.put("fittedUpToPerSecond", rateMax.getAsDouble());
        }
        costs.ifPresent(c -> root.put("costs", c.json()));
        root.put("sustainable", "cores at most 90 % busy, p99 at most 1 s");
        root.put("conditions", answers.stream().map(SealedPrediction::json).toList());
        try {
            return (CANONICAL.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and texts are always JSON", e);
        }
    }

    /** The hash of {@link #canonicalBytes()}. */
    public String sha256() {
        return RunRecordReader.sha256(canonicalBytes());
    }

    private static Map<String, Object> json(Answer answer) {
        var json = new TreeMap<String, Object>();
        json.put("name", answer.name());
        if (answer.window() != Answer.NO_WINDOW) {
            json.put("window", answer.window());
        }
        json.put("mixName", answer.mixName());
        json.put("requestsPerSecond", answer.requestsPerSecond());
        if (!answer.ratesPerSecond().isEmpty()) {
            json.put("ratesPerSecond", answer.ratesPerSecond());
        }
        if (!answer.stretch().isEmpty()) {
            var stretched = new TreeMap<String, Object>();
            answer.stretch()
                    .forEach((quantity, s) -> stretched.put(
                            quantity,
                            new TreeMap<>(Map.of(
                                    "referenceUtilisation", s.referenceUtilisation(),
                                    "slope", s.slope(),
                                    "share", s.share(),
                                    "cores", s.cores()))));
            json.put("responseStretch", stretched);
        }
        json.put(
                "figures", answer.figures().stream().map(SealedPrediction::json).toList());
        return json;
    }

    private static Map<String, Object> json(Figure figure) {
        var json = new TreeMap<String, Object>();
        json.put("quantity", figure.quantity());
        figure.station().ifPresent(station -> json.put("station", station));
        json.put(
                "predicted",
                new TreeMap<>(Map.of(
                        "low", figure.predicted().low(),
                        "mid", figure.predicted().mid(),
                        "high", figure.predicted().high(),
                        "confidence", figure.predicted().confidence())));
        figure.straightLine().ifPresent(value -> json.put("straightLine", value));
        figure.usl().ifPresent(value -> json.put("usl", value));
        return json;
    }

    /**
     * Reads a sealed prediction back.
     *
     * @throws me.musclemap.capacity.measure.MalformedInputException if it is not one
     */
    public static SealedPrediction read(String file, String text) {
        StrictNode root = StrictNode.parse(file, text);
        var answers = new ArrayList<Answer>();
        for (StrictNode node : root.list("conditions")) {
            answers.add(new Answer(
                    node.text("name"),
                    node.find("window").isPresent() ? node.count("window") : Answer.NO_WINDOW,
                    node.text("mixName"),
                    node.positive("requestsPerSecond"),
                    node.list("figures").stream().map(SealedPrediction::figure).toList(),
                    node.find("ratesPerSecond").stream()
                            .flatMap(rates -> rates.elements().stream())
                            .map(StrictNode::asNumber)
                            .toList(),
                    stretch(node)));
        }
        return new SealedPrediction(
                root.text("runId"),
                root.count("fittedWindows"),
                root.findNumber("fittedUpToPerSecond"),
                answers,
                root.find("costs").map(SealedCosts::read));
    }

    private static Map<String, ResponseModel.Stretch> stretch(StrictNode node) {
        var stretch = new TreeMap<String, ResponseModel.Stretch>();
        if (node.find("responseStretch").isPresent()) {
            node.members("responseStretch")
                    .forEach((quantity, s) -> stretch.put(
                            quantity,
                            new ResponseModel.Stretch(
                                    s.number("referenceUtilisation"),
                                    s.number("slope"),
                                    s.number("share"),
                                    s.positive("cores"))));
        }
        return stretch;
    }

    private static Figure figure(StrictNode node) {
        StrictNode predicted = node.at("predicted");
        double low = predicted.number("low");
        double mid = predicted.number("mid");
        double high = predicted.number("high");
        if (!(low <= mid && mid <= high)) {
            throw predicted.wrong("low, mid and high in rising order");
        }
        return new Figure(
                node.text("quantity"),
                node.findText("station"),
                new Interval(low, mid, high, predicted.number("confidence")),
                node.findNumber("straightLine"),
                node.findNumber("usl"));
    }
}
