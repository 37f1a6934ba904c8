package me.musclemap.telemetry.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A scraped page in the OpenMetrics or the Prometheus text format.
 *
 * <p>Source: OpenMetrics 1.0, section "Text format"; exemplars and timestamps are skipped.
 */
public final class Exposition {
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum", "_created", "_total", "_info");

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();

    private Exposition() {}

    /**
     * Reads a page.
     *
     * @throws IllegalArgumentException if a line is in neither format
     */
    public static Exposition parse(String text) {
        var page = new Exposition();
        text.lines().filter(line -> !line.isBlank()).forEach(page::read);
        return page;
    }

    /** Every sample in the page's order. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    Collection<ExposedFamily> families() {
        return families.values().stream().map(Family::exposed).toList();
    }

    private void read(String line) {
        if (line.startsWith("# TYPE ")) {
            String[] words = line.split(" ", -1);
            if (words.length != 4) {
                throw unreadable(line);
            }
            declare(words[2], words[3]);
        } else if (!line.startsWith("#")) {
            Sample sample = new Line(line).sample();
            samples.add(sample);
            family(sample.name()).add(sample);
        }
    }

    private void declare(String name, String type) {
        String word = type.equals("unknown") ? "untyped" : type;
        String key = word.equals("counter") && name.endsWith("_total") ? name.substring(0, name.length() - 6) : name;
        families.computeIfAbsent(key, k -> new Family(k, word));
    }

    private Family family(String sampleName) {
        Family exact = families.get(sampleName);
        if (exact != null) {
            return exact;
        }
        for (String suffix : SUFFIXES) {
            if (sampleName.endsWith(suffix)) {
                Family family = families.get(sampleName.substring(0, sampleName.length() - suffix.length()));
                if (family != null && family.takes(suffix)) {
                    return family;
                }
            }
        }
        return families.computeIfAbsent(sampleName, k -> new Family(k, "untyped"));
    }

    private static IllegalArgumentException unreadable(String line) {
        return new IllegalArgumentException("metrics page: this line is not in the text format: " + line);
    }

    /** A family while its samples are read. */
    private static final class Family {
        private final String name;
        private final String type;
        private final Set<String> labels = new TreeSet<>();
        private final Set<Map<String, String>> series = new HashSet<>();

        Family(String name, String type) {
            this.name = name;
            this.type = type;
        }

        boolean takes(String suffix) {
            return switch (suffix) {
                case "_bucket" -> type.equals("histogram");
                case "_count", "_sum" -> type.equals("histogram") || type.equals("summary");
                case "_total" -> type.equals("counter");
                case "_info" -> type.equals("info");
                default -> !type.equals("gauge");
            };
        }

        void add(Sample sample) {
            var own = new LinkedHashMap<>(sample.labels());
            own.remove("le");
            own.remove("quantile");
            labels.addAll(own.keySet());
            series.add(own);
        }

        ExposedFamily exposed() {
            return new ExposedFamily(type.equals("counter") ? name + "_total" : name, type, labels, series.size());
        }
    }

    /** A cursor over one sample line. */
    private static final class Line {
        private final String line;
        private int at;

        Line(String line) {
            this.line = line;
        }

        Sample sample() {
            while (at < line.length() && line.charAt(at) != '{' && line.charAt(at) != ' ') {
                at++;
            }
            String name = line.substring(0, at);
            Map<String, String> labels = at < line.length() && line.charAt(at) == '{' ? labels() : Map.of();
            Double value = value();
            if (name.isEmpty() || value == null) {
                throw unreadable(line);
            }
            return new Sample(name, labels, value);
        }

        private Map<String, String> labels() {
            var labels = new LinkedHashMap<String, String>();
            at++;
            while (at < line.length() && line.charAt(at) != '}') {
                int equals = line.indexOf("=\"", at);
                if (equals < 0) {
                    throw unreadable(line);
                }
                String key = line.substring(at, equals).strip();
                at = equals + 2;
                labels.put(key, quoted());
                if (at < line.length() && line.charAt(at) == ',') {
                    at++;
                }
            }
            at++;
            return labels;
        }

        private String quoted() {
            var text = new StringBuilder();
            while (at < line.length() && line.charAt(at) != '"') {
                char c = line.charAt(at++);
                if (c == '\\' && at < line.length()) {
                    char escaped = line.charAt(at++);
                    text.append(escaped == 'n' ? '\n' : escaped);
                } else {
                    text.append(c);
                }
            }
            if (at >= line.length()) {
                throw unreadable(line);
            }
            at++;
            return text.toString();
        }

        private @Nullable Double value() {
            if (at >= line.length()) {
                return null;
            }
            String rest = line.substring(at).strip();
            int end = rest.indexOf(' ');
            String word = end < 0 ? rest : rest.substring(0, end);
            try {
                return switch (word) {
                    case "+Inf" -> Double.POSITIVE_INFINITY;
                    case "-Inf" -> Double.NEGATIVE_INFINITY;
                    default -> Double.valueOf(word);
                };
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
