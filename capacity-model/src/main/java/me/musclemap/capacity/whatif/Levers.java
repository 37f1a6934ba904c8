package me.musclemap.capacity.whatif;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import me.musclemap.capacity.plan.Phases;
import me.musclemap.capacity.uncertainty.Quantiles;

/**
 * What may be done to carry more users, ranked by what it gains; each alone, on the same draws as the plan as it stands.
 *
 * @param before users in session as planned
 * @param binding what gives out first as planned
 */
public record Levers(Quantiles before, String binding, List<Row> rows) {
    /** Copies the rows. */
    public Levers {
        rows = List.copyOf(rows);
    }

    /**
     * One lever.
     *
     * @param gained users in session
     * @param gainedRatio of those carried before, by the median
     * @param binding what gives out first then
     */
    public record Row(String name, String effort, Quantiles gained, double gainedRatio, String binding) {}

    /** Pulls each lever of the plan alone. */
    public static Levers of(Question question) {
        double[] before = question.users();
        Quantiles carried = Quantiles.of(before);
        var rows = new ArrayList<Row>();
        for (Phases.Lever lever : question.phases().levers()) {
            var settings = new LinkedHashMap<String, String>();
            lever.settings()
                    .forEach((path, value) ->
                            settings.put(path.replace("PHASE", question.phase().id()), value));
            Question pulled = question.with(settings);
            double[] gained = pulled.users();
            for (int d = 0; d < gained.length; d++) {
                gained[d] -= before[d];
            }
            Quantiles gain = Quantiles.of(gained);
            rows.add(new Row(lever.name(), lever.effort(), gain, gain.p50() / carried.p50(), pulled.binding()));
        }
        rows.sort(Comparator.comparingDouble((Row r) -> r.gained().p50()).reversed());
        return new Levers(carried, question.binding(), rows);
    }
}
