package me.musclemap.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Ends this program when whoever started it is gone: then its end of our standard input is closed. */
final class ExitWithParent {
    private ExitWithParent() {}

    static void watch(InputStream in) {
        watch(in, line -> {});
    }

    /** The same; each line that comes before the end is an order. */
    static void watch(InputStream in, Consumer<String> orders) {
        var thread = new Thread(
                () -> {
                    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                            orders.accept(line);
                        }
                    } catch (IOException e) {
                        // a broken pipe is an end as well
                    }
                    System.exit(0);
                },
                "exit-with-parent");
        thread.setDaemon(true);
        thread.start();
    }
}
