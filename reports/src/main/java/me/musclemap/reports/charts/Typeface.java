package me.musclemap.reports.charts;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The typeface that comes with the report. Java asks the system for its fonts before it opens any other, and dies where there are none;
 * so Java is given a font configuration that names only ours. That also makes every chart come out the same on every machine.
 */
public final class Typeface {
    /** The family that charts and pages name. */
    public static final String FAMILY = "Roboto";

    private static final String CONFIGURATION = "sun.awt.fontconfig";

    private final Font regular;
    private final Font bold;

    private Typeface(Font regular, Font bold) {
        this.regular = regular;
        this.bold = bold;
    }

    /**
     * Makes the typeface ready in this JVM, which must not have used a font yet, with its files kept in {@code directory} as long as the JVM lives.
     *
     * @return empty where this Java cannot draw text at all, as where libfreetype is missing
     */
    public static Optional<Typeface> load(Path directory) throws IOException {
        Path regular = copy("Roboto-Regular.ttf", directory);
        Path bold = copy("Roboto-Bold.ttf", directory);
        if (System.getProperty(CONFIGURATION) == null) {
            Path configuration = directory.resolve("fontconfig.properties");
            Files.writeString(configuration, configuration(regular));
            System.setProperty(CONFIGURATION, configuration.toString());
        }
        System.setProperty("java.awt.headless", "true");
        try {
            Font regularFont = Font.createFont(Font.TRUETYPE_FONT, regular.toFile());
            Font boldFont = Font.createFont(Font.TRUETYPE_FONT, bold.toFile());
            return Optional.of(new Typeface(regularFont, boldFont));
        } catch (FontFormatException e) {
            throw new IOException("the report's own typeface is damaged: build the room again", e);
        } catch (LinkageError | InternalError | RuntimeException e) {
            // Three ways to say that there is no font library or configuration: of a missing library, of Java 17, of
            // Java 25.
            return Optional.empty();
        }
    }

    /** The bytes of a file of the typeface, such as {@code Roboto-Regular.ttf}. */
    public static byte[] file(String name) throws IOException {
        try (InputStream in = Typeface.class.getResourceAsStream("/me/musclemap/reports/typeface/" + name)) {
            if (in == null) {
                throw new IOException(name + ": not in reports.jar; build the room again");
            }
            return in.readAllBytes();
        }
    }

    Font regular(float size) {
        return regular.deriveFont(size);
    }

    Font bold(float size) {
        // Named bold too, since that is how it gets into the SVG.
        return bold.deriveFont(Font.BOLD, size);
    }

    private static Path copy(String name, Path directory) throws IOException {
        return Files.write(directory.resolve(name), file(name));
    }

    private static String configuration(Path font) {
        StringBuilder text = new StringBuilder("version=1\nsequence.allfonts=default\n");
        for (String family : new String[] {"serif", "sansserif", "monospaced", "dialog", "dialoginput"}) {
            for (String style : new String[] {"plain", "bold", "italic", "bolditalic"}) {
                text.append(String.format(Locale.ROOT, "%s.%s.default=%s%n", family, style, FAMILY));
            }
        }
        return text.append("filename.")
                .append(FAMILY)
                .append('=')
                .append(font)
                .append('\n')
                .toString();
    }
}
