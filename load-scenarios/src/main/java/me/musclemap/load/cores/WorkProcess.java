package me.musclemap.load.cores;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A process that works when it is told to: each line {@code {"millis":80,"first":0}} on stdin is answered with the CPU
 * nanoseconds of a unit of each kind. It ends when its stdin does.
 */
public final class WorkProcess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WorkProcess() {}

    /**
     * Works until stdin ends.
     *
     * @param arguments the seed of the data it works on
     * @throws IOException if stdin cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        var work = new Work(Long.parseLong(arguments[0]));
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(JSON.createObjectNode().put("ready", true));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            var asked = JSON.readTree(line);
            var answer = JSON.createObjectNode();
            var nanos = answer.putObject("nanos");
            work.slice(asked.path("millis").asInt(), asked.path("first").asInt())
                    .forEach((kind, each) -> nanos.put(kind.name(), each));
            System.out.println(answer.put("sum", work.sum()));
        }
    }
}
