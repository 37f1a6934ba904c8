package me.musclemap.capacity.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The example run record of the contract, and the answer to it. */
public final class ExampleRecord {
    public static final String ID = "20261122-120000-5eed";

    private static final Path ROOT = Path.of(System.getProperty("repo.root", ".."));

    private ExampleRecord() {}

    /** Copies the run record into a directory that exists. */
    public static void copyTo(Path directory) throws IOException {
        try (var files = Files.list(source())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(directory.resolve(file.getFileName().toString()), Files.readAllBytes(file));
            }
        }
    }

    /** Where the run record is. */
    public static Path source() {
        return ROOT.resolve("load-scenarios/contract/examples").resolve(ID);
    }

    /** Where the answer is. */
    public static Path answer() {
        return ROOT.resolve("capacity-model/contract/examples").resolve(ID);
    }

    /** Daily peaks, made up. */
    public static Path peaks() {
        return ROOT.resolve("capacity-model/contract/examples/peaks.csv");
    }

    /** The schema of the answer. */
    public static Path schema() {
        return ROOT.resolve("capacity-model/contract/capacity.schema.json");
    }
}
