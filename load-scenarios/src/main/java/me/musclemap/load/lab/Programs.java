package me.musclemap.load.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import me.musclemap.load.cores.WorkProcess;

/** The command lines of the programs that the lab starts, each with its own explicit JVM flags. Immutable. */
final class Programs {
    /** How a Java process is sized: nothing is left to what the JVM makes of the cores it sees. */
    record Sizing(String collector, int heapMegabytes, List<String> more) {
        Sizing {
            more = List.copyOf(more);
        }

        List<String> options() {
            var options = new ArrayList<>(List.of(
                    "-XX:+Use" + collector + "GC",
                    "-Xms" + heapMegabytes + "m",
                    "-Xmx" + heapMegabytes + "m",
                    "-XX:ActiveProcessorCount=1",
                    "-XX:-UseDynamicNumberOfCompilerThreads",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Djava.awt.headless=true",
                    "-Duser.timezone=UTC"));
            options.addAll(more);
            return options;
        }
    }

    /** The API has one core, and the collector that the target's JVM picks by itself on two. */
    static final Sizing API = new Sizing("G1", 768, List.of());

    static final Sizing COLLECTOR = new Sizing("Serial", 160, List.of());
    static final Sizing AGENT = new Sizing("Serial", 64, List.of("-XX:TieredStopAtLevel=1"));
    static final Sizing GENERATOR = new Sizing("G1", 1024, List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"));

    /** A million users and their tokens. */
    static final Sizing MILLION = new Sizing("G1", 4096, List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"));

    /** One of the two processes that measure what a second core is worth. */
    static final Sizing CORE_WORK = new Sizing("Serial", 64, List.of());

    static final Sizing DATABASES = new Sizing("Serial", 384, List.of());
    static final Sizing ROOM = new Sizing("Serial", 768, List.of());

    private final Path home;
    private final Path java;
    private final Path javaHome;
    private final String generatorMain;

    Programs(LabConfig config, String generatorMain) {
        home = config.home();
        java = config.java();
        javaHome = config.javaHome();
        this.generatorMain = generatorMain;
    }

    /** A room's program. */
    List<String> room(String room, Sizing sizing, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.addAll(sizing.options());
        command.add("-jar");
        command.add(jar(room).toString());
        command.addAll(arguments);
        return command;
    }

    /** The generator, in a Java process of its own because Gatling keeps global state. */
    List<String> generator(Sizing sizing) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.addAll(sizing.options());
        command.add("-cp");
        command.add(jar("load-scenarios").toString());
        command.add(generatorMain);
        return command;
    }

    /** Work for one core, with a seed of its own. */
    List<String> coreWork(long seed) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.addAll(CORE_WORK.options());
        command.add("-cp");
        command.add(jar("load-scenarios").toString());
        command.add(WorkProcess.class.getName());
        command.add(Long.toString(seed));
        return command;
    }

    /** The built program of a room. */
    Path jar(String room) {
        var jar = home.resolve(room).resolve("target").resolve(room + ".jar");
        if (!Files.isRegularFile(jar)) {
            throw LabException.failed(jar + ": not built; start through ./headroom, which builds what is missing");
        }
        return jar;
    }

    /** The version of the JDK, as its release file says. */
    String javaVersion() {
        var release = new Properties();
        try (var in = Files.newBufferedReader(javaHome.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            // A JDK without a release file is rare and works all the same.
            return Runtime.version().toString();
        }
        return release.getProperty("JAVA_VERSION", "unknown").replace("\"", "");
    }
}
