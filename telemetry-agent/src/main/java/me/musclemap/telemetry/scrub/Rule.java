package me.musclemap.telemetry.scrub;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One pattern of values that must not leave the process, and what stands in their place. */
final class Rule {
    private final String name;
    private final Pattern pattern;
    private final Function<MatchResult, String> replacement;
    private final LongAdder hits = new LongAdder();

    private Rule(String name, String regex, Function<MatchResult, String> replacement) {
        this.name = name;
        this.pattern = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        this.replacement = replacement;
    }

    /** In the order they are applied: whole structures first, then the values that stand alone. */
    static List<Rule> all() {
        return List.of(
                new Rule(
                        "query_string", "(/[^\\s?\"'<>]*)\\?[^\\s\"'<>]*=[^\\s\"'<>]*", match -> match.group(1) + "?*"),
                new Rule(
                        "cookie",
                        "\\b((?:set-)?cookie)(\\s*[:=]\\s*)[^\\r\\n\"]+",
                        match -> match.group(1) + match.group(2) + "*"),
                new Rule("bearer", "\\b(bearer|basic)\\s+[a-z0-9._~+/=-]{8,}", match -> match.group(1) + " *"),
                new Rule("jwt", "\\beyJ[a-z0-9_-]{5,}\\.[a-z0-9_-]+(?:\\.[a-z0-9_-]*)?", match -> "*jwt*"),
                new Rule(
                        "secret",
                        "\\b((?:[a-z]+[_-]?)?(?:password|passwd|secret|token|api[_-]?key))([\"']?\\s*[=:]\\s*[\"']?)[^\\s\"',&;}*]+",
                        match -> match.group(1) + match.group(2) + "*"),
                new Rule(
                        "constraint_value",
                        "\\bkey \\(([^)]*)\\)=\\([^)]*\\)",
                        match -> "Key (" + match.group(1) + ")=(*)"),
                new Rule("email", "[a-z0-9._%+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)+", match -> "*email*"),
                new Rule(
                        "key_id",
                        "\\b(user|session|profile|account):[^\\s:,\"'\\])}]+",
                        match -> match.group(1) + ":*"),
                new Rule("row_id", "\\b(user|session)_[0-9a-f]{16,}\\b", match -> match.group(1) + "_*"),
                new Rule("card", "(?<![\\d.-])\\d(?:[ -]?\\d){12,18}(?![\\d.])", Rule::card),
                new Rule(
                        "ipv6",
                        "(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})?(?:::?[0-9a-f]{1,4})*(?![0-9a-f:])",
                        Rule::network6),
                new Rule("ipv4", "(?<![\\d.])(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}(?![\\d.])", Rule::network4));
    }

    static Rule sqlLiteral() {
        return new Rule("sql_literal", "'(?:[^']|'')*'|(?<![\\w$.])-?\\d+(?:\\.\\d+)?\\b", match -> "?");
    }

    String name() {
        return name;
    }

    double hits() {
        return hits.sum();
    }

    String apply(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return text;
        }
        return matcher.replaceAll(match -> {
            String clean = replacement.apply(match);
            if (!clean.equals(match.group())) {
                hits.increment();
            }
            return Matcher.quoteReplacement(clean);
        });
    }

    /** Long runs of digits are often times or counts: only those with a card's check digit are taken out. */
    private static String card(MatchResult match) {
        int sum = 0;
        boolean twice = false;
        String digits = match.group().replaceAll("\\D", "");
        for (int i = digits.length() - 1; i >= 0; i--) {
            int digit = digits.charAt(i) - '0';
            sum += twice ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
            twice = !twice;
        }
        return sum % 10 == 0 ? "*card*" : match.group();
    }

    /** The /24 network; this machine's own addresses name nobody. */
    private static String network4(MatchResult match) {
        String address = match.group();
        return address.startsWith("127.") || address.equals("0.0.0.0") ? address : match.group(1) + ".0";
    }

    /** The /48 network: the first three groups. Times such as 12:30:05 have no more than three groups and stay. */
    private static String network6(MatchResult match) {
        String address = match.group();
        String[] groups = address.split(":+", -1);
        if (groups.length < 4 && !address.contains("::")) {
            return address;
        }
        return String.join(":", List.of(groups).subList(0, Math.min(3, groups.length))) + "::";
    }
}
