package me.musclemap.alerts;

import java.util.SortedMap;
import java.util.TreeMap;
import me.musclemap.alerts.capacity.CapacityAnswer;
import me.musclemap.alerts.capacity.RunFacts;
import me.musclemap.alerts.proofs.RuleTests;
import me.musclemap.alerts.routes.Routes;
import me.musclemap.alerts.rules.RuleBook;
import me.musclemap.alerts.rules.Rules;
import me.musclemap.alerts.rules.RulesFile;
import me.musclemap.alerts.runbooks.RunbookPage;

/** Everything that is rendered from one capacity answer. */
record Rendering(RuleBook book, SortedMap<String, String> files) {
    static final String RULE_FILE = "headroom.rules.yml";
    static final String ROUTE_FILE = "alertmanager.yml";
    static final String RUNBOOKS = "runbooks";
    static final String TESTS = "tests";

    static Rendering of(CapacityAnswer capacity, RunFacts run, String runbookBase) {
        var book = Rules.of(capacity, run);
        var files = new TreeMap<String, String>();
        files.put(RULE_FILE, new RulesFile(runbookBase).text(book));
        files.put(ROUTE_FILE, Routes.text("Rendered by 'headroom alerts render'."));
        var page = new RunbookPage(capacity);
        book.alerts().forEach(alert -> files.put(RUNBOOKS + "/" + alert.name() + ".md", page.text(alert)));
        RuleTests.files(book, capacity, run, RULE_FILE).forEach((name, text) -> files.put(TESTS + "/" + name, text));
        return new Rendering(book, files);
    }
}
