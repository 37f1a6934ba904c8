package me.musclemap.rum.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * The script that pages load, put together from our source and the library beside it: as an ES module and as a plain
 * script. The same sources give the same bytes, so that a page can name their hash. Immutable.
 *
 * @param module exports {@code init}, {@code measure} and {@code timed}
 * @param plain the same under the global name {@code HeadroomRum}
 */
public record BrowserScript(String module, String plain) {
    private static final String LIBRARY = "vendor/web-vitals-6.2.3.attribution.iife.js";
    private static final String NOTICE = "/* Headroom RUM. Contains web-vitals 6.2.3, (c) Google LLC, Apache-2.0. */\n";

    /** From the program itself. */
    public static BrowserScript load() {
        String library =
                text(LIBRARY).replaceFirst("(?m)^//# sourceMappingURL=.*$", "").strip();
        String own = bare(text("headroom-rum.js"));
        String all = library + "\n" + own;
        return new BrowserScript(
                NOTICE + all + "export{init,measure,timed};\n",
                NOTICE + "var HeadroomRum=(()=>{" + all + "return{init,measure,timed}})();\n");
    }

    /** Without lines of comment and indentation: the source has no text of more than one line. */
    private static String bare(String source) {
        var bare = new StringBuilder();
        for (String line : source.lines().toList()) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("//") && !text.startsWith("/**")) {
                bare.append(text).append('\n');
            }
        }
        return bare.toString();
    }

    /** What a page writes as {@code integrity}. Source: W3C Subresource Integrity. */
    public static String integrity(String script) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-384").digest(script.getBytes(StandardCharsets.UTF_8));
            return "sha384-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-384", e);
        }
    }

    static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String name) {
        try (InputStream in = BrowserScript.class.getResourceAsStream("/browser/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the program is not whole: " + name, e);
        }
    }
}
