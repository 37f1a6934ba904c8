package me.musclemap.load.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import me.musclemap.load.lab.LabConfig;

/**
 * Where a bench runs. Immutable.
 *
 * @param targetCore the target's alone
 * @param generatorCore the generator's alone
 * @param directory of this bench, removed when it ends
 */
record Place(LabConfig config, int targetCore, int generatorCore, Path directory, PrintStream err) {
    Path java() {
        return config.java();
    }

    void say(String format, Object... values) {
        err.println(String.format(java.util.Locale.ROOT, format, values));
    }

    Target target(Optional<Path> sizes) {
        return Target.start(java(), targetCore, sizes, directory);
    }

    Ours ours(Ours.Settings settings) {
        return Ours.start(java(), generatorCore, settings, directory);
    }

    Plain plain(PlainPlan plan, int heapMegabytes) {
        return Plain.start(java(), generatorCore, plan, heapMegabytes, directory);
    }

    Program tool(String name, List<String> command) {
        return Program.start(name, generatorCore, command, directory.resolve(name + ".log"));
    }

    /** An installed program, where there is one. */
    Optional<Path> installed(String name) {
        return config.programs().stream()
                .map(directory -> directory.resolve(name))
                .filter(java.nio.file.Files::isExecutable)
                .findFirst();
    }
}
