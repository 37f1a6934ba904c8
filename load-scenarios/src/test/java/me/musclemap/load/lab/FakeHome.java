package me.musclemap.load.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A clone whose rooms are fakes, and the lab started in it as a process. */
final class FakeHome {
    private static final List<String> ROOMS = List.of(
            "reference-api",
            "rum-collector",
            "telemetry-agent",
            "load-scenarios",
            "capacity-model",
            "alerts",
            "dashboards",
            "reports");
    private static final Path REAL_ROOM = Path.of(System.getProperty("repo.root"), "load-scenarios");

    /** Work that costs the same whatever the other core does. */
    private static final String WORK = "public static void main(String[] args) throws Exception {"
            + " System.out.println(\"{\\\"ready\\\":true}\");"
            + " var in = new java.util.Scanner(System.in); while (in.hasNextLine()) { in.nextLine();"
            + " System.out.println(\"{\\\"nanos\\\":{\\\"hashing\\\":100,\\\"chasing\\\":40}}\"); } }";

    private final Path root;
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** Makes one below this directory. */
    FakeHome(Path root) throws IOException {
        this.root = root;
        for (var room : ROOMS) {
            jar(room);
        }
        copyWorkloads();
        environment.put("HEADROOM_HOME", home().toString());
        environment.put("HEADROOM_RUNS", runs().toString());
        environment.put("HEADROOM_CACHE", root.resolve("cache").toString());
        environment.put("HEADROOM_CORES_LOCK", root.resolve("cores.lock").toString());
        environment.put(
                "TMPDIR", Files.createDirectories(root.resolve("scratch dir")).toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
    }

    Path home() {
        return root.resolve("a clone");
    }

    Path runs() {
        return root.resolve("runs");
    }

    Path scratch() {
        return root.resolve("scratch dir");
    }

    Path labs() {
        return root.resolve("cache/labs");
    }

    Path coresLock() {
        return root.resolve("cores.lock");
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The one run there is. */
    Path onlyRun() throws IOException {
        try (var found = Files.list(runs())) {
            var all = found.toList();
            if (all.size() != 1) {
                throw new IllegalStateException("one run expected, there are " + all);
            }
            return all.get(0);
        }
    }

    /** A lab process and what it says. */
    record Lab(Process process, Path stdout, Path stderr) implements AutoCloseable {
        int await() throws InterruptedException {
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the lab does not end; it said: " + said());
            }
            return process.exitValue();
        }

        String said() {
            try {
                return Files.readString(stdout) + Files.readString(stderr);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits until the lab has said this. */
        void awaitSaid(String part) throws InterruptedException {
            for (int i = 0; i < 600 && !said().contains(part); i++) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the lab ended before it said '" + part + "': " + said());
                }
                Thread.sleep(100);
            }
            if (!said().contains(part)) {
                throw new IllegalStateException("the lab never said '" + part + "': " + said());
            }
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    /** Starts the lab with these arguments, after a shell prefix such as {@code ulimit -f 100;} or {@code taskset -c 0}. */
    Lab start(String prefix, String... arguments) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        // A shell starts background jobs with SIGINT ignored, and a JVM keeps that: CI may run this whole suite so.
        var command = Stream.concat(
                        Stream.of(
                                "env",
                                "--default-signal=INT",
                                java,
                                "-XX:+UseSerialGC",
                                "-Xmx128m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "me.musclemap.load.Main"),
                        Arrays.stream(arguments))
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        var stdout = Files.createTempFile(root, "lab", ".out");
        var stderr = Files.createTempFile(root, "lab", ".err");
        var shell = prefix.isEmpty() || prefix.endsWith(";")
                ? prefix + " exec " + command
                : "exec " + prefix + " " + command;
        var builder = new ProcessBuilder("sh", "-c", shell)
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        return new Lab(builder.start(), stdout, stderr);
    }

    /** Processes of this machine whose command line names this clone or its scratch directory. */
    List<Long> survivors() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(home().toString()))
                .map(ProcessHandle::pid)
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private void copyWorkloads() throws IOException {
        var to = Files.createDirectories(home().resolve("load-scenarios/workloads"));
        try (var files = Files.list(REAL_ROOM.resolve("workloads"))) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
    }

    private void jar(String room) throws IOException {
        var target = Files.createDirectories(home().resolve(room).resolve("target"));
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, FakeRoom.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .map(part -> Path.of(part).toUri().toString())
                        .collect(Collectors.joining(" ")));
        try (var jar = new JarOutputStream(Files.newOutputStream(target.resolve(room + ".jar")), manifest)) {
            if (room.equals("load-scenarios")) {
                jar.putNextEntry(new JarEntry("me/musclemap/load/drive/GeneratorMain.class"));
                jar.write(
                        shim(
                                "drive",
                                "GeneratorMain",
                                "public static void main(String[] args) throws Exception { me.musclemap.load.lab.FakeRoom.main(args); }"));
                jar.putNextEntry(new JarEntry("me/musclemap/load/cores/WorkProcess.class"));
                jar.write(shim("cores", "WorkProcess", WORK));
            }
        }
    }

    /** A class of a program's name that stands before the real one and is a fake. */
    private byte[] shim(String packageName, String name, String body) throws IOException {
        var source = Files.createDirectories(root.resolve("shim")).resolve(name + ".java");
        Files.writeString(
                source,
                "package me.musclemap.load." + packageName + "; public final class " + name + " { " + body + " }");
        var options = new ArrayList<>(List.of(
                "-d", root.resolve("shim").toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"));
        options.add(source.toString());
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, options.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException("the shim does not compile");
        }
        return Files.readAllBytes(root.resolve("shim/me/musclemap/load/" + packageName + "/" + name + ".class"));
    }
}
