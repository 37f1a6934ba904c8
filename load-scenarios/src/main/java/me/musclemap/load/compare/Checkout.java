package me.musclemap.load.compare;

import java.nio.file.Files;
import java.nio.file.Path;

/** A clone of this project, whose launcher drives a run of its own build. */
record Checkout(Path directory) {
    static boolean isOne(Path directory) {
        return Files.isExecutable(directory.resolve("headroom")) && !Files.exists(directory.resolve("run.json"));
    }

    static Checkout at(Path directory) {
        if (!isOne(directory)) {
            throw new CompareException(directory
                    + ": has no executable 'headroom': name a checkout, or leave --run out to compare recorded runs");
        }
        return new Checkout(directory.toAbsolutePath().normalize());
    }
}
