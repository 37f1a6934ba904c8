package me.musclemap.reports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A run record with its capacity answer, in a directory of the test's own. */
public final class ExampleRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path directory;

    private ExampleRun(Path directory) {
        this.directory = directory;
    }

    /** A copy of this room's own example in {@code directory}: fixed, so that the words made of it can be tested. */
    public static ExampleRun in(Path directory) throws IOException {
        ExampleRun example = new ExampleRun(directory);
        copy(Path.of(System.getProperty("repo.root"), "reports/src/test/resources/run"), directory);
        example.sign();
        return example;
    }

    /** What the rooms that own the contracts give as examples at present, put together. */
    public static ExampleRun ofTheContracts(Path directory) throws IOException {
        ExampleRun example = new ExampleRun(directory);
        copy(only("load-scenarios/contract/examples"), directory);
        Files.copy(
                only("capacity-model/contract/examples").resolve("capacity.json"), directory.resolve("capacity.json"));
        example.sign();
        return example;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    public Path directory() {
        return directory;
    }

    /** Changes run.json; the answer stays an answer to it. */
    public ExampleRun run(Consumer<ObjectNode> change) throws IOException {
        change("run.json", change);
        sign();
        return this;
    }

    /** Changes capacity.json. */
    public ExampleRun capacity(Consumer<ObjectNode> change) throws IOException {
        change("capacity.json", change);
        return this;
    }

    /** Takes the answer away. */
    public ExampleRun withoutCapacity() throws IOException {
        Files.delete(directory.resolve("capacity.json"));
        return this;
    }

    private void sign() throws IOException {
        byte[] run = Files.readAllBytes(directory.resolve("run.json"));
        JsonNode id = JSON.readTree(run).get("id");
        change(
                "capacity.json",
                capacity -> capacity.put("runSha256", sha256(run)).set("runId", id));
    }

    private void change(String name, Consumer<ObjectNode> change) throws IOException {
        Path file = directory.resolve(name);
        if (Files.exists(file)) {
            ObjectNode tree = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
            change.accept(tree);
            Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
        }
    }

    private static Path only(String examples) throws IOException {
        Path root = Path.of(System.getProperty("repo.root"), examples);
        try (Stream<Path> directories = Files.list(root)) {
            return directories.filter(Files::isDirectory).sorted().findFirst().orElseThrow();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
