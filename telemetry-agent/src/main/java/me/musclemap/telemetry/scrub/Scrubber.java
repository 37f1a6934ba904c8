package me.musclemap.telemetry.scrub;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import java.util.List;
import java.util.Set;
import me.musclemap.telemetry.meters.Meters;

/**
 * Takes personal data and secrets out of what leaves the process: attribute keys outside an allow list are dropped, and
 * what remains is cleaned by value patterns. Safe for use by many threads.
 */
public final class Scrubber {
    private static final Set<String> ALLOWED = Set.of(
            "http.request.method",
            "http.route",
            "http.response.status_code",
            "url.scheme",
            "network.protocol.version",
            "server.address",
            "server.port",
            "error.type",
            "graphql.operation.name",
            "graphql.operation.type",
            "graphql.outcome",
            "db.system.name",
            "db.operation.name",
            "db.collection.name",
            "db.query.summary",
            "db.query.text",
            "db.response.status_code",
            "cache.key_class",
            "cache.result",
            "exception.type",
            "exception.message",
            "exception.stacktrace",
            "rum.metric",
            "rum.route",
            // The mark that the Prometheus client puts on a span it linked.
            "exemplar");

    private final List<Rule> rules = Rule.all();
    private final Rule sqlLiteral = Rule.sqlLiteral();

    /** Counts what each rule took out. */
    public void bindTo(Meters meters) {
        for (Rule rule : rules) {
            meters.counted("telemetry_scrubbed_total", rule, Rule::hits, "rule", rule.name());
        }
        meters.counted("telemetry_scrubbed_total", sqlLiteral, Rule::hits, "rule", sqlLiteral.name());
    }

    /** The text with every secret and personal value replaced. */
    public String text(String text) {
        String clean = text;
        for (Rule rule : rules) {
            clean = rule.apply(clean);
        }
        return clean;
    }

    /** The statement with its literals replaced by {@code ?}, then cleaned like any text. */
    public String sql(String statement) {
        return text(sqlLiteral.apply(statement));
    }

    /** The allowed attributes, their text values cleaned. Lists of text are dropped: no allowed key holds one. */
    public Attributes attributes(Attributes attributes) {
        var clean = Attributes.builder();
        attributes.forEach((key, value) -> {
            if (!ALLOWED.contains(key.getKey())) {
                return;
            }
            if (key.getType() == AttributeType.STRING) {
                String text = (String) value;
                clean.put(key.getKey(), key.getKey().equals("db.query.text") ? sql(text) : text(text));
            } else if (key.getType() == AttributeType.LONG) {
                clean.put(AttributeKey.longKey(key.getKey()), (Long) value);
            } else if (key.getType() == AttributeType.BOOLEAN) {
                clean.put(AttributeKey.booleanKey(key.getKey()), (Boolean) value);
            }
        });
        return clean.build();
    }
}
