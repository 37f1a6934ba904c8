package me.musclemap.rum.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import me.musclemap.rum.http.Query;
import org.junit.jupiter.api.Test;

class BrowserScriptTest {
    private final BrowserScript script = BrowserScript.load();

    @Test
    void bothFormsAreSmallEnough() {
        assertThat(BrowserFiles.gzip(script.module().getBytes(StandardCharsets.UTF_8)))
                .hasSizeLessThanOrEqualTo(7680);
        assertThat(BrowserFiles.gzip(script.plain().getBytes(StandardCharsets.UTF_8)))
                .hasSizeLessThanOrEqualTo(7680);
    }

    @Test
    void theLibraryIsTheOneItsNoticeNames() throws Exception {
        byte[] library = BrowserScript.bytes("vendor/web-vitals-6.2.3.attribution.iife.js");
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library));
        Path vendor = Path.of(System.getProperty("repo.root")).resolve("rum-collector/src/main/browser/vendor");

        assertThat(Files.readString(vendor.resolve("README.md"))).contains(hash);
        assertThat(Files.readString(vendor.resolve("LICENSE"))).contains("Apache License");
        assertThat(script.plain()).contains("web-vitals 6.2.3, (c) Google LLC, Apache-2.0");
    }

    @Test
    void theHashIsThatOfTheBytesThatAreServed() throws Exception {
        var pages = BrowserFiles.load().pages();
        byte[] served = page(pages, "/rum/headroom-rum.js");
        String hash = java.util.Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-384").digest(served));

        assertThat(new String(page(pages, "/rum/integrity.json"), StandardCharsets.UTF_8))
                .contains("\"headroom-rum.js\":\"sha384-" + hash + "\"");
        assertThat(BrowserScript.load()).isEqualTo(script);
    }

    private static byte[] page(java.util.Map<String, me.musclemap.rum.http.Pages> pages, String path) {
        return java.util.Objects.requireNonNull(pages.get(path))
                .answer(new Query(path, java.util.Map.of(), "", false))
                .body();
    }
}
