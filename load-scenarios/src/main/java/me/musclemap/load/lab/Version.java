package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import me.musclemap.load.record.RunRecord;

/** Which Headroom this is: its version and the commit of the clone. */
public final class Version {
    private Version() {}

    /** The version of this build, {@code development} outside a jar. */
    public static String number() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** The version and the commit of this clone. */
    public static RunRecord.Headroom of(Path home) {
        var commit = git(home, "rev-parse", "--short=12", "HEAD");
        if (commit.isBlank()) {
            return new RunRecord.Headroom(number(), "unknown");
        }
        var changed =
                !git(home, "status", "--porcelain", "--untracked-files=no").isBlank();
        return new RunRecord.Headroom(number(), commit + (changed ? "+" : ""));
    }

    /** What git says, or nothing where there is no git or no checkout. */
    private static String git(Path home, String... arguments) {
        var command = new java.util.ArrayList<>(java.util.List.of("git", "-C", home.toString()));
        command.addAll(java.util.List.of(arguments));
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
