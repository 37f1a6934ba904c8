package me.musclemap.rum;

import java.util.ArrayList;
import java.util.List;

/**
 * A request with values that name a person or open a door, in every place that a page or a header has. All of them hold
 * {@link #CANARY}, some look like any other word.
 *
 * @param headers names and values in turn
 */
record Planted(String body, List<String> headers) {
    static final String CANARY = "canary";

    private static final List<String> VALUES = List.of(
            "jane.canary@example.org",
            "eyJcanary0.eyJcanary1.canarysig",
            "user_c0ffeecanary",
            "canary-7f3a9b",
            "canary",
            "Canary",
            "janecanary",
            "canary-doe",
            "canarydoe42");
    /** Of each value: all but those that cannot be read. */
    private static final int KEPT_EACH = 6;

    Planted {
        headers = List.copyOf(headers);
    }

    /** How many of them are kept. */
    static int kept() {
        return KEPT_EACH * VALUES.size();
    }

    static List<Planted> all() {
        var all = new ArrayList<Planted>();
        for (String value : VALUES) {
            String url = "https://" + value + ":" + value + "@mm.example/users/" + value + "/a/" + value + "?token="
                    + value + "#" + value;
            all.add(phone(Beacons.webVitals("LCP", "100", value, "navigate", url)));
            all.add(phone(Beacons.webVitals(
                    "LCP", "100", "route-" + value, "navigate", "/" + value + "/community/" + value + "/" + value)));
            all.add(phone(Beacons.product("CLS", 10, value, "/friends/" + value + "/" + value + ".html", 1)));
            all.add(phone(Beacons.product("INP", 10, value, "/profile/canary/" + value + "?email=" + value, 1)));
            all.add(phone(
                    "{\"v\":1,\"s\":\"%s\",\"p\":\"%s\",\"u\":\"%s\",\"rel\":\"1.4.2-%s\",\"ect\":\"%s\",\"m\":[{\"n\":\"FCP\",\"v\":1,\"id\":\"%s\",\"nt\":\"%s\",\"a\":{\"target\":\"#%s\"}}],\"c\":[{\"n\":\"%s\",\"v\":1}]}"
                            .replace("%s", value)));
            all.add(new Planted(
                    Beacons.webVitals("TTFB", "1", "v6-" + value, value, ""),
                    List.of(
                            "User-Agent",
                            value,
                            "Referer",
                            url,
                            "Cookie",
                            "session=" + value,
                            "X-Forwarded-For",
                            value,
                            "CF-IPCountry",
                            value)));
            all.add(phone("{" + value));
        }
        return all;
    }

    private static Planted phone(String body) {
        return new Planted(body, List.of("User-Agent", Beacons.PHONE));
    }
}
