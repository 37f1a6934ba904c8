package me.musclemap.api.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class TarXzTest {
    @TempDir
    private Path directory = Path.of("");

    private static byte[] archive(String name, String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new XZOutputStream(bytes, new LZMA2Options())) {
            byte[] header = new byte[512];
            put(header, 0, name);
            put(header, 100, "0000755");
            put(header, 124, "%011o".formatted(content.length()));
            header[156] = '0';
            put(header, 257, "ustar");
            out.write(header);
            out.write(java.util.Arrays.copyOf(content.getBytes(StandardCharsets.UTF_8), 512));
            out.write(new byte[1024]);
        }
        return bytes.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Test
    void aProgramComesOutExecutable() throws IOException {
        TarXz.unpack(new ByteArrayInputStream(archive("bin/tool", "#!/bin/sh")), directory);
        assertThat(directory.resolve("bin/tool")).hasContent("#!/bin/sh").isExecutable();
    }

    @Test
    void nothingIsWrittenOutsideOfTheDirectory() throws IOException {
        byte[] archive = archive("../escaped", "x");
        assertThatThrownBy(() -> TarXz.unpack(new ByteArrayInputStream(archive), directory))
                .hasMessageContaining("../escaped");
        assertThat(Files.exists(directory.resolveSibling("escaped"))).isFalse();
    }

    @Test
    void aCutOffArchiveSaysSo() throws IOException {
        byte[] archive = archive("bin/tool", "#!/bin/sh");
        byte[] cut = java.util.Arrays.copyOf(archive, archive.length / 2);
        assertThatThrownBy(() -> TarXz.unpack(new ByteArrayInputStream(cut), directory))
                .isInstanceOf(IOException.class);
    }
}
