package me.musclemap.alerts.proofs;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import me.musclemap.alerts.Yaml;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.RunFacts;
import me.musclemap.alerts.rules.RuleBook;

/** The rule unit tests of a rule book: one file an alert, for {@code promtool test rules}. */
public final class RuleTests {
    private RuleTests() {}

    /** The files by name, which stand in a directory beside the rule file {@code ruleFile}. */
    public static SortedMap<String, String> files(
            RuleBook book, CapacityAnswer capacity, RunFacts run, String ruleFile) {
        var files = new TreeMap<String, String>();
        var proofs = Proofs.of(capacity, run);
        book.alerts().forEach(alert -> {
            var claims = proofs.get(alert.name());
            if (claims == null) {
                throw new IllegalStateException("alert " + alert.name() + " has no proof: write one in Proofs");
            }
            files.put(alert.name() + ".yml", file(alert.name(), claims, ruleFile));
        });
        return files;
    }

    private static String file(String alert, List<Proof> proofs, String ruleFile) {
        var root = Yaml.mapping();
        root.putArray("rule_files").add("../" + ruleFile);
        root.put("evaluation_interval", step(proofs) + "s");
        var tests = root.putArray("tests");
        for (var proof : proofs) {
            var test = tests.addObject();
            test.put("name", proof.claim());
            test.put("interval", proof.stepSeconds() + "s");
            var series = test.putArray("input_series");
            proof.input()
                    .forEach(input -> series.addObject()
                            .put("series", input.series())
                            .put("values", input.values(proof.stepSeconds())));
            var expected = test.putArray("promql_expr_test")
                    .addObject()
                    .put("expr", "group(ALERTS{alertname=\"" + alert + "\",alertstate=\"firing\"})")
                    .put("eval_time", proof.atMinutes() + "m")
                    .putArray("exp_samples");
            if (proof.fires()) {
                expected.addObject().put("labels", "{}").put("value", 1);
            }
        }
        return Yaml.text(
                "Rendered by 'headroom alerts render': shows when " + alert + " fires and when it does not.", root);
    }

    /** How often the rules are evaluated: as seldom as the longest proof of the file allows. */
    private static int step(List<Proof> proofs) {
        return proofs.stream().mapToInt(Proof::stepSeconds).max().orElse(Proof.SHORT_STEP_SECONDS);
    }
}
