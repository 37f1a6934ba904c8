package me.musclemap.load.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A load generator of others that sends the next request when the answer to the last one is there. */
enum ClosedTool {
    wrk(Pattern.compile("^\\s*(50|99)(?:\\.0+)?%\\s+([0-9.]+)(us|ms|s|m)\\s*$")) {
        @Override
        List<String> command(Path program, String url, int connections, int seconds, Optional<Double> perSecond) {
            return List.of(program.toString(), "-t1", "-c" + connections, "-d" + seconds + "s", "--latency", url);
        }
    },
    hey(Pattern.compile("^\\s*(50|99)%+ in ([0-9.]+) (sec)s\\s*$")) {
        @Override
        List<String> command(Path program, String url, int connections, int seconds, Optional<Double> perSecond) {
            var command = new ArrayList<>(List.of(
                    program.toString(), "-z", seconds + "s", "-c", Integer.toString(connections), "-cpus", "1"));
            perSecond.ifPresent(
                    rate -> command.addAll(List.of("-q", String.format(Locale.ROOT, "%.3f", rate / connections))));
            command.add(url);
            return command;
        }
    };

    private final Pattern percentile;

    ClosedTool(Pattern percentile) {
        this.percentile = percentile;
    }

    /** The command line; {@code perSecond} is kept by those tools that can. */
    abstract List<String> command(Path program, String url, int connections, int seconds, Optional<Double> perSecond);

    /** A percentile in seconds from what it printed, 50 or 99; empty when it printed none. */
    Optional<Double> seconds(List<String> printed, int which) {
        for (var line : printed) {
            var found = percentile.matcher(line);
            if (found.matches() && Integer.parseInt(found.group(1)) == which) {
                double factor = switch (found.group(3)) {
                    case "us" -> 1e-6;
                    case "ms" -> 1e-3;
                    case "m" -> 60;
                    default -> 1;
                };
                return Optional.of(Double.parseDouble(found.group(2)) * factor);
            }
        }
        return Optional.empty();
    }

    /** Why its row is left out. */
    String missing() {
        return name() + " is not on PATH (Debian: apt-get install " + name() + ")";
    }
}
