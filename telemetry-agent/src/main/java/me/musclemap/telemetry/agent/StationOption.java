package me.musclemap.telemetry.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import me.musclemap.telemetry.stations.Stations;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A station as the command line names it: {@code NAME=PID}, {@code NAME=pidfile:PATH} or {@code NAME=systemd:UNIT}.
 *
 * @param root what stands after the equals sign
 */
record StationOption(String name, String root) {
    static StationOption parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new IllegalArgumentException(
                    "station '" + text + "': write NAME=PID, NAME=pidfile:PATH or NAME=systemd:UNIT");
        }
        return new StationOption(text.substring(0, equals), text.substring(equals + 1));
    }

    /**
     * Adds the station.
     *
     * @throws IllegalArgumentException if there is no such process
     */
    void addTo(Stations stations) {
        if (root.startsWith("pidfile:")) {
            stations.add(name, () -> fromFile(Path.of(root.substring(8))));
        } else if (root.startsWith("systemd:")) {
            stations.add(name, () -> fromSystemd(root.substring(8)));
        } else if (root.matches("\\d{1,9}")) {
            stations.add(name, Long.parseLong(root));
        } else {
            throw new IllegalArgumentException(
                    "station " + name + "=" + root + ": write a process id, pidfile:PATH or systemd:UNIT");
        }
    }

    /** A service that is being restarted has no process for a while: that is told by the station's state. */
    private static OptionalLong fromFile(Path file) {
        try {
            return number(Files.readString(file).lines().findFirst().orElse(""));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong fromSystemd(String unit) {
        try {
            Process process = new ProcessBuilder("systemctl", "show", "--property=MainPID", "--value", unit)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return OptionalLong.empty();
            }
            return number(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    private static OptionalLong number(String text) {
        return text.strip().matches("[1-9]\\d{0,8}")
                ? OptionalLong.of(Long.parseLong(text.strip()))
                : OptionalLong.empty();
    }

    /** Reads it from the command line. */
    static final class Converter implements ITypeConverter<StationOption> {
        @Override
        public StationOption convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
