package me.musclemap.load.scenario;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How a scenario ended: verdict.json beside the record. Immutable.
 *
 * @param met whether the objective was met; of a run that is not valid it says nothing
 * @param sentences the verdict in plain words, the most important first
 * @param figures what the words are made of; names carry units
 */
public record Verdict(String scenario, Slo slo, boolean met, List<String> sentences, ObjectNode figures) {
    /** The version of the file. */
    public static final int SCHEMA_VERSION = 1;

    public Verdict {
        sentences = List.copyOf(sentences);
    }

    /** The same with one more sentence, and its figures under this name. */
    Verdict with(String sentence, String name, ObjectNode more) {
        var all = new ArrayList<>(sentences);
        all.add(sentence);
        var together = figures.deepCopy();
        together.set(name, more);
        return new Verdict(scenario, slo, met, all, together);
    }

    /** The file. */
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("schemaVersion", SCHEMA_VERSION).put("scenario", scenario).put("slo", slo.toString());
        json.put("met", met);
        sentences.forEach(json.putArray("verdict")::add);
        json.set("figures", figures);
        return json;
    }
}
