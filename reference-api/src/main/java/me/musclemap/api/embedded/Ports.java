package me.musclemap.api.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import me.musclemap.api.Problem;

/** Free ports of the loopback address. */
final class Ports {
    private Ports() {}

    /** A port that was free a moment ago; somebody else may take it before we do, so callers try again. */
    static int free() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw Problem.failed("no free port on 127.0.0.1", e);
        }
    }
}
