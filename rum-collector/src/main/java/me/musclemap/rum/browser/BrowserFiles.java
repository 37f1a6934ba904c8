package me.musclemap.rum.browser;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import me.musclemap.rum.http.Pages;
import me.musclemap.rum.http.Reply;

/** What browsers load from the collector: the script, its hashes, and the page that shows what happens. Immutable. */
public final class BrowserFiles {
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String POLICY =
            "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; frame-ancestors 'self'";

    private final Map<String, Pages> pages = new TreeMap<>();

    private BrowserFiles() {
        BrowserScript script = BrowserScript.load();
        add("/rum/headroom-rum.mjs", SCRIPT, script.module());
        add("/rum/headroom-rum.js", SCRIPT, script.plain());
        add(
                "/rum/integrity.json",
                "application/json",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("headroom-rum.mjs", BrowserScript.integrity(script.module()))
                        .put("headroom-rum.js", BrowserScript.integrity(script.plain()))
                        .toString());
        add("/", "text/html; charset=utf-8", BrowserScript.text("view/index.html"));
        add("/view/view.css", "text/css; charset=utf-8", BrowserScript.text("view/view.css"));
        add("/view/view.mjs", SCRIPT, BrowserScript.text("view/view.mjs"));
    }

    /** From the program itself. */
    public static BrowserFiles load() {
        return new BrowserFiles();
    }

    private void add(String path, String contentType, String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        byte[] small = gzip(plain);
        var headers = new TreeMap<String, String>();
        headers.put("Cache-Control", "no-cache");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Vary", "Accept-Encoding");
        if (path.startsWith("/rum/")) {
            // A page of another origin may load it, and check its hash.
            headers.put("Access-Control-Allow-Origin", "*");
        } else {
            headers.put("Content-Security-Policy", POLICY);
        }
        var asItIs = new Reply(200, contentType, plain, headers);
        var packed = new TreeMap<>(headers);
        packed.put("Content-Encoding", "gzip");
        var compressed = new Reply(200, contentType, small, packed);
        pages.put(path, query -> query.acceptsGzip() ? compressed : asItIs);
    }

    static byte[] gzip(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes) {
            {
                def.setLevel(9);
            }
        }) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The files by path. */
    public Map<String, Pages> pages() {
        return Map.copyOf(pages);
    }
}
