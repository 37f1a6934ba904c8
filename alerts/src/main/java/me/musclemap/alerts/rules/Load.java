package me.musclemap.alerts.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What comes in, by class, and what it is worth in requests of the workload's mix. */
final class Load {
    static final String REQUESTS = "service:requests:rate5m";
    static final String EQUIVALENT = "service:requests_of_mix:rate5m";

    private Load() {}

    static List<Recording> recordings(Inputs inputs) {
        var all = new ArrayList<Recording>();
        all.add(Recording.of(REQUESTS, "sum(rate(" + Door.requests("5m") + "))"));
        var terms = new ArrayList<String>();
        for (var requestClass : inputs.run().classes()) {
            all.add(new Recording(
                    "class:requests:rate5m", Door.classRate(requestClass), Map.of("class", requestClass.name())));
            terms.add("%s * sum(class:requests:rate5m{class=\"%s\"})"
                    .formatted(Inputs.number(inputs.weights().of(requestClass.name())), requestClass.name()));
        }
        String headline = Inputs.anyOf(inputs.run().classes().stream()
                .filter(requestClass -> requestClass.headline())
                .map(requestClass -> requestClass.name())
                .toList());
        // What belongs to no class counts as a request of the mix: unknown work must not look free.
        terms.add("clamp_min(%s - sum(class:requests:rate5m{class=~\"%s\"}), 0)".formatted(REQUESTS, headline));
        all.add(Recording.of(EQUIVALENT, "(" + String.join("\n+ ", terms) + ")\nand on () " + REQUESTS));
        return all;
    }
}
