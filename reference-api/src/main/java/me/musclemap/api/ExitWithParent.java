package me.musclemap.api;

import java.io.IOException;
import java.io.InputStream;

/** Ends this program when whoever started it is gone: then its end of our standard input is closed. */
final class ExitWithParent {
    private ExitWithParent() {}

    static void watch(InputStream in) {
        var thread = new Thread(
                () -> {
                    try {
                        while (in.read() >= 0) {
                            // whatever is written here is ignored: only its end counts
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
